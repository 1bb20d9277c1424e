import { expect, it } from 'vitest';
import { INITIAL_STATE, reduce } from '../../../plugin/ui/state.js';
import type { Action, State } from '../../../plugin/ui/state.js';
import { HOUSE } from './everything/support.js';
import { answerTo, imageNamed, ONLINE, point } from './support.js';

const run = (state: State, ...actions: Action[]) => actions.reduce(reduce, state);
const photos = new Map(['a.jpg', 'b.jpg'].map((name) => [name, { ...imageNamed(name), key: name }]));
const open = (name: string): Action[] => [
  { type: 'sourceChanged', source: { kind: 'opening', name } },
  { type: 'sourceChanged', source: { kind: 'image', image: photos.get(name) ?? imageNamed(name) } },
];
const begin = () => run(INITIAL_STATE, { type: 'linkChanged', link: ONLINE }, ...open('a.jpg'));
const mark: Action[] = [
  { type: 'promptAdded', prompt: point(1, 1) },
  { type: 'answered', answer: answerTo([point(1, 1)]) },
  { type: 'objectAdded' },
  { type: 'promptAdded', prompt: point(2, 2) },
];

it('what was marked on an image is there again when it comes back, undo and all', () => {
  const marked = run(begin(), ...mark);
  const other = run(marked, ...open('b.jpg'));
  expect(other.log.prompts).toEqual([]);
  expect(other.shelf.objects).toEqual([]);
  const back = run(other, ...open('a.jpg'));
  expect(back.log).toEqual(marked.log);
  expect(back.shelf).toEqual(marked.shelf);
});

it('found objects come back too, and a search that was cut off can go on', () => {
  const found: Action[] = [
    {
      type: 'everything',
      change: { type: 'wanted', options: { tolerancePx: 1, sharedEdges: false }, resumes: false },
    },
    { type: 'everything', change: { type: 'finished', masks: [HOUSE] } },
    { type: 'everything', change: { type: 'chose', choices: { style: 'outlines' } } },
  ];
  const left = run(begin(), ...found, ...open('b.jpg'));
  expect(left.everything.masks).toEqual([]);
  const chosen = run(left, { type: 'everything', change: { type: 'chose', choices: { style: 'cutouts' } } });
  const back = run(chosen, ...open('a.jpg'));
  expect(back.everything).toMatchObject({ masks: [HOUSE], style: 'cutouts', run: { kind: 'done' } });
  const running = run(begin(), found[0]!, ...open('b.jpg'), ...open('a.jpg'));
  expect(running.everything.run.kind).toBe('none');
});

it('images that nothing was done on are not kept, and of the others the last dozen', () => {
  const many = Array.from({ length: 20 }, (_, i) => `${i}.jpg`);
  const seen = run(begin(), ...many.flatMap(open));
  expect(seen.left).toEqual([]);
  const worked = run(begin(), ...many.flatMap((name) => [...open(name), ...mark]), ...open('b.jpg'));
  expect(worked.left.map(({ key }) => key)).toEqual(many.slice(-12));
});
