/** What a person can meet while several images are selected. */
import { INSET_BOX } from '../../../../plugin/ui/batch/box-shares.js';
import { NO_BATCH } from '../../../../plugin/ui/batch/state.js';
import type { Batch, BatchItem, BatchRun } from '../../../../plugin/ui/batch/state.js';
import type { State } from '../../../../plugin/ui/state.js';
import type { SeveralSelection } from '../../../../plugin/selection.js';
import { failure, ONLINE } from '../support.js';
import type { Scene } from './scenes.js';

const NAMES = ['lake.jpg', 'A photograph whose name is longer than any window is wide.jpeg', 'dog', 'truck'];

const image = (name: string, i: number) => ({
  nodeId: `1:${i}`,
  name,
  revision: 'r',
  pixels: { width: 4000, height: 3000 - 100 * i },
});

const IMAGES = NAMES.map(image);
const LAYERS = IMAGES.slice(0, 3).map((of, i) => ({
  nodeId: `2:${i}`,
  name: `Outline 1 of ${of.name}`,
  image: of,
}));

const MANY: SeveralSelection = {
  kind: 'several',
  count: 40,
  images: Array.from({ length: 31 }, (_, i) => image(`photo ${i + 1}.jpg`, i)),
  layers: LAYERS,
  others: ['Headline', 'Frame 1', 'Logo', 'Rule', 'Button', 'Arrow'].map((name, i) => ({
    nodeId: `3:${i}`,
    name,
    what: i === 0 ? 'text' : 'frame',
    reason: i === 1 ? 'image-missing' : 'no-image-fill',
  })),
};

const several = (change: Partial<SeveralSelection> = {}): SeveralSelection => ({
  kind: 'several',
  count: 4,
  images: IMAGES,
  layers: [],
  others: [],
  ...change,
});

const layers = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ nodeId: `4:${i}`, name: `Outline ${i} of photo` }));

const items = (...progress: readonly BatchItem['progress'][]): BatchItem[] =>
  IMAGES.map((of, i) => ({ name: of.name, image: of, progress: progress[i] ?? { kind: 'waiting' } }));

const GONE = {
  ...failure('NODE_GONE'),
  message: 'The image was deleted from the file.',
  hint: 'Select another image.',
};

const DONE = { kind: 'done', layers: layers(3) } as const;
const FAILED = { kind: 'failed', failure: GONE } as const;

export function batchScenes(base: State, figma: (state: State) => Scene): Record<string, Scene> {
  const selected = (source: SeveralSelection, batch: Partial<Batch> = {}): Scene =>
    figma({ ...base, source, batch: { ...NO_BATCH, ...batch } });
  const running = (run: Partial<BatchRun>): Scene =>
    selected(several(), {
      run: { task: 'largest', items: items(), kind: 'running', remainingMs: undefined, ...run },
    });
  const working = { kind: 'working', stage: 'looking', fraction: 0.4 } as const;
  const models = [...ONLINE.server.models, { id: 'other', name: 'Another model with a long name' }];
  return {
    'several-without': selected(several({ images: [], others: MANY.others, count: 6 })),
    several: selected(several()),
    'several-many': selected(MANY),
    'several-box': selected(several(), { task: 'box', box: INSET_BOX }),
    'several-box-drawn': selected(several(), { task: 'box', box: [0.1, 0.25, 0.6125, 0.8] }),
    'several-everything': selected(several(), { task: 'everything' }),
    'several-layers': selected(several({ images: [], layers: LAYERS, count: 3 })),
    'several-models': {
      ...selected(several({ images: [], layers: LAYERS, count: 3 })),
      state: {
        ...base,
        link: { ...ONLINE, server: { ...ONLINE.server, models } },
        source: several({ images: [], layers: LAYERS, count: 3 }),
      },
    },
    'several-offline': figma({ ...base, source: several(), link: { kind: 'offline', cause: 'notRunning' } }),
    'several-pairing': figma({ ...base, source: several(), link: { kind: 'pairing', stage: 'code' } }),
    'batch-begins': running({ items: items({ kind: 'working', stage: 'reading', fraction: 0 }) }),
    'batch-running': running({ items: items(DONE, working), remainingMs: 42_000 }),
    'batch-finished': running({ kind: 'finished', items: items(DONE, DONE, DONE, DONE) }),
    'batch-failed': running({ kind: 'finished', items: items(DONE, FAILED, FAILED, DONE) }),
    'batch-none': running({ kind: 'finished', items: items(FAILED, FAILED, FAILED, FAILED) }),
    'batch-stopped': running({ kind: 'stopped', items: items(DONE, FAILED) }),
    'batch-lost': running({ kind: 'lost', items: items(DONE) }),
    'quick-nothing-selected': figma({
      ...base,
      batch: { ...NO_BATCH, wanted: { name: 'cut-out', task: 'largest', style: 'cutouts' } },
    }),
  };
}
