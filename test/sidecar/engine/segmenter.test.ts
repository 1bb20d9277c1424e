import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { CATALOG } from '../../../models/catalog.js';
import { EmbeddingCache } from '../../../sidecar/engine/embedding-cache.js';
import { DeviceQueue } from '../../../sidecar/engine/queue.js';
import type { QueueLimits } from '../../../sidecar/engine/queue.js';
import { Segmenter } from '../../../sidecar/engine/segmenter.js';
import type { Prompt } from '../../../protocol/prompt.js';
import { damageContent } from '../../support/damage.js';
import { FakeCompute } from '../../support/fake-compute.js';

const click: Prompt[] = [{ type: 'point', x: 5, y: 5, label: 'inside' }];
const rle = { size: [4, 4] as [number, number], counts: '52203' };
/** Makes that step wait until the returned function is called. */
const gate = (compute: FakeCompute, step: 'beforeEncode' | 'beforePredict') => {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  compute[step] = () => opened;
  return open;
};
const call = (client = 'a') => ({ client, signal: new AbortController().signal });

describe('Segmenter', () => {
  let dir: string;
  const open: Segmenter[] = [];
  const start = (compute = new FakeCompute(), fingerprint = 'model-1', limits?: Partial<QueueLimits>) => {
    const cache = new EmbeddingCache({ dir, onNote: () => undefined });
    const lookups: string[] = [];
    const onLookup = (source: string) => lookups.push(source);
    const queue = new DeviceQueue(limits);
    const engine = new Segmenter({ compute, cache, queue, fingerprint, models: CATALOG, onLookup });
    open.push(engine);
    return { engine, compute, lookups };
  };
  const upload = async (engine: Segmenter, byte = 1) =>
    (await engine.uploadImage({ bytes: Uint8Array.of(byte) }, call())).image.id;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'cutline-'));
  });
  afterEach(async () => {
    for (const engine of open.splice(0)) await engine.dispose();
    await rm(dir, { recursive: true, force: true });
  });

  it('encodes an image once for two clients that open it at the same time', async () => {
    const { engine, compute } = start();
    const image = await upload(engine);
    const answers = await Promise.all([
      engine.prepare({ image }, call('a')),
      engine.prepare({ image }, call('b')),
    ]);
    expect(compute.encodes).toHaveLength(1);
    expect(answers.map(({ cache }) => cache)).toEqual(['miss', 'miss']);
    expect((await engine.prepare({ image }, call())).cache).toBe('hit');
  });

  it('says where each embedding came from, and what its caches hold', async () => {
    const { engine, lookups } = start();
    const image = await upload(engine);
    for (let i = 0; i < 2; i++) await engine.prepare({ image }, call());
    await engine.dispose();
    const second = start();
    await second.engine.prepare({ image }, call());
    expect([...lookups, ...second.lookups]).toEqual(['miss', 'memory', 'disk']);
    expect(engine.caches).toEqual({
      images: { entries: 1, bytes: 1 },
      embeddings: { entries: 1, bytes: 8 },
    });
  });

  it('finds the embedding on disk after a restart, without the image', async () => {
    const first = start();
    const image = await upload(first.engine);
    await first.engine.prepare({ image }, call());
    await first.engine.dispose();

    const second = start();
    expect(await second.engine.openImage({ sha256: image })).toEqual({
      known: true,
      image: { id: image, width: 40, height: 20 },
    });
    expect((await second.engine.predict({ image, prompts: click }, call())).cache).toBe('hit');
    expect(second.compute.encodes).toHaveLength(0);
  });

  it('does not mix embeddings of different models', async () => {
    const first = start();
    const image = await upload(first.engine);
    await first.engine.prepare({ image }, call());
    await first.engine.dispose();
    const other = start(new FakeCompute(), 'model-2');
    expect(await other.engine.openImage({ sha256: image })).toEqual({ known: false });
  });

  it('asks for an image it never saw', async () => {
    const { engine } = start();
    const image = 'f'.repeat(64);
    await expect(engine.predict({ image, prompts: click }, call())).rejects.toMatchObject({
      code: 'IMAGE_UNKNOWN',
    });
    expect(await engine.openImage({ sha256: image })).toEqual({ known: false });
  });

  it('keeps and passes on an image without the message that it came in', async () => {
    const { engine, compute } = start();
    const message = new Uint8Array(1024 * 1024).fill(7);
    const { image } = await engine.uploadImage({ bytes: message.subarray(100, 103) }, call());
    await engine.predict({ image: image.id, prompts: click, refine: true }, call());
    const seen = [...compute.inspected, compute.predictions[0]!.bytes!];
    expect(seen.map(({ buffer }) => buffer.byteLength)).toEqual([3, 3]);
    expect(seen.map((bytes) => [...bytes])).toEqual([
      [7, 7, 7],
      [7, 7, 7],
    ]);
  });

  it('refuses prompts that cannot be answered before it encodes anything', async () => {
    const { engine, compute } = start();
    const image = await upload(engine);
    const outside: Prompt[] = [{ type: 'point', x: 500, y: 5, label: 'inside' }];
    await expect(engine.predict({ image, prompts: outside }, call())).rejects.toMatchObject({
      code: 'PROMPT_OUTSIDE',
    });
    await expect(engine.predict({ image, prompts: [] }, call())).rejects.toMatchObject({
      code: 'PROMPTS_EMPTY',
    });
    expect(compute.encodes).toHaveLength(0);
  });

  it('prepares again when other images pushed the embedding out of memory', async () => {
    const { engine, compute } = start(new FakeCompute(1));
    const one = await upload(engine, 1);
    const two = await upload(engine, 2);
    for (let round = 0; round < 3; round++) {
      await Promise.all([one, two].map((image) => engine.predict({ image, prompts: click }, call())));
    }
    expect(compute.predictions).toHaveLength(6);
  });

  it('stops waiting when cancelled, and lets the others have the result', async () => {
    const compute = new FakeCompute();
    let finish!: () => void;
    compute.beforeEncode = () => new Promise((resolve) => (finish = resolve));
    const { engine } = start(compute);
    const image = await upload(engine);
    const controller = new AbortController();
    const impatient = engine.prepare({ image }, { client: 'a', signal: controller.signal });
    const patient = engine.prepare({ image }, call('b'));
    while (compute.encodes.length === 0) await new Promise(setImmediate);
    controller.abort();
    await expect(impatient).rejects.toMatchObject({ code: 'CANCELLED' });
    finish();
    expect((await patient).cache).toBe('miss');
  });

  it('tells how far preparing is', async () => {
    const { engine } = start();
    const image = await upload(engine);
    const stages: string[] = [];
    await engine.prepare({ image }, { ...call(), onProgress: ({ stage }) => void stages.push(stage) });
    expect(stages).toEqual(['waiting', 'encoding']);
  });

  it('tells whoever joins an encode how far it is, and no longer whoever left', async () => {
    const compute = new FakeCompute();
    const finish = gate(compute, 'beforeEncode');
    const { engine } = start(compute);
    const image = await upload(engine);
    const leaver = new AbortController();
    const heard: Record<string, string[]> = { first: [], second: [] };
    const listen = (who: string) => ({
      onProgress: ({ stage }: { stage: string }) => void heard[who]!.push(stage),
    });
    const first = engine.prepare({ image }, { client: 'a', signal: leaver.signal, ...listen('first') });
    const second = engine.prepare({ image }, { ...call('b'), ...listen('second') });
    leaver.abort();
    await expect(first).rejects.toMatchObject({ code: 'CANCELLED' });
    while (compute.encodes.length === 0) await new Promise(setImmediate);
    finish();
    await second;
    expect(heard).toEqual({ first: ['waiting'], second: ['waiting', 'encoding'] });
  });

  it('counts an encode against the first who asked, and refuses it to nobody else', async () => {
    const compute = new FakeCompute();
    const { engine } = start(compute, 'model-1', { waiting: 10, waitingPerClient: 1, deadlineMs: 60_000 });
    const [one, two] = [await upload(engine, 1), await upload(engine, 2)];
    await engine.prepare({ image: one }, call());
    const finish = gate(compute, 'beforePredict');
    const clicks = [1, 2].map(() => engine.predict({ image: one, prompts: click }, call('a')));
    while (compute.predictions.length === 0 || engine.queueDepth === 0) await new Promise(setImmediate);
    const greedy = expect(engine.prepare({ image: two }, call('a'))).rejects.toMatchObject({ code: 'BUSY' });
    const patient = engine.prepare({ image: two }, call('b'));
    await greedy;
    while (engine.queueDepth < 2) await new Promise(setImmediate);
    finish();
    await Promise.all([...clicks, patient]);
  });

  it('answers when more images are asked for at once than memory holds, each within one deadline', async () => {
    const compute = new FakeCompute(2);
    const { engine } = start(compute);
    const images = await Promise.all(Array.from({ length: 12 }, (_, byte) => upload(engine, byte)));
    // While each waits for its turn, others keep pushing its embedding out.
    compute.beforePredict = async () => compute.held.clear();
    await Promise.all(images.map((image) => engine.predict({ image, prompts: click }, call(image))));
    expect(compute.predictions).toHaveLength(12);
    // An encode to prepare each, and at most one more, or a look at the disk, in its turn.
    expect(compute.encodes.length).toBeLessThanOrEqual(24);
  });

  it('gives up a click after one deadline from its arrival, encode and all', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const compute = new FakeCompute();
    const { engine } = start(compute, 'model-1', { waiting: 10, waitingPerClient: 10, deadlineMs: 1_000 });
    const [one, two] = [await upload(engine, 1), await upload(engine, 2)];
    const finish = gate(compute, 'beforeEncode');
    const clicked = engine.predict({ image: one, prompts: click }, call('a'));
    while (compute.encodes.length === 0) await new Promise(setImmediate);
    await vi.advanceTimersByTimeAsync(900);
    const other = engine.prepare({ image: two }, call('b'));
    while (engine.queueDepth === 0) await new Promise(setImmediate);
    const late = expect(clicked).rejects.toMatchObject({ code: 'DEADLINE' });
    const finishOther = gate(compute, 'beforeEncode');
    finish();
    while (compute.encodes.length < 2 || engine.queueDepth === 0) await new Promise(setImmediate);
    await vi.advanceTimersByTimeAsync(101);
    await late;
    finishOther();
    await other;
  });

  it('opens an image by its index, without reading the embedding', async () => {
    const first = start();
    const image = await upload(first.engine);
    await first.engine.prepare({ image }, call());
    await first.engine.dispose();
    const read = vi.spyOn(EmbeddingCache.prototype, 'get');
    onTestFinished(() => void read.mockRestore());
    expect(await start().engine.openImage({ sha256: image })).toMatchObject({ known: true });
    expect(read).not.toHaveBeenCalled();
  });

  it('finds out in preparing that nothing is left of an image, and does not claim to know it again', async () => {
    const { engine, compute } = start();
    const image = await upload(engine);
    await engine.prepare({ image }, call());
    await engine.dispose();
    await damageContent(dir);

    const second = start(compute);
    compute.held.clear();
    await expect(second.engine.prepare({ image }, call())).rejects.toMatchObject({ code: 'IMAGE_UNKNOWN' });
    expect(await second.engine.openImage({ sha256: image })).toEqual({ known: false });
  });

  it('encodes again, without asking for the image, when the cached embedding is damaged', async () => {
    const compute = new FakeCompute();
    const { engine } = start(compute);
    const image = await upload(engine);
    await engine.prepare({ image }, call());
    // Nothing else tells that the embedding has been written.
    await engine.dispose();
    await damageContent(dir);
    compute.held.clear();
    expect(await engine.openImage({ sha256: image })).toMatchObject({ known: true });
    expect((await engine.prepare({ image }, call())).cache).toBe('miss');
  });

  it('traces in turn, and stops waiting when cancelled', async () => {
    const compute = new FakeCompute();
    const finish = gate(compute, 'beforeEncode');
    const { engine } = start(compute);
    const image = await upload(engine);
    const preparing = engine.prepare({ image }, call());
    while (compute.encodes.length === 0) await new Promise(setImmediate);
    const controller = new AbortController();
    const cancelled = engine.trace({ rle }, { client: 'a', signal: controller.signal });
    const patient = call('b');
    const traced = engine.trace({ rle }, patient);
    controller.abort();
    await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(compute.traces).toEqual([]);
    finish();
    await Promise.all([preparing, traced]);
    expect(compute.traces).toEqual([{ signal: patient.signal }]);
  });

  it('refuses masks that would hold everybody up', async () => {
    const { engine } = start();
    const noise = { size: [5000, 5000] as [number, number], counts: '1'.repeat(2_000_000) };
    await expect(engine.trace({ rle: noise }, call())).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE' });
    const huge = { size: [50_000, 50_000] as [number, number], counts: '0' };
    await expect(engine.trace({ rle: huge }, call())).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE' });
  });

  it('rehearses one decode at a time and gives way to whoever comes', async () => {
    const compute = new FakeCompute();
    const { engine } = start(compute);
    const image = await upload(engine);
    await engine.prepare({ image }, call());
    const finish = gate(compute, 'beforePredict');
    const rehearsing = engine.rehearse();
    while (compute.predictions.length === 0) await new Promise(setImmediate);
    const clicked = engine.predict({ image, prompts: click }, call());
    while (engine.queueDepth === 0) await new Promise(setImmediate);
    finish();
    await Promise.all([rehearsing, clicked]);
    expect(compute.predictions).toHaveLength(2);
    expect(compute.predictions[1]!.prompts).toEqual(click);
  });

  it('stops though the disk hangs under what is being written', async () => {
    class HangingCache extends EmbeddingCache {
      override put = () => new Promise<void>(() => undefined);
    }
    const cache = new HangingCache({ dir, onNote: () => undefined });
    const compute = new FakeCompute();
    const engine = new Segmenter({
      compute,
      cache,
      queue: new DeviceQueue(),
      fingerprint: 'model-1',
      models: CATALOG,
    });
    await engine.prepare({ image: await upload(engine) }, call());
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const disposed = engine.dispose();
    await vi.advanceTimersByTimeAsync(2_000);
    await disposed;
  });

  it('refuses a model it does not have', async () => {
    const { engine } = start();
    const image = await upload(engine);
    await expect(engine.prepare({ image, model: 'other' }, call())).rejects.toMatchObject({
      code: 'MODEL_UNKNOWN',
    });
  });
});
