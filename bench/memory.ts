/** Resident memory of the sidecar, in a process of its own, while one image after another is opened. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { imageUpload, maskPredict } from '../protocol/methods.js';
import { callMethod } from '../protocol/rpc.js';
import type { BenchContext } from './context.js';
import { benchImage, variant } from './images.js';
import { connect, postJson } from './sidecar.js';

const IMAGES = 50;
const PROMPTS = [{ type: 'point' as const, x: 900, y: 600, label: 'inside' as const }];

export async function benchMemory({ home }: BenchContext): Promise<object> {
  const photo = await benchImage();
  const script = ['dist/sidecar/main.js', 'serve', '--no-open', '--port', '0'];
  const environment = { ...process.env, CUTLINE_HOME: home, CUTLINE_DEVICE: 'cpu' };
  const child = spawn(process.execPath, script, { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface(child.stdout);
  const printed = (pattern: RegExp) =>
    new Promise<string>((resolve) => lines.on('line', (line) => pattern.test(line) && resolve(line)));
  const ready = printed(/http:/);
  const computing = printed(/Computing on/);
  const origin = (await ready).match(/http:\S+/)![0];
  await computing;
  const code = printed(/^ +\w{4}-\w{4}$/);
  const { pairing } = await postJson<{ pairing: string }>(origin, '/v1/pair', { client: 'bench' });
  const { token } = await postJson<{ token: string }>(origin, '/v1/pair/confirm', {
    pairing,
    code: (await code).trim(),
  });
  const connection = await connect(origin, token);
  const rssMb: number[] = [];
  for (let i = 0; i < IMAGES; i++) {
    const { image } = await callMethod(connection, imageUpload, { bytes: await variant(photo, i) });
    await callMethod(connection, maskPredict, { image: image.id, prompts: PROMPTS });
    rssMb.push(residentMb(child.pid!));
  }
  connection.dispose();
  child.kill('SIGTERM');
  await once(child, 'exit');
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

function residentMb(pid: number): number {
  return Math.round(Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)])) / 1024);
}
