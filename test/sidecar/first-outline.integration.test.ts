import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ProgressType } from 'vscode-jsonrpc/node';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import { imageUpload, maskPredict, predictProgressSchema } from '../../protocol/methods.js';
import { callMethod } from '../../protocol/rpc.js';
import { createCompute } from '../../sidecar/engine/local-compute.js';
import { localImages } from '../../sidecar/read-here.js';
import { drawScenePng } from '../support/drawn-scene.js';
import { connectTo } from '../support/sidecar-client.js';
import { SidecarProcess } from '../support/sidecar-process.js';

let home: string;
let sidecar: SidecarProcess;
let connection: MessageConnection;
let image: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'cutline-'));
  sidecar = await SidecarProcess.start(home, '--port', '0');
  connection = await connectTo(sidecar);
  image = (await callMethod(connection, imageUpload, { bytes: await drawScenePng() })).image.id;
});
afterAll(async () => {
  connection?.dispose();
  await sidecar?.stop();
  await rm(home, { recursive: true, force: true });
});

const click = (x: number, y: number) => ({ type: 'point' as const, x, y, label: 'inside' as const });

let asked = 0;

/** Asks, and hears what comes before the answer. */
function predict(x: number, y: number, more: object = {}) {
  const progressToken = ++asked;
  const first = new Promise((resolve) =>
    connection.onProgress(new ProgressType<unknown>(), progressToken, resolve),
  );
  const answer = callMethod(connection, maskPredict, {
    image,
    prompts: [click(x, y)],
    progressToken,
    ...more,
  });
  return { answer, first: first.then((value) => predictProgressSchema.parse(value)) };
}

it.each([{ refine: false }, { refine: true }])(
  'is the chosen one of the answer, refine: $refine',
  async (more) => {
    const { first, answer } = predict(70, 85, more);
    let isAnswered = false;
    void answer.then(() => (isAnswered = true));
    const { candidate, offered } = await first;
    expect(isAnswered).toBe(false);
    const { candidates, chosen } = await answer;
    expect(candidates).toHaveLength(offered);
    expect(candidates.map(({ rank }) => rank)).toEqual(candidates.map((_, index) => index + 1));
    expect(candidates[chosen - 1]).toEqual(candidate);
  },
);

it('leaves the alternatives once it is called off', async () => {
  const compute = createCompute({ device: 'cpu', cacheDir: home }, localImages);
  const caller = new AbortController();
  const heard: unknown[] = [];
  try {
    await compute.encode('scene', await drawScenePng());
    const answer = compute.predict(
      { key: 'scene', prompts: [click(70, 85)], rle: false },
      {
        signal: caller.signal,
        onChosen(first) {
          heard.push(first);
          caller.abort();
        },
      },
    );
    await expect(answer).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(heard).toHaveLength(1);
  } finally {
    await compute.dispose();
  }
});

it('is not of an older question for the same view', async () => {
  const older = predict(290, 30, { view: 'screen' });
  const newer = predict(270, 225, { view: 'screen' });
  await expect(older.answer).rejects.toMatchObject({ code: 'CANCELLED' });
  const { candidates, chosen } = await newer.answer;
  expect((await newer.first).candidate).toEqual(candidates[chosen - 1]);
});
