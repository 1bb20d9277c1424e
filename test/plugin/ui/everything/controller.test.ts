import { beforeEach, describe, expect, it } from 'vitest';
import type { ExistingLayer } from '../../../../plugin/bridge.js';
import type { Controller } from '../../../../plugin/ui/controller.js';
import type { Host, TreeResult, TreeWork } from '../../../../plugin/ui/host.js';
import type { Store } from '../../../../plugin/ui/store.js';
import { cancelledError, CodedError } from '../../../../protocol/errors.js';
import type { FoundMask } from '../../../../protocol/everything.js';
import { refuse } from '../fake-sidecar.js';
import {
  createController,
  imageOffer,
  openKnownImage,
  PREPARED,
  ScriptedSidecar,
} from '../scripted-sidecar.js';
import { ONLINE, settle } from '../support.js';
import { DOOR, HOUSE, SCENE, TREE } from './support.js';

let sidecar: ScriptedSidecar;
let store: Store;
let controller: Controller;
let layers: readonly ExistingLayer[];
let inserted: { style: string; tree: TreeResult }[];
/** Lets a slow insertion end; undefined while insertions take no time. */
let insertion: { finish(): void; work: TreeWork } | undefined;
let isSlow: boolean;

const figma: Partial<Host> = {
  listLayers: () => Promise.resolve(layers),
  insertTree: (style, tree, work) =>
    new Promise((resolve, reject) => {
      work.signal.addEventListener('abort', () => reject(cancelledError()));
      const finish = () => {
        inserted.push({ style, tree });
        resolve(`Inserted ${tree.masks.length} layers.`);
      };
      insertion = { finish, work };
      if (!isSlow) finish();
    }),
};

beforeEach(() => {
  sidecar = new ScriptedSidecar();
  layers = [];
  inserted = [];
  isSlow = false;
  ({ store, controller } = createController(figma));
});

const everything = () => store.state.everything;
const ids = (masks: readonly FoundMask[]) => masks.map(({ id }) => id);
const stream = (count: number) =>
  sidecar.last.progress({
    stage: 'looking',
    fraction: count / SCENE.length,
    masks: SCENE.slice(0, count),
    arrangement: SCENE.slice(0, count).map(({ id, parent }) => ({ id, parent })),
    cursor: `after ${count}`,
  });

async function findAll(): Promise<void> {
  await openKnownImage(controller, sidecar);
  controller.everything.find(false);
  await sidecar.last.answer({ masks: SCENE });
}

describe('finding everything', () => {
  it('waits for the image to be prepared, then shows what comes', async () => {
    controller.linkChanged(ONLINE, sidecar);
    await controller.offer(imageOffer('photo.jpg'));
    controller.everything.find(false);
    expect(everything().run.kind).toBe('wanted');
    await settle();
    await sidecar.last.answer({ known: true });
    await sidecar.last.answer(PREPARED);
    expect(sidecar.last).toMatchObject({
      method: 'mask/all',
      params: { image: 'hash', options: { tolerancePx: 0.5, sharedEdges: false } },
    });
    stream(2);
    expect(ids(everything().masks)).toEqual([1, 2]);
    await sidecar.last.answer({ masks: SCENE });
    expect(everything().run.kind).toBe('done');
    expect(everything().masks).toHaveLength(4);
  });

  it('ignores progress that it does not understand', async () => {
    await openKnownImage(controller, sidecar);
    controller.everything.find(false);
    sidecar.last.progress({ stage: 'dancing' });
    sidecar.last.progress(null);
    expect(everything().run.kind).toBe('running');
  });

  it('keeps what is there when it is stopped, and goes on where it was', async () => {
    await openKnownImage(controller, sidecar);
    controller.everything.find(false);
    stream(2);
    const stopped = sidecar.last;
    controller.everything.stop();
    expect(stopped.signal?.aborted).toBe(true);
    expect(everything().run).toEqual({ kind: 'stopped', why: 'person' });
    stopped.progress({ stage: 'looking', fraction: 1, dropped: [1], arrangement: [] });
    expect(ids(everything().masks)).toEqual([1, 2]);
    controller.everything.find(true);
    expect(sidecar.last.params['resume']).toEqual({ cursor: 'after 2', masks: SCENE.slice(0, 2) });
  });

  it('keeps what was found when the sidecar dies, and goes on with the next one without asking again', async () => {
    await openKnownImage(controller, sidecar);
    controller.everything.find(false);
    stream(3);
    await sidecar.last.fail(new CodedError('DISCONNECTED', 'Lost.', 'Wait.'));
    controller.linkChanged({ kind: 'searching' });
    expect(everything().run).toEqual({ kind: 'stopped', why: 'lost' });
    controller.everything.find(true);
    sidecar = new ScriptedSidecar();
    controller.linkChanged(ONLINE, sidecar);
    await settle();
    await sidecar.last.answer({ known: true });
    await sidecar.last.answer(PREPARED);
    expect(sidecar.last).toMatchObject({ method: 'mask/all', params: { resume: { cursor: 'after 3' } } });
  });

  it('sends the image again when the sidecar has forgotten it', async () => {
    await openKnownImage(controller, sidecar);
    controller.everything.find(false);
    await sidecar.last.fail(refuse('IMAGE_UNKNOWN'));
    expect(sidecar.uploads).toHaveLength(1);
    await sidecar.last.answer({ masks: SCENE });
    expect(everything().run.kind).toBe('done');
  });

  it('shows why it failed, and keeps what was found', async () => {
    await openKnownImage(controller, sidecar);
    controller.everything.find(false);
    stream(2);
    await sidecar.last.fail(refuse('BUSY'));
    expect(everything().run).toMatchObject({ kind: 'failed', failure: { code: 'BUSY' } });
    expect(everything().masks).toHaveLength(2);
  });

  it('ends with its image', async () => {
    await openKnownImage(controller, sidecar);
    controller.everything.find(false);
    stream(2);
    const { signal } = sidecar.last;
    await controller.offer(imageOffer('other.jpg'));
    expect(signal?.aborted).toBe(true);
    expect(everything().masks).toEqual([]);
    expect(everything().run.kind).toBe('none');
  });

  it('shows the outline of an object that is taken without asking anybody', async () => {
    await findAll();
    const asked = sidecar.requests.length;
    store.dispatch({ type: 'objectTaken', mask: DOOR });
    await settle();
    expect(sidecar.requests).toHaveLength(asked);
    expect(store.state.work.kind).toBe('ready');
  });
});

describe('making layers', () => {
  it('inserts what is chosen, each in the nearest object around it that is chosen too', async () => {
    await findAll();
    controller.everything.pointAt([36, 46]);
    store.dispatch({ type: 'everything', change: { type: 'checked', id: DOOR.id, checked: false } });
    store.dispatch({ type: 'everything', change: { type: 'checked', id: 3, checked: true } });
    await controller.everything.deliver();
    expect(inserted).toHaveLength(1);
    expect(inserted[0]?.tree.masks.map(({ id, parent }) => [id, parent])).toEqual([
      [1, null],
      [3, 1],
      [4, null],
    ]);
    expect(everything().delivery).toEqual({ kind: 'done', message: 'Inserted 3 layers.' });
  });

  it('makes nothing twice: not when asked again, and not after another run', async () => {
    await findAll();
    await controller.everything.deliver();
    await controller.everything.deliver();
    expect(inserted).toHaveLength(1);
    layers = SCENE.map((mask) => ({ nodeId: String(mask.id), name: mask.name, found: mask }));
    controller.everything.find(false);
    await sidecar.last.answer({ masks: SCENE });
    await controller.everything.deliver();
    expect(inserted).toHaveLength(1);
    expect([...everything().layered]).toEqual([1, 2, 3, 4]);
  });

  it('asks for layers once more before it inserts, leaves them out and says so', async () => {
    await findAll();
    layers = [{ nodeId: '1', name: 'Tree', path: TREE.outline.path }];
    await controller.everything.deliver();
    expect(ids(inserted[0]!.tree.masks)).toEqual([1, 2, 3]);
    expect(everything().delivery).toEqual({
      kind: 'done',
      message: 'Inserted 3 layers. 1 already has a layer.',
    });
  });

  it('says so when all of them have a layer by now', async () => {
    await findAll();
    layers = SCENE.map((mask) => ({ nodeId: String(mask.id), name: mask.name, found: mask }));
    await controller.everything.deliver();
    expect(inserted).toEqual([]);
    expect(everything().delivery).toMatchObject({ kind: 'done', message: 'All 4 already have a layer.' });
  });

  it('shows how far it is, and can be stopped', async () => {
    await findAll();
    isSlow = true;
    const delivering = controller.everything.deliver();
    await settle();
    insertion!.work.onProgress(2, 4);
    expect(everything().delivery).toEqual({ kind: 'busy', done: 2, total: 4 });
    controller.everything.stopDelivery();
    await delivering;
    expect(everything().delivery.kind).toBe('idle');
    expect([...everything().layered]).toEqual([]);
  });

  it('marks objects that have a layer as soon as they are found', async () => {
    layers = [{ nodeId: '1', name: 'House', found: HOUSE }];
    await findAll();
    await settle();
    expect([...everything().layered]).toEqual([HOUSE.id]);
    expect([...everything().unchecked]).toEqual([HOUSE.id]);
  });
});

it('saves a file of the chosen objects where there is no document', async () => {
  const saved: unknown[] = [];
  ({ store, controller } = createController({
    saveTree: async (format, tree) => {
      saved.push([format, await tree.exportAs(format)]);
      return 'Saved.';
    },
  }));
  await findAll();
  store.dispatch({ type: 'everything', change: { type: 'chose', choices: { format: 'ora' } } });
  const delivering = controller.everything.deliver();
  await settle();
  expect(sidecar.last).toMatchObject({ method: 'export/all', params: { image: 'hash', format: 'ora' } });
  await sidecar.last.answer({ bytes: new Uint8Array([1]), mimeType: 'image/openraster', extension: 'ora' });
  await delivering;
  expect(saved).toMatchObject([['ora', { extension: 'ora' }]]);
  expect(everything().delivery).toEqual({ kind: 'done', message: 'Saved.' });
});
