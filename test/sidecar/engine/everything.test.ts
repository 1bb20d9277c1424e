import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { CATALOG } from '../../../models/catalog.js';
import { mergeProgress } from '../../../protocol/merge-progress.js';
import type { EverythingProgress, FoundMask } from '../../../protocol/everything.js';
import { CodedError } from '../../../protocol/errors.js';
import type { Prompt } from '../../../protocol/prompt.js';
import { EmbeddingCache } from '../../../sidecar/engine/embedding-cache.js';
import { EverythingJobs } from '../../../sidecar/engine/everything-jobs.js';
import { DeviceQueue } from '../../../sidecar/engine/queue.js';
import { Segmenter } from '../../../sidecar/engine/segmenter.js';
import { localImages } from '../../../sidecar/read-here.js';
import { FakeCompute } from '../../support/fake-compute.js';
import { foundScene } from '../../support/found-scene.js';
import { createSceneModel } from '../../support/scene-model.js';
import { temporaryFolder } from '../../support/sidecar.js';

const click: Prompt[] = [{ type: 'point', x: 5, y: 5, label: 'inside' }];
const MASKS = foundScene({ width: 40, height: 20 }, { columns: 2, rows: 1 });

async function start(compute = new FakeCompute()) {
  const cache = new EmbeddingCache({ dir: await temporaryFolder(), onNote: () => undefined });
  const engine = new Segmenter({
    compute,
    cache,
    queue: new DeviceQueue(),
    fingerprint: 'model-1',
    models: CATALOG,
  });
  onTestFinished(() => engine.dispose());
  const upload = async (byte: number) =>
    (await engine.uploadImage({ bytes: Uint8Array.of(byte) }, caller())).image.id;
  return { engine, compute, upload, image: await upload(1) };
}

const quiet = (fraction: number) => ({ progress: { stage: 'looking', fraction } as const, isDone: false });
const finding = (count: number) => {
  const masks = MASKS.slice(0, count);
  const arrangement = masks.map(({ id, parent }) => ({ id, parent }));
  const progress = { stage: 'looking', fraction: 0.5, masks: masks.slice(-1), arrangement } as const;
  return { progress: { ...progress, masks: [...progress.masks] }, isDone: false };
};
const LAST = { progress: { stage: 'finishing', fraction: 1 } as const, isDone: true };
const ENDLESS = Array.from({ length: 10_000 }, () => quiet(0.5));

function caller(client = 'a') {
  const controller = new AbortController();
  return { client, signal: controller.signal, cancel: () => controller.abort() };
}

/** Resolves a few turns of the event loop later. */
const soon = async (turns: number) => {
  for (let i = 0; i < turns; i++) await new Promise(setImmediate);
};

describe('a search for everything', () => {
  afterEach(() => void vi.useRealTimers());

  it('lets clicks that arrive meanwhile go before its next turn', async () => {
    const { engine, compute, image } = await start();
    const order: string[] = [];
    const clicks: Promise<unknown>[] = [];
    compute.turns = [quiet(0.2), quiet(0.4), LAST];
    compute.beforePredict = async () => void order.push('click');
    compute.beforeTurn = async () => {
      order.push('turn');
      if (order.length > 1) return;
      for (const client of ['b', 'c']) clicks.push(engine.predict({ image, prompts: click }, caller(client)));
      while (engine.queueDepth < 2) await soon(1);
    };
    await engine.findEverything({ image }, caller());
    await Promise.all(clicks);
    expect(order).toEqual(['turn', 'click', 'click', 'turn', 'turn']);
    expect(compute.searches.size).toBe(0);
  });

  it('reads no image before its turn, however many are asked for', async () => {
    const { engine, compute, upload } = await start();
    const images = await Promise.all([1, 2, 3].map(upload));
    await Promise.all(images.map((image) => engine.prepare({ image }, caller())));
    let release!: () => void;
    const released = new Promise<void>((resolve) => (release = resolve));
    compute.beforePredict = () => released;
    const clicked = engine.predict({ image: images[0]!, prompts: click }, caller('b'));
    while (compute.predictions.length === 0) await soon(1);
    const searches = images.map((image) => engine.findEverything({ image }, caller()));
    while (engine.queueDepth < 3) await soon(1);
    expect(compute.searches.size).toBe(0);
    release();
    await Promise.all([clicked, ...searches]);
  });

  it('tells of masks as they come, and of the rest only so often', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { engine, compute, image } = await start();
    // A turn takes 20 ms; every tenth brings a mask.
    compute.turns = [
      ...Array.from({ length: 60 }, (_, i) => (i % 10 === 9 ? finding((i + 1) / 10) : quiet(i / 60))),
      LAST,
    ];
    compute.beforeTurn = async () => void vi.advanceTimersByTime(20);
    const heard: EverythingProgress[] = [];
    let masks: readonly FoundMask[] = [];
    const onProgress = (progress: EverythingProgress) => {
      heard.push(progress);
      masks = mergeProgress(masks, progress);
    };
    await engine.findEverything({ image }, { ...caller(), onProgress });
    expect(masks).toEqual(MASKS);
    const looking = heard.filter(({ stage, arrangement }) => stage === 'looking' && !arrangement);
    expect(looking.length).toBeGreaterThan(4);
    expect(looking.length).toBeLessThanOrEqual(12);
  });

  it('says at once where to go on, masks or none', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { engine, compute, image } = await start();
    const marked = ['1', '2', '3'].map((cursor) => ({
      progress: { ...quiet(0.5).progress, cursor },
      isDone: false,
    }));
    compute.turns = [...marked, LAST];
    const heard: unknown[] = [];
    const onProgress = ({ cursor }: EverythingProgress) => void heard.push(cursor);
    await engine.findEverything({ image }, { ...caller(), onProgress });
    expect(heard.filter((cursor) => cursor !== undefined)).toEqual(['1', '2', '3']);
  });

  it('ends within the turn under way when it is cancelled', async () => {
    const { engine, compute, image } = await start();
    const call = caller();
    compute.turns = ENDLESS;
    let turns = 0;
    compute.beforeTurn = async () => {
      if (++turns === 3) call.cancel();
    };
    await expect(engine.findEverything({ image }, call)).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(turns).toBe(3);
    expect(compute.searches.size).toBe(0);
  });

  it('leaves no search, no waiting job and no listener after 100 cancels, whatever they interrupt', async () => {
    const { engine, compute, image, upload } = await start();
    compute.turns = ENDLESS;
    compute.beforeTurn = () => soon(1);
    compute.beforeEncode = () => soon(3);
    compute.beforePredict = () => soon(3);
    const signals: AbortSignal[] = [];
    for (let round = 0; round < 100; round++) {
      // Now and then an image that has to be encoded first, or somebody who clicks.
      const wanted = round % 3 === 0 ? await upload(2 + round) : image;
      const clicked = round % 2 === 0 && engine.predict({ image, prompts: click }, caller('b'));
      const call = caller();
      signals.push(call.signal);
      const search = expect(engine.findEverything({ image: wanted }, call)).rejects.toMatchObject({
        code: 'CANCELLED',
      });
      await soon(round % 12);
      call.cancel();
      await search;
      await clicked;
    }
    // An encode that nobody waits for any more still ends by itself.
    while (engine.queueDepth > 0) await soon(1);
    await soon(10);
    expect(compute.searches.size).toBe(0);
    expect(signals.map((signal) => getEventListeners(signal, 'abort').length)).toEqual(signals.map(() => 0));
    compute.turns = [LAST];
    expect((await engine.findEverything({ image }, caller())).masks).toEqual([]);
  });

  it('leaves nothing at the caller’s signal when it is done', async () => {
    const { engine, image } = await start();
    const call = caller();
    await engine.findEverything({ image }, call);
    expect(getEventListeners(call.signal, 'abort')).toEqual([]);
  });

  it('prepares the image again when it was pushed out before the search had its first turn', async () => {
    const { engine, compute, image } = await start(new FakeCompute(1));
    const encode = compute.encode.bind(compute);
    compute.encode = async (key) => {
      const encoded = await encode(key);
      if (compute.encodes.length === 1) await compute.hold('another', encoded.embedding);
      return encoded;
    };
    let held: string[] = [];
    compute.beforeTurn = async () => void (held = [...compute.held.keys()]);
    await engine.findEverything({ image }, caller());
    expect(held).toEqual([`${image}-model-1`]);
    expect(compute.searches.size).toBe(0);
  });

  it('fails with what went wrong in a turn, and lets the search go', async () => {
    const { engine, compute, image } = await start();
    compute.turns = ENDLESS;
    compute.beforeTurn = () =>
      Promise.reject(new CodedError('INTERNAL', 'The compute thread stopped.', 'Try again.'));
    compute.endEverything = async () => Promise.reject(new Error('There is no thread to tell.'));
    await expect(engine.findEverything({ image }, caller())).rejects.toMatchObject({
      code: 'INTERNAL',
      message: 'The compute thread stopped.',
    });
    expect(engine.queueDepth).toBe(0);
  });
});

describe('the searches of a thread', () => {
  const embedding = { data: new Float32Array(0), image: { width: 64, height: 48 } };

  it('say so when they are asked for one that another thread knew', () => {
    const jobs = new EverythingJobs(localImages);
    for (const ask of [() => jobs.advance('theirs', {}), () => jobs.summarise('theirs')]) {
      expect(ask).toThrow(expect.objectContaining({ code: 'INTERNAL', message: 'The search was cut off.' }));
    }
    expect(() => jobs.end('theirs')).not.toThrow();
  });

  it('refuse to search crops of an image whose file is gone, at once', async () => {
    const job = { key: 'key', options: { cropLayers: 1 } };
    await expect(
      new EverythingJobs(localImages).start(createSceneModel([]), embedding, job),
    ).rejects.toMatchObject({
      code: 'IMAGE_UNKNOWN',
    });
  });

  it('refuse a cursor that is none, at once', async () => {
    const job = { key: 'key', options: {}, resume: { cursor: 'nonsense', masks: [] } };
    await expect(
      new EverythingJobs(localImages).start(createSceneModel([]), embedding, job),
    ).rejects.toMatchObject({
      code: 'RESUME_INVALID',
    });
  });
});
