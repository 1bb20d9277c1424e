import { describe, expect, it } from 'vitest';
import type { Prompt } from '../../../protocol/prompt.js';
import {
  chosenCandidate,
  INITIAL_STATE,
  questionOf,
  reduce,
  sameQuestion,
} from '../../../plugin/ui/state.js';
import type { Action, State } from '../../../plugin/ui/state.js';
import { answerTo, failure, imageNamed, ONLINE, point } from './support.js';

const run = (state: State, ...actions: Action[]) => actions.reduce(reduce, state);
const add = (prompt: Prompt): Action => ({ type: 'promptAdded', prompt });
const open = (name: string): Action => ({
  type: 'sourceChanged',
  source: { kind: 'image', image: imageNamed(name) },
});

const a = point(10, 10);
const b = point(20, 20);

/** An image with one prompt that has been answered with three candidates, the second suggested. */
function answered(): State {
  const state = run(INITIAL_STATE, { type: 'linkChanged', link: ONLINE }, open('photo.jpg'), add(a));
  return run(state, { type: 'answered', answer: answerTo([a]) });
}

describe('prompts', () => {
  it('asks nothing until something is marked', () => {
    expect(questionOf(run(INITIAL_STATE, open('photo.jpg')))).toBeUndefined();
  });

  it('forgets the outline when the last mark goes, and undo brings the mark back', () => {
    const cleared = run(answered(), { type: 'cleared' });
    expect(cleared.answer).toBeUndefined();
    expect(run(cleared, { type: 'undone' }).log.prompts).toEqual([a]);
  });

  it('keeps the old outline while the next answer is under way', () => {
    const state = run(answered(), add(b), { type: 'predicting' });
    expect(state.answer?.prompts).toEqual([a]);
    expect(chosenCandidate(state)?.rank).toBe(2);
  });

  it('takes marks while nothing is connected', () => {
    const state = run(
      INITIAL_STATE,
      { type: 'linkChanged', link: { kind: 'offline', cause: 'notRunning' } },
      open('x'),
      add(a),
    );
    expect(questionOf(state)?.prompts).toEqual([a]);
  });

  it('makes one step of undo of a whole drag', () => {
    const state = answered();
    const drag = (x: number, amend: boolean): Action => ({
      type: 'promptChanged',
      index: 0,
      prompt: point(x, 10),
      amend,
    });
    const dragged = run(state, drag(11, false), drag(12, true), drag(13, true));
    expect(dragged.log.prompts).toEqual([point(13, 10)]);
    expect(run(dragged, { type: 'undone' }).log.prompts).toEqual([a]);
  });
});

describe('candidates', () => {
  it('shows the suggested one until another is picked', () => {
    expect(chosenCandidate(answered())?.rank).toBe(2);
    expect(chosenCandidate(run(answered(), { type: 'candidatePicked', rank: 3 }))?.rank).toBe(3);
  });

  it('asks nothing new for a pick', () => {
    const state = run(answered(), { type: 'candidatePicked', rank: 3 });
    expect(sameQuestion(questionOf(state), state.answer)).toBe(true);
  });

  it('sends the pick along once another mark follows it', () => {
    const state = run(answered(), { type: 'candidatePicked', rank: 3 }, add(b));
    expect(questionOf(state)?.prompts).toEqual([a, { type: 'pick', rank: 3 }, b]);
    expect(chosenCandidate(state)?.rank).toBe(3);
  });

  it('changes a pick instead of adding another', () => {
    const state = run(answered(), { type: 'candidatePicked', rank: 3 }, { type: 'candidatePicked', rank: 1 });
    expect(state.log.prompts).toEqual([a, { type: 'pick', rank: 1 }]);
    expect(run(state, { type: 'undone' }).log.prompts).toEqual([a]);
  });

  it('ignores a rank that is not there', () => {
    const state = answered();
    expect(run(state, { type: 'candidatePicked', rank: 4 })).toBe(state);
  });
});

describe('selection in the document', () => {
  it('starts over with another image', () => {
    const state = run(answered(), open('other.jpg'));
    expect(state.log.prompts).toEqual([]);
    expect(state.answer).toBeUndefined();
  });

  it('keeps the image and its marks when something without an image is selected', () => {
    const state = run(answered(), { type: 'sourceChanged', source: { kind: 'several', count: 2 } });
    expect(state.source.kind).toBe('image');
    expect(run(state, { type: 'cleared' }).source).toEqual({ kind: 'several', count: 2 });
  });

  it('stays with the image when it is selected again before clearing', () => {
    const state = run(
      answered(),
      { type: 'sourceChanged', source: { kind: 'empty' } },
      { type: 'sourceReturned' },
    );
    expect(run(state, { type: 'cleared' }).source.kind).toBe('image');
  });

  it('follows the selection at once when nothing is marked', () => {
    const state = run(INITIAL_STATE, open('photo.jpg'), { type: 'sourceChanged', source: { kind: 'empty' } });
    expect(state.source.kind).toBe('empty');
  });
});

describe('connection', () => {
  it('keeps marks and outline when the sidecar goes away', () => {
    const state = run(answered(), { type: 'linkChanged', link: { kind: 'searching' } });
    expect(state.work.kind).toBe('waiting');
    expect(state.log.prompts).toEqual([a]);
    expect(state.answer).toBeDefined();
  });

  it('shows the device once it is known', () => {
    const { link } = run(answered(), { type: 'prepared', device: 'cuda' });
    expect(link).toMatchObject({ kind: 'online', server: { device: 'cuda' } });
  });

  it('keeps a failure until the next attempt', () => {
    const failed = run(answered(), { type: 'failed', failure: failure('BUSY') });
    expect(failed.work.kind).toBe('failed');
    expect(run(failed, { type: 'predicting' }).work.kind).toBe('predicting');
  });
});

it('forgets what was delivered as soon as the outline may differ', () => {
  const delivered = run(answered(), {
    type: 'deliveryChanged',
    delivery: { kind: 'done', message: 'Saved.' },
  });
  expect(run(delivered, { type: 'toleranceChanged', tolerancePx: 2 }).delivery.kind).toBe('idle');
  expect(run(delivered, add(b)).delivery.kind).toBe('idle');
});
