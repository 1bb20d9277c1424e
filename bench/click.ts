/** A click on an image that is ready: request in, outlines out, against one bare decoder run. */
import { imageUpload, maskPredict } from '../protocol/methods.js';
import { callMethod } from '../protocol/rpc.js';
import { loadBareModel } from './bare-model.js';
import { benchImage } from './images.js';
import { compare, timed } from './measure.js';
import type { BenchContext } from './context.js';
import { startBenchSidecar } from './sidecar.js';

export async function benchClick({ home }: BenchContext): Promise<object> {
  const { name, bytes } = await benchImage();
  const bare = await loadBareModel(bytes);
  const sidecar = await startBenchSidecar(home);
  const connection = await sidecar.connect();
  const { image } = await callMethod(connection, imageUpload, { bytes });
  // A grid of places, so that no answer is remembered from an earlier round.
  const place = (round: number): [number, number] => [
    image.width * (0.1 + 0.8 * ((round * 0.618) % 1)),
    image.height * (0.1 + 0.8 * ((round * 0.414) % 1)),
  ];
  const click = (round: number) => {
    const [x, y] = place(round);
    const prompts = [{ type: 'point' as const, x, y, label: 'inside' as const }];
    return callMethod(connection, maskPredict, { image: image.id, prompts });
  };
  await click(1000);
  const stages = { decodeMs: 0, traceMs: 0 };
  const result = await compare({
    runs: 40,
    warmUps: 5,
    baselineName: 'one bare decoder run',
    baseline: (round) => bare.decode(place(round)),
    candidate: (round) =>
      timed(async () => {
        const { timings } = await click(round);
        stages.decodeMs += timings.decodeMs / 45;
        stages.traceMs += timings.traceMs / 45;
      }),
  });
  connection.dispose();
  await sidecar.dispose();
  await bare.dispose();
  return { image: name, device: 'cpu', ...result, meanStages: stages };
}
