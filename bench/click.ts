/** A click on an image that is ready: request in, first outline out, against one bare decoder run. */
import type { MessageConnection } from 'vscode-jsonrpc/node';
import { ProgressType } from 'vscode-jsonrpc/node';
import type { Point } from '../protocol/geometry.js';
import { imageUpload, maskPredict } from '../protocol/methods.js';
import { callMethod } from '../protocol/rpc.js';
import { loadBareModel } from './bare-model.js';
import { benchImage } from './images.js';
import { compare, percentile, round3 } from './measure.js';
import type { BenchContext } from './context.js';
import { startBenchSidecar } from './sidecar.js';

const RUNS = 40;
const WARM_UPS = 5;

export async function benchClick({ home }: BenchContext): Promise<object> {
  const { name, bytes } = await benchImage();
  const bare = await loadBareModel(bytes);
  const sidecar = await startBenchSidecar(home);
  const connection = await sidecar.connect();
  const { image } = await callMethod(connection, imageUpload, { bytes });
  // A grid of places, so that no answer is remembered from an earlier round.
  const place = (round: number): Point => [
    image.width * (0.1 + 0.8 * ((round * 0.618) % 1)),
    image.height * (0.1 + 0.8 * ((round * 0.414) % 1)),
  ];
  await clickAt(connection, image.id, place(1000));
  const wholeMs: number[] = [];
  const stages = { decodeMs: 0, traceMs: 0 };
  const result = await compare({
    runs: RUNS,
    warmUps: WARM_UPS,
    baselineName: 'one bare decoder run',
    baseline: (round) => bare.decode(place(round)),
    async candidate(round) {
      const click = await clickAt(connection, image.id, place(round));
      if (round >= WARM_UPS) {
        wholeMs.push(click.wholeMs);
        stages.decodeMs += click.timings.decodeMs / RUNS;
        stages.traceMs += click.timings.traceMs / RUNS;
      }
      return click.firstMs;
    },
  });
  connection.dispose();
  await sidecar.dispose();
  await bare.dispose();
  const whole = { p50Ms: round3(percentile(wholeMs, 0.5)), p95Ms: round3(percentile(wholeMs, 0.95)) };
  const ratio = round3(whole.p50Ms / result.baseline.p50Ms);
  return { image: name, device: 'cpu', ...result, withAlternatives: { ...whole, ratio }, meanStages: stages };
}

/** Milliseconds to the outline that is shown, and to the whole answer. */
async function clickAt(connection: MessageConnection, image: string, [x, y]: Point) {
  const progressToken = `${x} ${y}`;
  const started = performance.now();
  let firstMs = NaN;
  const listening = connection.onProgress(new ProgressType<unknown>(), progressToken, () => {
    firstMs = performance.now() - started;
  });
  const prompts = [{ type: 'point' as const, x, y, label: 'inside' as const }];
  const { timings } = await callMethod(connection, maskPredict, { image, prompts, progressToken });
  listening.dispose();
  return { firstMs, wholeMs: performance.now() - started, timings };
}
