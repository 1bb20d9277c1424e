import { beforeEach, describe, expect, it } from 'vitest';
import { CodedError } from '../../../protocol/errors.js';
import { Controller } from '../../../plugin/ui/controller.js';
import type { Sidecar } from '../../../plugin/ui/connection.js';
import type { Host, OutlineResult } from '../../../plugin/ui/host.js';
import { INITIAL_STATE } from '../../../plugin/ui/state.js';
import { Store } from '../../../plugin/ui/store.js';
import { refuse } from './fake-sidecar.js';
import { answerTo, NO_PIXELS, ONLINE, point, settle } from './support.js';

/** One request to the sidecar, for the test to answer when it likes. */
interface Request {
  readonly method: string;
  readonly params: Record<string, unknown>;
  readonly signal: AbortSignal | undefined;
  answer(result: unknown): Promise<void>;
  fail(error: Error): Promise<void>;
}

class ScriptedSidecar implements Sidecar {
  readonly requests: Request[] = [];
  readonly uploads: Uint8Array[] = [];

  readonly call = ((
    { method }: { method: string },
    params: Record<string, unknown>,
    options?: { signal?: AbortSignal },
  ) =>
    new Promise((resolve, reject) => {
      this.requests.push({
        method,
        params,
        signal: options?.signal,
        answer: (result) => (resolve(result), settle()),
        fail: (error) => (reject(error), settle()),
      });
    })) as unknown as Sidecar['call'];

  async upload(bytes: Uint8Array) {
    this.uploads.push(bytes);
    return { id: 'uploaded', width: 100, height: 80 };
  }

  get last(): Request {
    return this.requests.at(-1)!;
  }

  get methods(): string[] {
    return this.requests.map(({ method }) => method);
  }
}

let sidecar: ScriptedSidecar;
let store: Store;
let controller: Controller;
let delivered: OutlineResult | undefined;

beforeEach(() => {
  sidecar = new ScriptedSidecar();
  store = new Store(INITIAL_STATE);
  const host: Host = {
    kind: 'workbench',
    clientName: 'Test',
    deliveries: ['svg'],
    settings: { load: () => Promise.resolve({ tolerancePx: 2 }), save: () => undefined },
    onOffer: () => ({ dispose: () => undefined }),
    deliver(_kind, result) {
      delivered = result;
      return Promise.resolve('Saved.');
    },
    close: () => undefined,
    openFile: () => undefined,
  };
  controller = new Controller({
    store,
    host,
    view: 'view',
    decodePixels: () => Promise.resolve(NO_PIXELS),
    hashBytes: () => Promise.resolve('hash'),
  });
});

const offer = (key: string) =>
  controller.offer({ kind: 'image', key, name: key, read: () => Promise.resolve(new Uint8Array([1])) });
const mark = (x: number) => store.dispatch({ type: 'promptAdded', prompt: point(x, x) });
const PREPARED = { device: 'cpu' };
const predicted = (count: number) => {
  const { candidates, suggested, state } = answerTo([]);
  return { candidates, chosen: suggested, state: `${state} ${count}` };
};

/** An image that the sidecar knows and has prepared. */
async function makeReady(): Promise<void> {
  controller.linkChanged(ONLINE, sidecar);
  await offer('photo.jpg');
  await settle();
  await sidecar.last.answer({ known: true });
  await sidecar.last.answer(PREPARED);
}

describe('opening an image', () => {
  it('shows it at once and prepares it behind that', async () => {
    controller.linkChanged(ONLINE, sidecar);
    await offer('photo.jpg');
    await settle();
    expect(store.state.source.kind).toBe('image');
    expect(store.state.work).toEqual({ kind: 'preparing', fraction: 0 });
    await sidecar.last.answer({ known: true });
    await sidecar.last.answer(PREPARED);
    expect(sidecar.methods).toEqual(['image/open', 'image/prepare']);
    expect(store.state.work.kind).toBe('ready');
  });

  it('sends the file only when the sidecar does not know it', async () => {
    controller.linkChanged(ONLINE, sidecar);
    await offer('photo.jpg');
    await settle();
    await sidecar.last.answer({ known: false });
    expect(sidecar.uploads).toHaveLength(1);
    expect(sidecar.last).toMatchObject({ method: 'image/prepare', params: { image: 'uploaded' } });
  });

  it('says why a file cannot be read', async () => {
    const read = () => Promise.reject(refuse('IMAGE_UNREADABLE'));
    await controller.offer({ kind: 'image', key: 'x', name: 'x', read });
    expect(store.state.source).toMatchObject({ kind: 'unreadable', failure: { code: 'IMAGE_UNREADABLE' } });
  });

  it('keeps the open image and its marks when a file that is brought is none', async () => {
    await makeReady();
    mark(5);
    const read = () => Promise.reject(refuse('IMAGE_UNREADABLE'));
    await controller.offer({ kind: 'image', key: 'x', name: 'notes.txt', read });
    expect(store.state.source).toMatchObject({ kind: 'image', image: { key: 'photo.jpg' } });
    expect(store.state.log.prompts).toEqual([point(5, 5)]);
    expect(store.state.delivery).toMatchObject({ kind: 'failed', failure: { code: 'IMAGE_UNREADABLE' } });
  });

  it('drops a slow image when another one is opened meanwhile', async () => {
    let finish: (bytes: Uint8Array) => void = () => undefined;
    const read = () => new Promise<Uint8Array>((resolve) => (finish = resolve));
    const slow = controller.offer({ kind: 'image', key: 'slow', name: 'slow', read });
    await offer('fast');
    finish(new Uint8Array([1]));
    await slow;
    expect(store.state.source).toMatchObject({ kind: 'image', image: { key: 'fast' } });
  });
});

describe('asking', () => {
  it('answers marks made while preparing as soon as that is done', async () => {
    controller.linkChanged(ONLINE, sidecar);
    await offer('photo.jpg');
    mark(5);
    await settle();
    await sidecar.last.answer({ known: true });
    expect(sidecar.methods).not.toContain('mask/predict');
    await sidecar.last.answer(PREPARED);
    expect(sidecar.last).toMatchObject({ method: 'mask/predict', params: { image: 'hash', view: 'view' } });
  });

  it('gives up the older question for the newer one', async () => {
    await makeReady();
    mark(5);
    const older = sidecar.last;
    mark(6);
    expect(older.signal?.aborted).toBe(true);
    await sidecar.last.answer(predicted(1));
    await older.answer(predicted(2));
    expect(store.state.answer?.prompts).toEqual([point(5, 5), point(6, 6)]);
  });

  it('waits for answers during a drag, so that the outline keeps up', async () => {
    await makeReady();
    mark(5);
    await sidecar.last.answer(predicted(1));
    controller.setLive(true);
    const drag = (x: number) =>
      store.dispatch({ type: 'promptChanged', index: 0, prompt: point(x, 5), amend: x > 6 });
    drag(6);
    const first = sidecar.last;
    drag(7);
    drag(8);
    expect(sidecar.last).toBe(first);
    await first.answer(predicted(2));
    expect(sidecar.last.params['prompts']).toEqual([point(8, 5)]);
    expect(first.signal?.aborted).toBe(false);
  });

  it('continues from the last answer only when marks were added', async () => {
    await makeReady();
    mark(5);
    expect(sidecar.last.params['previous']).toBeUndefined();
    await sidecar.last.answer(predicted(1));
    mark(6);
    expect(sidecar.last.params['previous']).toBe(store.state.answer?.state);
    await sidecar.last.answer(predicted(2));
    store.dispatch({ type: 'promptRemoved', index: 0 });
    expect(sidecar.last.params['previous']).toBeUndefined();
  });

  it('stops asking when everything is cleared', async () => {
    await makeReady();
    mark(5);
    store.dispatch({ type: 'cleared' });
    expect(sidecar.last.signal?.aborted).toBe(true);
    expect(store.state.work.kind).toBe('ready');
  });

  it('shows a failure once, and asks again when told to', async () => {
    await makeReady();
    mark(5);
    await sidecar.last.fail(refuse('BUSY'));
    const asked = sidecar.requests.length;
    expect(store.state.work).toMatchObject({ kind: 'failed', failure: { code: 'BUSY' } });
    controller.retry();
    await settle();
    expect(sidecar.requests.length).toBeGreaterThan(asked);
  });
});

describe('losing the sidecar', () => {
  it('opens the image again by its hash and asks what was left unanswered', async () => {
    await makeReady();
    mark(5);
    await sidecar.last.fail(new CodedError('DISCONNECTED', 'Lost.', 'Wait.'));
    controller.linkChanged({ kind: 'searching' });
    expect(store.state.work.kind).toBe('waiting');
    sidecar = new ScriptedSidecar();
    controller.linkChanged(ONLINE, sidecar);
    await settle();
    await sidecar.last.answer({ known: true });
    await sidecar.last.answer(PREPARED);
    expect(sidecar.methods).toEqual(['image/open', 'image/prepare', 'mask/predict']);
    expect(sidecar.last.params['prompts']).toEqual([point(5, 5)]);
  });

  it('does not ask again for an outline that is already here', async () => {
    await makeReady();
    mark(5);
    await sidecar.last.answer(predicted(1));
    sidecar = new ScriptedSidecar();
    controller.linkChanged({ kind: 'searching' });
    controller.linkChanged(ONLINE, sidecar);
    await settle();
    await sidecar.last.answer({ known: true });
    await sidecar.last.answer(PREPARED);
    expect(sidecar.methods).toEqual(['image/open', 'image/prepare']);
    expect(store.state.answer).toBeDefined();
  });

  it('sends the image again once when the sidecar has forgotten it, then gives up', async () => {
    await makeReady();
    mark(5);
    await sidecar.last.fail(refuse('IMAGE_UNKNOWN'));
    await sidecar.last.answer({ known: false });
    await sidecar.last.answer(PREPARED);
    await sidecar.last.fail(refuse('IMAGE_UNKNOWN'));
    expect(sidecar.uploads).toHaveLength(1);
    expect(store.state.work.kind).toBe('failed');
  });
});

it('delivers the candidate on the screen with the whole log', async () => {
  await makeReady();
  mark(5);
  await sidecar.last.answer(predicted(1));
  store.dispatch({ type: 'candidatePicked', rank: 3 });
  await controller.deliver('svg');
  expect(delivered?.candidate.rank).toBe(3);
  expect(delivered?.question.prompts).toEqual([point(5, 5), { type: 'pick', rank: 3 }]);
  expect(store.state.delivery).toEqual({ kind: 'done', message: 'Saved.' });
});

it('goes on with the tolerance of the last time', async () => {
  await controller.restoreSettings();
  expect(store.state.tolerancePx).toBe(2);
});
