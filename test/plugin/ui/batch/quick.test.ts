import { describe, expect, it } from 'vitest';
import type { QuickAction } from '../../../../plugin/selection.js';
import type { Offer } from '../../../../plugin/ui/host.js';
import { refuse } from '../fake-sidecar.js';
import { ONLINE } from '../support.js';
import { flush, image, openBatch, several } from './rig.js';

const CUT_OUT: QuickAction = { name: 'cut-out', task: 'largest', style: 'cutouts' };

const photo = (name: string): Offer => ({
  kind: 'image',
  key: `${name} r`,
  name,
  selected: image(name),
  read: () => Promise.reject(new Error('A list is not opened.')),
});

function open(quick: QuickAction, wait: () => Promise<void> = () => new Promise(() => undefined)) {
  let closed = 0;
  const rig = openBatch({ close: () => void closed++ }, quick, { wait });
  return {
    ...rig,
    closed: () => closed,
    async connect() {
      rig.controller.linkChanged(ONLINE, rig.sidecar);
      await flush();
    },
    async select(offer: Offer) {
      await rig.controller.offer(offer);
      await flush();
    },
  };
}

describe('an action of the menu', () => {
  it.each([
    ['several images', several('lake', 'dog'), ['lake', 'dog'], 'Cut out 2 images.'],
    ['one image', photo('lake'), ['lake'], 'Cut out 1 image.'],
  ] as const)('works on %s without a window, and closes the plugin', async (_, offer, names, message) => {
    const { document, closed, connect, select } = open(CUT_OUT);
    await select(offer);
    await connect();
    expect(document.inserted.map(({ nodeId, style }) => [nodeId, style])).toEqual(
      names.map((name) => [name, 'cutouts']),
    );
    expect(document.notices.at(-1)).toEqual({ message, error: false });
    expect(document.selected).toEqual([names.map((_name, i) => `new ${i + 1}`)]);
    expect([document.shown, closed()]).toEqual([0, 1]);
  });

  it('tells which image it is at, until the next is', async () => {
    const { document, connect, select } = open(CUT_OUT);
    await connect();
    await select(several('lake', 'dog'));
    expect(document.notices.slice(0, 2)).toEqual([
      { message: 'Working on lake, 1 of 2…', stays: true },
      { message: 'Working on dog, 2 of 2…', stays: true },
    ]);
  });

  it('says which image failed and why', async () => {
    const { document, gate, connect, select } = open({ name: 'outline', task: 'box', style: 'outlines' });
    gate.break('read dog', refuse('NODE_GONE'));
    await connect();
    await select(several('lake', 'dog'));
    expect(document.notices.at(-1)).toEqual({
      message: 'Outlined 1 of 2 images. dog: No: NODE_GONE.',
      error: false,
    });
  });

  it('takes the style of the last time where it has none of its own', async () => {
    const { document, store, connect, select } = open({ name: 'everything', task: 'everything' });
    store.dispatch({ type: 'everything', change: { type: 'chose', choices: { style: 'cutouts' } } });
    await connect();
    await select(several('lake'));
    expect(document.inserted).toMatchObject([{ style: 'cutouts' }]);
  });

  it.each([
    ['no sidecar runs', { kind: 'offline', cause: 'notRunning' }],
    ['it is not paired', { kind: 'pairing', stage: 'code' }],
  ] as const)('shows the window where %s, and goes on when that is mended', async (_, link) => {
    const { document, controller, store, closed, connect, select } = open(CUT_OUT);
    await select(several('lake', 'dog'));
    controller.linkChanged(link);
    expect(document.shown).toBe(1);
    expect(store.state.source.kind).toBe('several');
    await connect();
    expect(document.inserted).toHaveLength(2);
    expect(store.state.batch.run).toMatchObject({ kind: 'finished' });
    // Now there is a window to read the outcome in.
    expect([document.notices, closed()]).toEqual([[], 0]);
  });

  it('shows the window where nothing is selected, and begins with nothing unasked', async () => {
    const { document, store, connect, select } = open(CUT_OUT);
    await connect();
    await select({ kind: 'empty' });
    expect(document.shown).toBe(1);
    expect(store.state.batch.wanted).toEqual(CUT_OUT);
    await select(photo('lake'));
    expect(document.inserted).toEqual([]);
    expect(store.state.source).toMatchObject({ kind: 'several', images: [{ name: 'lake' }] });
  });

  it('shows the window when nothing answers for long', async () => {
    const { document, select } = open(CUT_OUT, () => Promise.resolve());
    await select(several('lake'));
    expect(document.shown).toBe(1);
  });

  it('shows the window when the sidecar is lost on the way', async () => {
    const { document, gate, store, closed, connect, select } = open(CUT_OUT);
    gate.break('mask/all', refuse('DISCONNECTED'));
    await connect();
    await select(several('lake', 'dog'));
    expect([document.shown, closed(), store.state.batch.run!.kind]).toEqual([1, 0, 'lost']);
  });
});

it('is not there when the plugin was just opened', async () => {
  const { document, store, controller } = openBatch();
  await controller.offer(several('lake'));
  controller.linkChanged({ kind: 'offline', cause: 'notRunning' });
  expect([document.shown, store.state.batch.run, store.state.batch.wanted]).toEqual([
    0,
    undefined,
    undefined,
  ]);
});
