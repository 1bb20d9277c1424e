/** From a file to its first outline: one never seen, and one seen before. */
import { imageOpen, imageUpload, maskPredict } from '../protocol/methods.js';
import { callMethod } from '../protocol/rpc.js';
import { hashImage } from '../sidecar/image-file.js';
import { loadBareModel } from './bare-model.js';
import { benchImage, variant } from './images.js';
import type { BenchContext } from './context.js';
import { compare, timed } from './measure.js';
import { startBenchSidecar } from './sidecar.js';

const RUNS = 9;
const WARM_UPS = 2;
const CENTRE = [{ type: 'point' as const, x: 900, y: 600, label: 'inside' as const }];

/** Upload, read, encode, decode, trace, against a bare encoder and a bare decoder run. */
export async function benchColdOpen({ home }: BenchContext): Promise<object> {
  const photo = await benchImage();
  const files = await Promise.all(Array.from({ length: RUNS + WARM_UPS }, (_, i) => variant(photo, i)));
  const bare = await loadBareModel(photo.bytes);
  const sidecar = await startBenchSidecar(home);
  const connection = await sidecar.connect();
  const result = await compare({
    runs: RUNS,
    warmUps: WARM_UPS,
    baselineName: 'bare encoder and decoder run',
    baseline: async () => (await bare.encode()) + (await bare.decode([900, 600])),
    candidate: (round) =>
      timed(async () => {
        const { image } = await callMethod(connection, imageUpload, { bytes: files[round]! });
        await callMethod(connection, maskPredict, { image: image.id, prompts: CENTRE });
      }),
  });
  connection.dispose();
  await sidecar.dispose();
  await bare.dispose();
  return { image: photo.name, device: 'cpu', ...result };
}

/** By hash on a new connection to a sidecar that was started again: the embedding comes from disk. */
export async function benchSecondOpen({ home }: BenchContext): Promise<object> {
  const { name, bytes } = await benchImage();
  const bare = await loadBareModel(bytes);
  const first = await startBenchSidecar(home);
  const connection = await first.connect();
  const { image } = await callMethod(connection, imageUpload, { bytes });
  await callMethod(connection, maskPredict, { image: image.id, prompts: CENTRE });
  connection.dispose();
  await first.dispose();
  const result = await compare({
    runs: RUNS,
    warmUps: 1,
    baselineName: 'bare encoder and decoder run',
    baseline: async () => (await bare.encode()) + (await bare.decode([900, 600])),
    candidate: async () => {
      const sidecar = await startBenchSidecar(home);
      const again = await sidecar.connect();
      const ms = await timed(async () => {
        const { known } = await callMethod(again, imageOpen, { sha256: hashImage(bytes) });
        if (!known) throw new Error('The embedding was not kept.');
        await callMethod(again, maskPredict, { image: image.id, prompts: CENTRE });
      });
      again.dispose();
      await sidecar.dispose();
      return ms;
    },
  });
  await bare.dispose();
  return { image: name, device: 'cpu', ...result };
}
