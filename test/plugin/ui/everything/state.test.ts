import { describe, expect, it } from 'vitest';
import {
  chosenObjects,
  hoveredObject,
  NO_OBJECTS,
  reduceEverything,
} from '../../../../plugin/ui/everything/state.js';
import type { Everything, EverythingChange } from '../../../../plugin/ui/everything/state.js';
import { isAnswered, questionOf } from '../../../../plugin/ui/question.js';
import { INITIAL_STATE, reduce } from '../../../../plugin/ui/state.js';
import type { Action, State } from '../../../../plugin/ui/state.js';
import type { EverythingProgress, FoundMask } from '../../../../protocol/everything.js';
import { failure, imageNamed, ONLINE, point } from '../support.js';
import { DOOR, foundBox, HOUSE, SCENE, TREE, WINDOW } from './support.js';

const run = (state: Everything, ...changes: EverythingChange[]) => changes.reduce(reduceEverything, state);
const found = run(NO_OBJECTS, { type: 'finished', masks: SCENE });
const chosen = (state: Everything) => chosenObjects(state).map(({ mask }) => mask.id);
const standing = (masks: readonly FoundMask[]) => masks.map(({ id, parent }) => ({ id, parent }));
const came = (value: Partial<EverythingProgress>): EverythingChange => ({
  type: 'progressed',
  progress: { stage: 'looking', fraction: 0.5, ...value },
});
const options = { tolerancePx: 0.5, sharedEdges: false };

describe('while they are found', () => {
  it('keeps a valid tree: new ones, better ones, those that gave way, new parents', () => {
    const lone = { ...WINDOW, parent: null };
    const first = run(NO_OBJECTS, came({ masks: [lone], arrangement: standing([lone]), cursor: '1' }));
    expect(first.shown.map(({ depth }) => depth)).toEqual([0]);
    const stray = foundBox(9, null, [0, 0, 5, 5]);
    const second = run(
      first,
      came({ masks: [HOUSE, DOOR, stray], arrangement: standing([HOUSE, DOOR, WINDOW, stray]) }),
    );
    expect(second.shown.map(({ mask, depth }) => [mask.id, depth])).toEqual([
      [1, 0],
      [2, 1],
      [3, 2],
      [9, 0],
    ]);
    const third = run(second, came({ dropped: [9], arrangement: standing([HOUSE, DOOR, WINDOW]) }));
    expect(third.masks.map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(third.cursor).toBe('1');
  });

  it('changes nothing on the screen when only time has passed', () => {
    const later = run(found, came({ remainingMs: 900 }));
    expect(later.shown).toBe(found.shown);
    expect(later.run).toMatchObject({ kind: 'running', remainingMs: 900 });
  });

  it('lets go of what is pointed at when that gives way', () => {
    const hovered = run(found, { type: 'hovered', hover: { chain: [4], index: 0, from: 'canvas' } });
    expect(hoveredObject(hovered)?.mask).toBe(TREE);
    const dropped = run(hovered, came({ dropped: [4], arrangement: standing([HOUSE, DOOR, WINDOW]) }));
    expect(dropped.hover).toBeUndefined();
  });

  it('gives back what was found before when another search ends without anything', () => {
    const again = run(found, { type: 'wanted', options, resumes: false }, { type: 'began' });
    expect(again.masks).toEqual([]);
    for (const end of [
      { type: 'stopped', why: 'lost' },
      { type: 'stopped', why: 'person' },
      { type: 'failed', failure: failure('INTERNAL') },
    ] as const) {
      const ended = run(again, { type: 'chose', choices: { style: 'cutouts' } }, end);
      expect([ended.masks, ended.shown]).toEqual([found.masks, found.shown]);
      expect(ended.style).toBe('cutouts');
    }
    const inserting = run(found, { type: 'deliveryChanged', delivery: { kind: 'busy', done: 1, total: 4 } });
    const inserted = run(
      inserting,
      { type: 'wanted', options, resumes: false },
      { type: 'deliveryChanged', delivery: { kind: 'done', message: 'Inserted 4.' } },
      { type: 'stopped', why: 'person' },
    );
    expect([inserted.masks, inserted.delivery.kind]).toEqual([found.masks, 'done']);
    expect(inserted.run.kind).toBe('done');
    const twice = run(again, { type: 'wanted', options, resumes: false }, { type: 'stopped', why: 'lost' });
    expect(twice.masks).toEqual(found.masks);
    const other = run(again, came({ masks: [TREE], arrangement: standing([TREE]) }));
    expect(run(other, { type: 'stopped', why: 'lost' }).masks).toEqual([TREE]);
    expect(run(again, { type: 'finished', masks: [] }).masks).toEqual([]);
  });

  it('keeps what was found when it is stopped, breaks or fails, and begins anew or goes on when asked', () => {
    const ends: EverythingChange[] = [
      { type: 'stopped', why: 'person' },
      { type: 'stopped', why: 'lost' },
      { type: 'failed', failure: failure('BUSY') },
    ];
    for (const end of ends) expect(run(found, end).masks).toBe(found.masks);
    expect(run(found, { type: 'wanted', options, resumes: true }).masks).toBe(found.masks);
    expect(run(found, { type: 'wanted', options, resumes: false }).masks).toEqual([]);
  });
});

describe('choosing', () => {
  it('chooses all at first, and an object with its parts', () => {
    expect(chosen(found)).toEqual([1, 2, 3, 4]);
    const without = run(found, { type: 'checked', id: DOOR.id, checked: false });
    expect(chosen(without)).toEqual([1, 4]);
    expect(chosen(run(without, { type: 'checked', id: HOUSE.id, checked: true }))).toEqual([1, 2, 3, 4]);
  });

  it('chooses only what is shown, and remembers the rest', () => {
    const part = run(found, { type: 'checked', id: WINDOW.id, checked: false });
    const large = run(part, { type: 'slid', sliders: { large: 0.7 } });
    expect(chosen(large)).toEqual([1, 4]);
    expect(chosen(run(large, { type: 'slid', sliders: { large: 0 } }))).toEqual([1, 2, 4]);
  });

  it('leaves out what has a layer, but not what is ticked in spite of it', () => {
    const layered = run(found, { type: 'layersListed', ids: new Set([DOOR.id]) });
    expect(chosen(layered)).toEqual([1, 3, 4]);
    const all = run(layered, { type: 'allChecked', checked: false }, { type: 'allChecked', checked: true });
    expect(chosen(all)).toEqual([1, 3, 4]);
    const meant = run(layered, { type: 'checked', id: DOOR.id, checked: true });
    expect(chosen(run(meant, { type: 'layersListed', ids: new Set([DOOR.id]) }))).toEqual([1, 2, 3, 4]);
  });

  it('forgets what was inserted as soon as something else would be', () => {
    const done = run(found, { type: 'deliveryChanged', delivery: { kind: 'done', message: 'Done.' } });
    expect(run(done, { type: 'checked', id: 4, checked: false }).delivery.kind).toBe('idle');
    expect(run(done, { type: 'slid', sliders: { more: 0.5 } }).delivery.kind).toBe('idle');
  });
});

describe('in the whole interface', () => {
  const everything = (change: EverythingChange): Action => ({ type: 'everything', change });
  const all = (state: State, ...actions: Action[]) => actions.reduce(reduce, state);
  const open = (name: string): Action => ({
    type: 'sourceChanged',
    source: { kind: 'image', image: imageNamed(name) },
  });
  const scene = all(
    INITIAL_STATE,
    { type: 'linkChanged', link: ONLINE },
    open('photo.jpg'),
    { type: 'tabChosen', tab: 'everything' },
    everything({ type: 'chose', choices: { style: 'cutouts' } }),
    everything({ type: 'finished', masks: SCENE }),
  );

  it('drops the objects with their image, and keeps the choices', () => {
    const other = all(scene, open('other.jpg'));
    expect(other.everything.masks).toEqual([]);
    expect(other.everything.style).toBe('cutouts');
    expect(other.tab).toBe('everything');
  });

  it('keeps objects and image when nothing is selected for a while', () => {
    const held = all(scene, { type: 'sourceChanged', source: { kind: 'empty' } });
    expect(held.everything.masks).toHaveLength(4);
    expect(held.source.kind).toBe('image');
    expect(all(held, { type: 'promptAdded', prompt: point(1, 1) }, { type: 'cleared' }).source.kind).toBe(
      'image',
    );
  });

  it('takes an object to the other tab as the mark to start from, with its outline there at once', () => {
    const taken = all(scene, { type: 'objectTaken', mask: DOOR });
    expect(taken.tab).toBe('object');
    expect(questionOf(taken)?.prompts).toEqual([{ type: 'mask', rle: DOOR.rle }]);
    expect(isAnswered(taken)).toBe(true);
    const refined = all(taken, { type: 'promptAdded', prompt: point(50, 50) });
    expect(questionOf(refined)?.prompts).toEqual([{ type: 'mask', rle: DOOR.rle }, point(50, 50)]);
    expect(all(refined, { type: 'undone' }, { type: 'undone' }).log.prompts).toEqual([]);
  });

  it('goes back by undo to what was marked before an object was taken', () => {
    const marked = all(scene, { type: 'promptAdded', prompt: point(5, 5) });
    const taken = all(marked, { type: 'tabChosen', tab: 'everything' }, { type: 'objectTaken', mask: DOOR });
    expect(all(taken, { type: 'undone' }).log.prompts).toEqual([point(5, 5)]);
  });

  it('shows the tab where marks are, once something is marked', () => {
    expect(all(scene, { type: 'promptAdded', prompt: point(5, 5) }).tab).toBe('object');
  });
});
