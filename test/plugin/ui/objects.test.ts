import { describe, expect, it } from 'vitest';
import { decodeRuns, encodeRuns } from '../../../models/mask/rle.js';
import { measureRuns, runsFromRings } from '../../../models/mask/runs.js';
import { splitPath, unitePaths } from '../../../plugin/ui/objects/parts.js';
import { outlinedObjects } from '../../../plugin/ui/objects/outlined.js';
import { canRegroupAgain, objectIds } from '../../../plugin/ui/objects/shelf.js';
import { INITIAL_STATE, reduce } from '../../../plugin/ui/state.js';
import type { Action, State } from '../../../plugin/ui/state.js';
import type { Prompt } from '../../../protocol/prompt.js';
import { createController, openKnownImage, predicted, ScriptedSidecar } from './scripted-sidecar.js';
import { answerTo, imageNamed, ONLINE, point } from './support.js';

const run = (state: State, ...actions: Action[]) => actions.reduce(reduce, state);
const [a, b, c] = [point(10, 10), point(20, 20), point(30, 30)];
const mark = (prompt: Prompt): Action[] => [
  { type: 'promptAdded', prompt },
  { type: 'answered', answer: answerTo([prompt]) },
];
const another: Action = { type: 'objectAdded' };
const choose = (id: number): Action => ({ type: 'objectChosen', id });
const mask: Prompt = {
  type: 'mask',
  rle: encodeRuns({ size: { width: 4, height: 4 }, lengths: Uint32Array.of(16) }),
};

const begin = (): State =>
  run(
    INITIAL_STATE,
    { type: 'linkChanged', link: ONLINE },
    { type: 'sourceChanged', source: { kind: 'image', image: imageNamed('photo.jpg') } },
  );
const two = () => run(begin(), ...mark(a), another, ...mark(b));

describe('several objects', () => {
  it('each keeps its marks, its outline and its own undo', () => {
    const state = two();
    expect(objectIds(state.shelf)).toEqual([1, 2]);
    expect(state.log.prompts).toEqual([b]);
    const back = run(state, choose(1));
    expect(back.log.prompts).toEqual([a]);
    expect(back.answer).toEqual(answerTo([a]));
    expect(run(back, { type: 'undone' }).log.prompts).toEqual([]);
    expect(run(back, choose(2)).log.prompts).toEqual([b]);
  });

  it('begins no second one before anything is marked, and keeps no empty one', () => {
    const state = begin();
    expect(run(state, another)).toBe(state);
    const empty = run(two(), another);
    expect(objectIds(empty.shelf)).toEqual([1, 2, 3]);
    expect(objectIds(run(empty, choose(1)).shelf)).toEqual([1, 2]);
  });

  it('lets one go, and goes on with the newest of the others', () => {
    const three = run(two(), another, ...mark(c));
    const removed = run(three, { type: 'objectRemoved', id: 3 });
    expect(objectIds(removed.shelf)).toEqual([1, 2]);
    expect(removed.log.prompts).toEqual([b]);
    expect(objectIds(run(three, { type: 'objectRemoved', id: 1 }).shelf)).toEqual([2, 3]);
  });

  it('are kept when something else is selected, and go with their image', () => {
    const empty = run(two(), another);
    const held = run(empty, { type: 'sourceChanged', source: { kind: 'empty' } });
    expect(objectIds(held.shelf)).toEqual([1, 2, 3]);
    const other = run(held, { type: 'sourceChanged', source: { kind: 'image', image: imageNamed('b.jpg') } });
    expect(objectIds(other.shelf)).toEqual([1]);
  });

  it('those with an outline can be listed, by id', () => {
    expect(outlinedObjects(run(two(), another, choose(1))).map(({ id }) => id)).toEqual([1, 2]);
  });
});

describe('merging and splitting', () => {
  const merged = (state: State) => run(state, { type: 'regrouped', gone: [1, 2], made: [answerTo([mask])] });

  it('puts what was made in the place of what it comes of', () => {
    const state = merged(two());
    expect(objectIds(state.shelf)).toEqual([2]);
    expect(state.log.prompts).toEqual([mask]);
    expect(state.answer?.prompts).toEqual([mask]);
    const split = run(begin(), ...mark(a), {
      type: 'regrouped',
      gone: [1],
      made: [answerTo([mask]), answerTo([b])],
    });
    expect(objectIds(split.shelf)).toEqual([1, 2]);
    expect(run(split, choose(2)).log.prompts).toEqual([b]);
  });

  it('is one step of undo, also after more was marked', () => {
    const before = two();
    const undone = run(merged(before), { type: 'undone' });
    expect(undone.shelf.objects).toEqual(before.shelf.objects);
    expect(undone.log).toEqual(before.log);
    const later = run(
      merged(before),
      { type: 'promptAdded', prompt: c },
      { type: 'undone' },
      { type: 'undone' },
    );
    expect(later.shelf.objects).toEqual(before.shelf.objects);
  });

  it('is one step of redo, until something else is done', () => {
    const [undo, redo]: Action[] = [{ type: 'undone' }, { type: 'redone' }];
    const after = merged(two());
    const undone = run(after, undo!);
    expect(canRegroupAgain(undone)).toBe(true);
    const again = run(undone, redo!);
    expect(again).toEqual(after);
    expect(run(again, undo!, redo!)).toEqual(after);
    // Undone further and done again, merging is what comes next.
    expect(run(undone, undo!, redo!, redo!)).toEqual(after);
    expect(canRegroupAgain(run(undone, { type: 'promptAdded', prompt: c }))).toBe(false);
    const elsewhere = run(undone, choose(1), choose(2));
    expect(run(elsewhere, redo!).shelf.objects).toEqual(elsewhere.shelf.objects);
  });

  it('takes the parts of an outline, holes and all, the largest first', () => {
    const image = { width: 40, height: 30 };
    const path =
      'M 2 2 L 6 2 L 6 6 L 2 6 Z M 10 10 L 30 10 L 30 28 L 10 28 Z M 15 15 L 15 20 L 20 20 L 20 15 Z';
    const parts = splitPath(path, image).map((rle) => measureRuns(decodeRuns(rle)));
    expect(parts).toEqual([
      { area: 20 * 18 - 25, box: [10, 10, 30, 28] },
      { area: 16, box: [2, 2, 6, 6] },
    ]);
  });

  it('unites outlines that overlap', () => {
    const image = { width: 40, height: 30 };
    const square = (x: number) => `M ${x} 5 L ${x + 10} 5 L ${x + 10} 15 L ${x} 15 Z`;
    const whole = runsFromRings([Float64Array.of(5, 5, 20, 5, 20, 15, 5, 15)], image);
    expect(unitePaths([square(5), square(10)], image)).toEqual(encodeRuns(whole));
  });
});

describe('merging with the sidecar', () => {
  const twoOutlined = async () => {
    const sidecar = new ScriptedSidecar();
    const { store, controller, delivered } = createController();
    await openKnownImage(controller, sidecar);
    for (const prompt of [a, b]) {
      store.dispatch({ type: 'objectAdded' });
      store.dispatch({ type: 'promptAdded', prompt });
      await sidecar.last.answer(predicted());
    }
    return { sidecar, store, controller, delivered };
  };

  it('makes one object of all, and says that it works meanwhile', async () => {
    const { sidecar, store, controller } = await twoOutlined();
    void controller.regrouping.merge();
    expect(store.state.delivery.kind).toBe('busy');
    await sidecar.last.answer(predicted());
    expect(objectIds(store.state.shelf)).toHaveLength(1);
    expect(store.state.log.prompts).toMatchObject([{ type: 'mask' }]);
    expect(store.state.delivery.kind).toBe('idle');
  });

  it('does not get in the way of a delivery, nor of what was marked meanwhile', async () => {
    const { sidecar, store, controller, delivered } = await twoOutlined();
    void controller.regrouping.merge();
    const merging = sidecar.last;
    store.dispatch({ type: 'promptAdded', prompt: c });
    controller.deliver('svg');
    await merging.answer(predicted());
    expect(store.state.delivery.kind).toBe('waiting');
    expect(objectIds(store.state.shelf)).toHaveLength(2);
    await sidecar.last.answer(predicted());
    expect(delivered).toHaveLength(2);
  });

  it('is called off with its image, and says nothing about it', async () => {
    const { sidecar, store, controller } = await twoOutlined();
    void controller.regrouping.merge();
    const merging = sidecar.last;
    store.dispatch({ type: 'sourceChanged', source: { kind: 'image', image: imageNamed('other.jpg') } });
    expect(merging.signal?.aborted).toBe(true);
    await merging.fail(new Error('gone'));
    expect(store.state.delivery.kind).toBe('idle');
  });
});
