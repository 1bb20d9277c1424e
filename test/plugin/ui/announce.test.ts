import { expect, it } from 'vitest';
import { announcementFor } from '../../../plugin/ui/announce.js';
import type { EverythingChange } from '../../../plugin/ui/everything/state.js';
import { INITIAL_STATE, reduce } from '../../../plugin/ui/state.js';
import type { Action } from '../../../plugin/ui/state.js';
import { answerTo, failure, imageNamed, ONLINE, point } from './support.js';

/** Everything said while these things happen, one after another. */
function spoken(...actions: Action[]): string[] {
  const sentences: string[] = [];
  let state = INITIAL_STATE;
  for (const action of actions) {
    const next = reduce(state, action);
    const sentence = announcementFor(next, state);
    if (sentence !== undefined) sentences.push(sentence);
    state = next;
  }
  return sentences;
}

it('tells the whole way from an image to an outline', () => {
  expect(
    spoken(
      { type: 'linkChanged', link: ONLINE },
      { type: 'sourceChanged', source: { kind: 'image', image: imageNamed('photo.jpg') } },
      { type: 'preparing', fraction: 0 },
      { type: 'preparing', fraction: 0.5 },
      { type: 'prepared', device: 'cpu' },
      { type: 'promptAdded', prompt: point(1, 1) },
      { type: 'predicting' },
      { type: 'answered', answer: answerTo([point(1, 1)]) },
      { type: 'candidatePicked', rank: 3 },
      { type: 'deliveryChanged', delivery: { kind: 'done', message: 'Saved.' } },
      { type: 'cleared' },
    ),
  ).toEqual([
    'Connected.',
    'photo.jpg, 100 by 80 pixels.',
    'Preparing the image.',
    'Ready. Mark the object.',
    'Inside. 1 mark.',
    'Object, 2 of 3: 3 nodes, at most 0.4 pixels off.',
    'Group, 3 of 3: 3 nodes, at most 0.4 pixels off.',
    'Saved.',
    'All marks cleared.',
  ]);
});

it('says an outline once, whether or not it comes before its alternatives', () => {
  const answer = answerTo([point(1, 1)]);
  const first = { ...answer, candidates: [answer.candidates[1]!], offered: 3 };
  expect(
    spoken(
      { type: 'sourceChanged', source: { kind: 'image', image: imageNamed('photo.jpg') } },
      { type: 'promptAdded', prompt: point(1, 1) },
      { type: 'predicting' },
      { type: 'answered', answer: first },
      { type: 'answered', answer },
    ).slice(2),
  ).toEqual(['Object, 2 of 3: 3 nodes, at most 0.4 pixels off.']);
});

it('says what was marked, how many marks there are, and when the outline changes with them', () => {
  expect(
    spoken(
      { type: 'sourceChanged', source: { kind: 'image', image: imageNamed('photo.jpg') } },
      { type: 'promptAdded', prompt: point(1, 1) },
      { type: 'answered', answer: answerTo([point(1, 1)]) },
      { type: 'candidatePicked', rank: 1 },
      { type: 'promptAdded', prompt: { type: 'box', box: [0, 0, 5, 5] } },
      { type: 'promptChanged', index: 0, prompt: point(1, 1, 'outside'), amend: false },
      { type: 'promptChanged', index: 0, prompt: point(2, 1, 'outside'), amend: true },
      { type: 'undone' },
      { type: 'undone' },
      { type: 'undone' },
      { type: 'undone' },
      { type: 'redone' },
    ).slice(1),
  ).toEqual([
    'Inside. 1 mark.',
    'Object, 2 of 3: 3 nodes, at most 0.4 pixels off.',
    'Part, 1 of 3: 3 nodes, at most 0.4 pixels off.',
    'Box. 2 marks.',
    'Outside. 2 marks.',
    'Inside. 2 marks.',
    '1 mark left.',
    'Object, 2 of 3: 3 nodes, at most 0.4 pixels off.',
    'All marks cleared.',
    'Inside. 1 mark.',
  ]);
});

it('says why something failed and what to do', () => {
  expect(spoken({ type: 'failed', failure: failure('BUSY') })).toEqual(['It failed. Do something.']);
});

it('says once that the sidecar is gone, however often it is looked for', () => {
  const offline: Action = { type: 'linkChanged', link: { kind: 'offline', cause: 'notRunning' } };
  expect(spoken(offline, { ...offline, link: { kind: 'offline', cause: 'notRunning' } })).toHaveLength(1);
});

it('says when nothing was found', () => {
  const nothing = { ...answerTo([point(1, 1)]), candidates: [] };
  expect(spoken({ type: 'promptAdded', prompt: point(1, 1) }, { type: 'answered', answer: nothing })).toEqual(
    ['Inside. 1 mark.', 'Nothing found here.'],
  );
});

it('says that it is working when an outline is wanted before it is there', () => {
  const waiting: Action = { type: 'deliveryChanged', delivery: { kind: 'waiting', as: 'insert' } };
  expect(spoken(waiting, { type: 'deliveryChanged', delivery: { kind: 'busy' } })).toEqual(['Working…']);
});

it('tells of everything that is found once at the beginning and once at the end', () => {
  const everything = (change: EverythingChange): Action => ({ type: 'everything', change });
  const options = { tolerancePx: 0.5, sharedEdges: false };
  const progress = { stage: 'looking', fraction: 0.5 } as const;
  expect(
    spoken(
      everything({ type: 'wanted', options, resumes: false }),
      everything({ type: 'began' }),
      everything({ type: 'progressed', progress }),
      everything({ type: 'stopped', why: 'lost' }),
      everything({ type: 'wanted', options, resumes: true }),
      everything({ type: 'began' }),
      everything({ type: 'finished', masks: [] }),
    ),
  ).toEqual([
    'Looking for everything.',
    'The connection broke. What was found is kept.',
    'Looking for everything.',
    '0 objects found.',
  ]);
});

it('tells a line led by hand from a point, and what all but the object is', () => {
  const points: [number, number][] = [
    [0, 0],
    [9, 0],
    [9, 9],
  ];
  expect(
    spoken(
      { type: 'promptAdded', prompt: { type: 'stroke', points, radiusPx: 3, label: 'inside' } },
      { type: 'promptAdded', prompt: { type: 'lasso', points, label: 'outside' } },
      { type: 'inverted' },
      { type: 'undone' },
    ),
  ).toEqual([
    'Brush, inside. 1 mark.',
    'Lasso, outside. 2 marks.',
    'All but the object.',
    'The object again.',
  ]);
});

it('says which object is worked on, not that marks are gone, when another one is begun', () => {
  expect(
    spoken(
      { type: 'promptAdded', prompt: point(1, 1) },
      { type: 'answered', answer: answerTo([point(1, 1)]) },
      { type: 'objectAdded' },
      { type: 'objectChosen', id: 1 },
    ).slice(2),
  ).toEqual([
    'Object 2; 2 objects marked.',
    'Object 1; 1 object marked. Object, 2 of 3: 3 nodes, at most 0.4 pixels off.',
  ]);
});
