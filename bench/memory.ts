/** Resident memory of the sidecar, in a process of its own, while one image after another is opened. */
import { imageUpload, maskPredict } from '../protocol/methods.js';
import { callMethod } from '../protocol/rpc.js';
import type { BenchContext } from './context.js';
import { benchImage, variant } from './images.js';
import { connect, residentMb, spawnSidecar } from './sidecar.js';

const IMAGES = 50;
const PROMPTS = [{ type: 'point' as const, x: 900, y: 600, label: 'inside' as const }];

export async function benchMemory({ home }: BenchContext): Promise<object> {
  const photo = await benchImage();
  const sidecar = await spawnSidecar(home);
  const connection = await connect(sidecar.origin, sidecar.token);
  const rssMb: number[] = [];
  for (let i = 0; i < IMAGES; i++) {
    const { image } = await callMethod(connection, imageUpload, { bytes: await variant(photo, i) });
    await callMethod(connection, maskPredict, { image: image.id, prompts: PROMPTS });
    rssMb.push(residentMb(sidecar.pid));
  }
  connection.dispose();
  await sidecar.dispose();
  return {
    image: photo.name,
    device: 'cpu',
    runs: IMAGES,
    rssMb: {
      first: rssMb[0],
      after10: rssMb[9],
      after25: rssMb[24],
      after50: rssMb[49],
      most: Math.max(...rssMb),
    },
  };
}
