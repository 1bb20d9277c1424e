/** One state for each thing that a person can meet, for the gallery to show. */
import { defaultTolerancePx } from '../../../../models/coordinates.js';
import type { Candidate } from '../../../../protocol/outline.js';
import type { Prompt } from '../../../../protocol/prompt.js';
import { NO_OBJECTS, reduceEverything } from '../../../../plugin/ui/everything/state.js';
import type { Everything } from '../../../../plugin/ui/everything/state.js';
import { foundScene } from '../../../support/found-scene.js';
import { INITIAL_STATE } from '../../../../plugin/ui/state.js';
import type { Failure, SourceImage } from '../../../../plugin/ui/situation.js';
import { strings } from '../../../../plugin/ui/strings.js';
import type { Answer } from '../../../../plugin/ui/question.js';
import type { State } from '../../../../plugin/ui/state.js';
import { ONLINE } from '../support.js';
import { batchScenes } from './batch-scenes.js';

export interface Scene {
  readonly host: 'figma' | 'workbench';
  readonly state: State;
  /** Selector of what is clicked once it is there. */
  readonly click?: string;
  /** And then this. */
  readonly alsoClick?: string;
}

const busy: Failure = {
  code: 'BUSY',
  message: 'The sidecar has too much to do.',
  hint: 'Try again in a few seconds.',
  requestId: '7f3a9c',
};

/** What suits the sample. */
const TOLERANCE_PX = defaultTolerancePx({ width: 1200, height: 800 });

/** Rings of the sample's donut, plate and icing, near enough. */
const circle = (x: number, y: number, r: number) => {
  const k = 0.5523 * r;
  return `M ${x - r} ${y} C ${x - r} ${y - k} ${x - k} ${y - r} ${x} ${y - r} C ${x + k} ${y - r} ${x + r} ${y - k} ${x + r} ${y} C ${x + r} ${y + k} ${x + k} ${y + r} ${x} ${y + r} C ${x - k} ${y + r} ${x - r} ${y + k} ${x - r} ${y} Z`;
};

function candidate(rank: number, x: number, y: number, r: number, hole: number, nodes: number): Candidate {
  const path = hole > 0 ? `${circle(x, y, r)} ${circle(x, y, hole)}` : circle(x, y, r);
  return {
    rank,
    predictedIou: 0.9,
    stabilityScore: 0.95,
    area: Math.round(Math.PI * (r * r - hole * hole)),
    box: [x - r, y - r, x + r, y + r],
    outline: { path, nodes, rings: hole > 0 ? 2 : 1, tolerancePx: TOLERANCE_PX, maxDeviationPx: 0.46 },
  };
}

const marks: readonly Prompt[] = [
  { type: 'point', x: 240, y: 470, label: 'inside' },
  { type: 'point', x: 400, y: 370, label: 'inside' },
  { type: 'point', x: 318, y: 424, label: 'outside' },
];
const donut: Answer = {
  prompts: marks,
  tolerancePx: TOLERANCE_PX,
  candidates: [
    candidate(1, 318, 421, 102, 47, 31),
    candidate(2, 318, 424, 118, 40, 42),
    candidate(3, 330, 420, 216, 0, 24),
  ],
  suggested: 2,
};

const LAYER = { nodeId: '1:9', name: 'Outline 1 of photo.jpg' };

const SELECTED_LAYERS = [1, 2, 3].map((i) => ({
  nodeId: `1:${i}`,
  name: `Outline ${i} of photo.jpg`,
  image: { nodeId: '1:9', name: 'photo.jpg', revision: 'r', pixels: { width: 1200, height: 800 } },
}));

/** @param image The sample, decoded. */
export function makeScenes(image: SourceImage): Record<string, Scene> {
  const base: State = { ...INITIAL_STATE, link: ONLINE };
  const open: State = { ...base, source: { kind: 'image', image }, work: { kind: 'ready' } };
  const withMarks: State = {
    ...open,
    log: { prompts: marks, past: [[], marks.slice(0, 1), marks.slice(0, 2)], future: [] },
  };
  const done: State = { ...withMarks, answer: donut };
  const manyNodes: Answer = {
    ...donut,
    candidates: donut.candidates.map((each) => ({
      ...each,
      outline: { ...each.outline, nodes: 2149, maxDeviationPx: 0.08 },
    })),
  };
  const offline = (cause: 'notRunning' | 'blocked' | 'safari'): State => ({
    ...open,
    link: { kind: 'offline', cause },
    work: { kind: 'waiting' },
  });
  const boxed: Prompt = { type: 'box', box: [820, 90, 1060, 300] };
  const apple: Answer = {
    ...donut,
    prompts: [boxed],
    candidates: [candidate(1, 944, 194, 100, 0, 18)],
    suggested: 1,
  };
  const stroke: Prompt = {
    type: 'stroke',
    points: [
      [230, 500],
      [260, 530],
      [310, 540],
    ],
    radiusPx: 20,
    label: 'outside',
  };
  const painted = {
    log: { prompts: [...marks, stroke], past: [[]], future: [] },
    answer: { ...donut, prompts: [...marks, stroke] },
  };
  const around: Prompt = {
    type: 'lasso',
    points: [
      [820, 90],
      [950, 60],
      [1070, 150],
      [1050, 290],
      [900, 320],
      [820, 250],
    ],
    label: 'inside',
  };
  const lassoed: Answer = { ...apple, prompts: [around] };
  const adjusted: readonly Prompt[] = [...marks, { type: 'grow', px: -3 }, { type: 'invert' }];
  const appleAside = {
    id: 1,
    log: { prompts: [boxed], past: [], future: [] },
    answer: apple,
    refined: undefined,
    openLayer: undefined,
  };
  const figma = (state: State): Scene => ({ host: 'figma', state });
  const workbench = (state: State): Scene => ({ host: 'workbench', state });
  const withMenu = (scene: Scene): Scene => ({ ...scene, click: '.delivery .more > button' });
  const withMainMenu = (scene: Scene): Scene => ({ ...scene, click: '.menu > button' });
  const wrong: Failure = {
    code: 'PAIRING_CODE_WRONG',
    message: 'That code is not the one shown.',
    hint: '4 tries are left.',
  };
  const tooLarge: Failure = {
    code: 'IMAGE_TOO_LARGE',
    message: 'The image file has 275 MB; 25 MB is the most.',
    hint: 'Save it smaller, or as JPEG.',
  };
  const tooSmall: Failure = {
    code: 'IMAGE_TOO_SMALL',
    message: 'The image has 4×4 pixels, too few to find anything in.',
    hint: 'Use an image of at least 8 pixels each way.',
  };
  const masks = foundScene(image, { columns: 4, rows: 3 });
  const objects: Everything = {
    ...reduceEverything(NO_OBJECTS, { type: 'finished', masks }),
    runOptions: { tolerancePx: TOLERANCE_PX, sharedEdges: false },
    cursor: 'cursor',
  };
  const found = (change: Partial<Everything>): State => ({
    ...open,
    tab: 'everything',
    everything: { ...objects, ...change },
  });
  const running = { kind: 'running', fraction: 0.6, remainingMs: 6_200, isFinishing: false } as const;
  return {
    everything: figma({ ...open, tab: 'everything' }),
    'everything-wanted': figma(found({ ...NO_OBJECTS, run: { kind: 'wanted' } })),
    'everything-running': figma(found({ run: running })),
    'everything-stopped': figma(found({ run: { kind: 'stopped', why: 'person' } })),
    'everything-lost': figma(found({ run: { kind: 'stopped', why: 'lost' } })),
    'everything-failed': figma(found({ run: { kind: 'failed', failure: busy } })),
    'everything-done': figma(found({})),
    'everything-stale': figma(found({ sharedEdges: true })),
    'everything-none': figma(found({ ...NO_OBJECTS, run: { kind: 'done' } })),
    'everything-hovered': figma(found({ hover: { chain: [3, 2, 1], index: 1, from: 'canvas' } })),
    'everything-layered': figma({
      ...found({}),
      everything: reduceEverything(objects, { type: 'layersListed', ids: new Set([2, 4, 5]) }),
    }),
    'everything-inserting': figma(found({ delivery: { kind: 'busy', done: 12, total: 36 } })),
    'everything-insert-failed': figma(found({ delivery: { kind: 'failed', failure: busy } })),
    'everything-inserted': figma(found({ delivery: { kind: 'done', message: 'Inserted 36 layers.' } })),
    'workbench-everything': workbench(found({})),
    'workbench-everything-running': workbench(found({ run: running })),
    'no-selection': figma(base),
    'not-an-image': figma({ ...base, source: { kind: 'notImage', name: 'Headline', reason: 'noImage' } }),
    ...batchScenes(base, figma),
    opening: figma({ ...base, source: { kind: 'opening', name: 'photo.jpg' } }),
    searching: figma({ ...open, link: { kind: 'searching' }, work: { kind: 'waiting' } }),
    'not-running': figma(offline('notRunning')),
    blocked: figma(offline('blocked')),
    safari: figma(offline('safari')),
    'not-running-empty': figma({ ...base, link: { kind: 'offline', cause: 'notRunning' } }),
    pairing: figma({ ...open, link: { kind: 'pairing', stage: 'code' }, work: { kind: 'waiting' } }),
    'pairing-wrong': figma({ ...open, link: { kind: 'pairing', stage: 'code', failure: wrong } }),
    'pairing-ended': figma({ ...open, link: { kind: 'pairing', stage: 'ended', failure: wrong } }),
    'pairing-checking': figma({ ...open, link: { kind: 'pairing', stage: 'checking' } }),
    menu: withMainMenu(figma(done)),
    'menu-offline': withMainMenu(figma({ ...base, link: { kind: 'offline', cause: 'notRunning' } })),
    refused: figma({
      ...open,
      link: {
        kind: 'refused',
        failure: {
          ...busy,
          code: 'PROTOCOL_MISMATCH',
          message: 'The client speaks protocol 1, this sidecar 2 to 3.',
          hint: 'Update the client (the plugin).',
        },
      },
    }),
    preparing: figma({ ...open, work: { kind: 'preparing', fraction: 0.4, remainingMs: 3_100 } }),
    'preparing-marked': figma({
      ...withMarks,
      work: { kind: 'preparing', fraction: 0.4, remainingMs: 3_100 },
    }),
    ready: figma(open),
    predicting: figma({ ...withMarks, work: { kind: 'predicting' } }),
    delivering: figma({
      ...done,
      answer: { ...donut, prompts: marks.slice(0, 2) },
      work: { kind: 'predicting' },
      delivery: { kind: 'waiting', as: 'insert' },
    }),
    outline: figma(done),
    'many-nodes': figma({ ...done, answer: manyNodes }),
    'layer-selected': figma({ ...open, selectedLayer: LAYER }),
    'layers-selected': figma({ ...open, selectedLayers: SELECTED_LAYERS }),
    'several-held': figma({
      ...done,
      heldSource: {
        kind: 'several',
        count: 3,
        images: SELECTED_LAYERS.map(({ image: of }) => of),
        layers: [],
        others: [],
      },
    }),
    'layer-open': figma({ ...done, selectedLayer: LAYER, openLayer: LAYER }),
    'outline-as-image': figma({ ...done, preferred: 'insertImage' }),
    'delivery-menu': withMenu(figma({ ...done, preferred: 'insertFurryImage' })),
    selected: figma({ ...done, selected: 2 }),
    box: figma({
      ...open,
      tool: 'box',
      log: { prompts: [boxed], past: [[]], future: [marks] },
      answer: apple,
    }),
    objects: figma({ ...done, shelf: { objects: [appleAside], currentId: 2, regrouped: undefined } }),
    brush: figma({ ...done, ...painted, tool: 'brush', label: 'outside' }),
    lasso: figma({
      ...open,
      log: { prompts: [around], past: [[]], future: [] },
      answer: lassoed,
      tool: 'lasso',
    }),
    adjusted: figma({
      ...done,
      log: { ...done.log, prompts: adjusted },
      answer: { ...donut, prompts: adjusted },
    }),
    nothing: figma({ ...withMarks, answer: { ...donut, candidates: [] } }),
    error: figma({ ...withMarks, work: { kind: 'failed', failure: busy } }),
    lost: figma({ ...done, link: { kind: 'searching' } }),
    inserted: figma({ ...done, delivery: { kind: 'done', message: 'Inserted “Outline 1 of sample.png”.' } }),
    'inserted-beside': figma({
      ...done,
      delivery: {
        kind: 'done',
        message: strings.delivered.inserted('Outline 1 of sample.png', { name: 'Card', closed: 'instance' }),
      },
    }),
    'separated-beside': figma({
      ...done,
      delivery: {
        kind: 'done',
        message: strings.delivered.separated('sample.png', 'hide', {
          name: 'Union of everything on this card',
          closed: 'booleanOperation',
        }),
      },
    }),
    'picture-refused': figma({
      ...done,
      delivery: {
        kind: 'failed',
        failure: {
          code: 'IMAGE_TOO_LARGE',
          message: 'The object is 4120×900 pixels, and Figma takes pictures of at most 4096 a side.',
          hint: 'Insert a cut-out instead, which shows the image itself.',
        },
        offer: 'insertCutout',
      },
    }),
    'insert-failed': figma({
      ...done,
      delivery: {
        kind: 'failed',
        failure: {
          code: 'NODE_GONE',
          message: 'The image’s layer is gone.',
          hint: 'Select an image and try again.',
        },
      },
    }),
    'menu-language': {
      ...figma(done),
      click: '.header .menu > button',
      alsoClick: '.menu-sections details:nth-of-type(3) > summary',
    },
    'workbench-empty': workbench(base),
    'workbench-unreadable': workbench({
      ...base,
      source: {
        kind: 'unreadable',
        name: 'notes.txt',
        failure: {
          code: 'IMAGE_UNREADABLE',
          message: 'The file is not an image that can be shown here.',
          hint: 'Use PNG, JPEG, WebP, GIF or AVIF; the command line reads TIFF, too.',
        },
      },
    }),
    'workbench-refused-file': workbench({ ...done, delivery: { kind: 'failed', failure: tooLarge } }),
    'too-small': workbench({ ...open, work: { kind: 'failed', failure: tooSmall } }),
    'workbench-outline': workbench(done),
    'workbench-delivery-menu': withMenu(workbench({ ...done, preferred: 'softCutout' })),
    'workbench-offline': workbench(offline('notRunning')),
    'workbench-saved': workbench({
      ...done,
      delivery: { kind: 'done', message: 'Saved sample outline.svg.' },
    }),
  };
}
