/** What a person reads while several images are worked through; a part of all the words there are. */
import type { LayerStyle } from '../../bridge.js';
import type { BatchTask, QuickAction, SelectedOther } from '../../selection.js';
import { layers, plural, timeLeft } from '../phrases.js';
import type { Stage } from './state.js';

export const batchStrings = {
  images: (count: number) => `${count} ${plural(count, 'image')}`,
  layers: (count: number) => `${count} ${plural(count, 'layer')} of Cutline`,
  held: (count: number) => `${count} layers are selected.`,
  work: 'Work on all of them',
  list: 'What is selected',
  others: {
    'no-image-fill': (what: string) => `${what}, no image`,
    'image-missing': () => 'the file has lost its image',
  } satisfies Record<SelectedOther['reason'], (what: string) => string>,
  more: (count: number) => `and ${count} more`,
  tasksLabel: 'What to find in each',
  tasks: {
    largest: 'Largest object',
    box: 'Same box',
    everything: 'Everything',
    again: 'Find again',
  } satisfies Record<BatchTask, string>,
  hints: {
    largest: 'The largest thing that stands in each image, rather than around it.',
    box: '',
    everything: 'Every object of each image, as layers in a tree.',
    again: 'Their outlines, found anew with the marks that they were made with.',
  } satisfies Record<BatchTask, string>,
  boxInset: 'The object in a box around the whole image, 5\u00a0% inside of its edges.',
  boxDrawn: (across: string, down: string) =>
    `The object in the box you drew last: ${across} across, ${down} down.`,
  boxSpan: (from: number, to: number) => `${Math.round(100 * from)} to ${Math.round(100 * to)}\u00a0%`,
  boxReset: 'Use the whole image',
  stylesLabel: 'What to insert',
  styles: { outlines: 'Outlines', cutouts: 'Cut-outs' } satisfies Record<LayerStyle, string>,
  model: 'Model',
  start: {
    largest: (count: number) => `Start with ${count} ${plural(count, 'image')}`,
    box: (count: number) => `Start with ${count} ${plural(count, 'image')}`,
    everything: (count: number) => `Start with ${count} ${plural(count, 'image')}`,
    again: (count: number) => `Find ${count} ${plural(count, 'layer')} again`,
  } satisfies Record<BatchTask, (count: number) => string>,
  offline: 'It starts when the sidecar answers.',
  stages: {
    reading: 'Reading…',
    preparing: 'Getting ready…',
    looking: 'Looking…',
    inserting: 'Inserting…',
  } satisfies Record<Stage, string>,
  waiting: 'waiting',
  inserted: (count: number) => (count === 0 ? 'nothing new' : layers(count)),
  changed: 'found again',
  failed: 'not done',
  show: (name: string) => `Select the layers of ${name}`,
  progress: 'Working through the list',
  running: (done: number, all: number) => `${done} of ${all} done`,
  left: timeLeft,
  stop: 'Stop',
  over: (done: number, all: number, made: number) =>
    `${done === all ? (all === 1 ? 'Done' : `All ${all} done`) : `${done} of ${all} done`}: ${made === 0 ? 'nothing new' : layers(made)}.`,
  noneOver: 'Nothing was done.',
  stopped: 'Stopped. What was inserted stays.',
  lost: 'The connection broke. What was inserted stays.',
  goOn: 'Go on',
  retry: 'Try the failed ones again',
  close: 'Done',
  wanted: {
    'cut-out': 'Select the images to cut the subject out of.',
    outline: 'Select the images to outline the subject of.',
    everything: 'Select the images to find everything in.',
  } satisfies Record<QuickAction['name'], string>,
  wantedHint: 'One or more layers with an image fill.',
  notices: {
    working: (name: string, index: number, all: number) =>
      all === 1 ? `Working on ${name}…` : `Working on ${name}, ${index} of ${all}…`,
    done: {
      'cut-out': (done: number, all: number) => `Cut out ${shareOf(done, all, 'image')}.`,
      outline: (done: number, all: number) => `Outlined ${shareOf(done, all, 'image')}.`,
      everything: (done: number, all: number) => `Found everything in ${shareOf(done, all, 'image')}.`,
    } satisfies Record<QuickAction['name'], (done: number, all: number) => string>,
    failed: (name: string, why: string) => `${name}: ${why}`,
  },
  spoken: {
    done: (name: string) => `${name} done.`,
    failed: (name: string, why: string) => `${name}: ${why}`,
  },
} as const;

function shareOf(done: number, all: number, word: string): string {
  return done === all ? `${all} ${plural(all, word)}` : `${done} of ${all} ${plural(all, word)}`;
}
