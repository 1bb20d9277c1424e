/** The objects found in the image, what of them is wanted, and the one pure function that changes that. */
import type { LayerStyle } from '../../bridge.js';
import type { EverythingProgress, FoundMask, TreeFormat } from '../../../protocol/everything.js';
import type { Failure } from '../situation.js';
import { ALL_SHOWN, arrange } from './arrange.js';
import type { Arranged, ShownObject, Sliders } from './arrange.js';
import { mergeProgress } from '../../../protocol/merge-progress.js';

/** How the search goes. What was found is kept whatever happens to it. */
type Run =
  | { readonly kind: 'none' }
  /** Asked for; begins once the image is prepared. */
  | { readonly kind: 'wanted' }
  | {
      readonly kind: 'running';
      readonly fraction: number;
      readonly remainingMs: number | undefined;
      /** Nothing is asked any more: what was found is put in order. */
      readonly isFinishing: boolean;
    }
  | { readonly kind: 'stopped'; readonly why: 'person' | 'lost' }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'done' };

/** What a run is made with; asking for something else needs another run. */
interface RunOptions {
  readonly tolerancePx: number;
  readonly sharedEdges: boolean;
}

/** An object under the pointer or the cursor, and those around it. */
export interface Hover {
  /** Ids: the object at the very place, then what it is a part of, and so on. */
  readonly chain: readonly number[];
  /** Which of them is meant. */
  readonly index: number;
  /** The object that was walked to: it stays meant while the pointer is in it. */
  readonly held?: number | undefined;
  readonly from: 'canvas' | 'list';
}

type TreeDelivery =
  | { readonly kind: 'idle' }
  | { readonly kind: 'busy'; readonly done: number; readonly total: number }
  | { readonly kind: 'done'; readonly message: string }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** What the person chose last; kept from image to image. */
export interface Choices {
  readonly style: LayerStyle;
  readonly format: TreeFormat;
  readonly sharedEdges: boolean;
}

export interface Everything extends Choices {
  readonly run: Run;
  /** What the found objects were asked with. */
  readonly runOptions: RunOptions | undefined;
  /** All found objects, in painting order. */
  readonly masks: readonly FoundMask[];
  /** What another search may yet find takes its place; should that find nothing, this is what there is. */
  readonly earlier: Everything | undefined;
  /** Where a run that was cut off goes on. */
  readonly cursor: string | undefined;
  readonly sliders: Sliders;
  /** What the sliders leave of the found objects. */
  readonly shown: Arranged;
  readonly unchecked: ReadonlySet<number>;
  readonly collapsed: ReadonlySet<number>;
  /** Ids of objects that have a layer in the document already. */
  readonly layered: ReadonlySet<number>;
  readonly hover: Hover | undefined;
  readonly delivery: TreeDelivery;
}

export type EverythingChange =
  | { readonly type: 'wanted'; readonly options: RunOptions; readonly resumes: boolean }
  | { readonly type: 'began' }
  | { readonly type: 'progressed'; readonly progress: EverythingProgress }
  | { readonly type: 'finished'; readonly masks: readonly FoundMask[] }
  | { readonly type: 'stopped'; readonly why: 'person' | 'lost' }
  | { readonly type: 'failed'; readonly failure: Failure }
  | { readonly type: 'dismissed' }
  | { readonly type: 'slid'; readonly sliders: Partial<Sliders> }
  | { readonly type: 'checked'; readonly id: number; readonly checked: boolean }
  | { readonly type: 'allChecked'; readonly checked: boolean }
  | { readonly type: 'folded'; readonly id: number; readonly isFolded: boolean }
  | { readonly type: 'hovered'; readonly hover: Hover | undefined }
  /** These have a layer, and no others. */
  | { readonly type: 'layersListed'; readonly ids: ReadonlySet<number> }
  | { readonly type: 'chose'; readonly choices: Partial<Choices> }
  | { readonly type: 'deliveryChanged'; readonly delivery: TreeDelivery };

const NOTHING: ReadonlySet<number> = new Set();

export const NO_OBJECTS: Everything = {
  run: { kind: 'none' },
  runOptions: undefined,
  masks: [],
  earlier: undefined,
  cursor: undefined,
  sliders: ALL_SHOWN,
  shown: [],
  unchecked: NOTHING,
  collapsed: NOTHING,
  layered: NOTHING,
  hover: undefined,
  delivery: { kind: 'idle' },
  style: 'outlines',
  format: 'svg',
  sharedEdges: false,
};

/** Nothing found any more, the person's choices kept: what another image begins with. */
export function withoutObjects({ style, format, sharedEdges }: Everything): Everything {
  return { ...NO_OBJECTS, style, format, sharedEdges };
}

/** The next state. Never mutates, never does anything else. */
export function reduceEverything(state: Everything, change: EverythingChange): Everything {
  switch (change.type) {
    case 'wanted': {
      const kept = change.resumes ? state : { ...withoutObjects(state), sliders: state.sliders };
      const earlier = change.resumes ? state.earlier : withoutEarlier(state);
      return {
        ...kept,
        earlier,
        run: { kind: 'wanted' },
        runOptions: change.options,
        delivery: NO_OBJECTS.delivery,
      };
    }
    case 'began':
      return {
        ...state,
        run: { kind: 'running', fraction: 0, remainingMs: undefined, isFinishing: false },
      };
    case 'progressed':
      return progress(state, change.progress);
    case 'finished':
      return {
        ...withMasks(state, change.masks),
        earlier: undefined,
        cursor: undefined,
        run: { kind: 'done' },
      };
    case 'stopped':
      return whatThereIs({ ...state, run: { kind: 'stopped', why: change.why } });
    case 'failed':
      return { ...whatThereIs(state), run: { kind: 'failed', failure: change.failure } };
    case 'dismissed':
      return dismiss(state);
    case 'deliveryChanged':
      return { ...state, delivery: change.delivery };
    case 'chose':
      return { ...state, ...change.choices };
    default:
      return look(state, change);
  }
}

type Look = Extract<
  EverythingChange,
  { type: 'slid' | 'checked' | 'allChecked' | 'folded' | 'hovered' | 'layersListed' }
>;

/** What concerns the objects on the screen. */
function look(state: Everything, change: Look): Everything {
  switch (change.type) {
    case 'slid':
      return withMasks({ ...state, sliders: { ...state.sliders, ...change.sliders } }, state.masks);
    case 'checked':
      return { ...forgetOutcome(state), unchecked: check(state, change.id, change.checked) };
    case 'allChecked':
      return { ...forgetOutcome(state), unchecked: checkAll(state, change.checked) };
    case 'folded':
      return { ...state, collapsed: withMember(state.collapsed, change.id, change.isFolded) };
    case 'hovered':
      return sameHover(state.hover, change.hover) ? state : { ...state, hover: change.hover };
    case 'layersListed':
      return listLayers(state, change.ids);
  }
}

function progress(state: Everything, value: EverythingProgress): Everything {
  const { fraction, remainingMs, stage } = value;
  const masks = mergeProgress(state.masks, value);
  return {
    ...(masks === state.masks ? state : withMasks(state, masks)),
    cursor: value.cursor ?? state.cursor,
    run: { kind: 'running', fraction, remainingMs, isFinishing: stage === 'finishing' },
  };
}

/** What a search that has found nothing was to replace comes back; what the person has chosen and begun since stays. */
export function whatThereIs(state: Everything): Everything {
  const { earlier, style, format, sharedEdges, delivery } = state;
  return earlier && state.masks.length === 0 ? { ...earlier, style, format, sharedEdges, delivery } : state;
}

/** One is enough. */
function withoutEarlier(state: Everything): Everything | undefined {
  return state.masks.length === 0 ? state.earlier : { ...state, earlier: undefined };
}

function withMasks(state: Everything, masks: readonly FoundMask[]): Everything {
  const shown = arrange(masks, state.sliders);
  const hovers = state.hover?.chain.every((id) => shown.some(({ mask }) => mask.id === id));
  return { ...forgetOutcome(state), masks, shown, hover: hovers ? state.hover : undefined };
}

/** What was inserted or saved is told until something else would be. */
function forgetOutcome(state: Everything): Everything {
  return state.delivery.kind === 'done' ? { ...state, delivery: NO_OBJECTS.delivery } : state;
}

/** An object and its parts go together; parts that have a layer are checked one by one only. */
function check({ shown, unchecked, layered }: Everything, id: number, checked: boolean): ReadonlySet<number> {
  const next = new Set(unchecked);
  const start = shown.findIndex(({ mask }) => mask.id === id);
  const object = shown[start];
  if (!object) return unchecked;
  for (const { mask } of shown.slice(start, start + 1 + object.partCount)) {
    if (!checked) next.add(mask.id);
    else if (mask.id === id || !layered.has(mask.id)) next.delete(mask.id);
  }
  return next;
}

function checkAll({ shown, unchecked, layered }: Everything, checked: boolean): ReadonlySet<number> {
  const next = new Set(unchecked);
  for (const { mask } of shown) {
    if (!checked) next.add(mask.id);
    else if (!layered.has(mask.id)) next.delete(mask.id);
  }
  return next;
}

/** What is new among them is unchecked once; whoever checks it again means it. */
function listLayers(state: Everything, ids: ReadonlySet<number>): Everything {
  const unchecked = new Set(state.unchecked);
  for (const id of ids) if (!state.layered.has(id)) unchecked.add(id);
  return { ...state, layered: ids, unchecked };
}

function dismiss(state: Everything): Everything {
  if (state.delivery.kind === 'failed') return { ...state, delivery: NO_OBJECTS.delivery };
  if (state.run.kind !== 'failed') return state;
  return { ...state, run: state.masks.length > 0 ? { kind: 'stopped', why: 'person' } : { kind: 'none' } };
}

function withMember(set: ReadonlySet<number>, id: number, isMember: boolean): ReadonlySet<number> {
  const next = new Set(set);
  if (isMember) next.add(id);
  else next.delete(id);
  return next;
}

function sameHover(a: Hover | undefined, b: Hover | undefined): boolean {
  if (!a || !b) return a === b;
  return (
    a.index === b.index &&
    a.from === b.from &&
    a.held === b.held &&
    a.chain.length === b.chain.length &&
    a.chain.every((id, i) => id === b.chain[i])
  );
}

/** The object that is pointed at, if it is shown. */
export function hoveredObject({ hover, shown }: Everything): ShownObject | undefined {
  const id = hover?.chain[hover.index];
  return id === undefined ? undefined : shown.find(({ mask }) => mask.id === id);
}

/** The objects that are to become layers, in painting order. */
export function chosenObjects({ shown, unchecked }: Everything): readonly ShownObject[] {
  return shown.filter(({ mask }) => !unchecked.has(mask.id));
}

/** Whether a run is under way or about to be. */
export function isRunning({ run }: Everything): boolean {
  return run.kind === 'wanted' || run.kind === 'running';
}
