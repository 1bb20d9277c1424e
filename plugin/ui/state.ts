/** Everything the interface knows, and the one pure function that changes it. Effects live in controller.ts. */
import { isRefinable } from '../../models/coordinates.js';
import type { FoundMask } from '../../protocol/everything.js';
import type { Prompt } from '../../protocol/prompt.js';
import type { LayerRef, OpenedLayer, OriginalAfter } from '../bridge.js';
import type { SelectedLayer } from '../selection.js';
import { NO_BATCH, reduceBatch, type Batch, type BatchChange } from './batch/state.js';
import { isRunning, reduceEverything } from './everything/state.js';
import type { Everything, EverythingChange } from './everything/state.js';
import { BRUSH_SIZES, clampBrushSize } from './hand-line.js';
import type { Delivery, DeliveryKind } from './delivery.js';
import type { LanguageChoice } from './language-choice.js';
import { leaveImage, NOTHING_DONE, workOn } from './left-images.js';
import type { LeftImage } from './left-images.js';
import {
  addObject,
  answerAside,
  chooseObject,
  regroup,
  removeObject,
  redoRegroup,
  undoRegroup,
} from './objects/shelf.js';
import type { Session } from './objects/shelf.js';
import * as log from './prompt-log.js';
import {
  isWhole,
  offeredRanks,
  shownRank,
  suitingTolerancePx,
  takeAnswer,
  withoutEmpty,
} from './question.js';
import type { Answer, Inquiry, Refined } from './question.js';
import type { Failure, Link, Source } from './situation.js';
import { imageOf } from './situation.js';
import type { Label, Tool } from './tool.js';

/** One object that the person marks, or all that can be found. */
export type Tab = 'object' | 'everything';

export interface State extends Inquiry, Session {
  /** A selection without an image, kept back while there are prompts: nothing is lost by a stray click. */
  readonly heldSource: Source | undefined;
  /** What is selected besides its image, where it can be opened. */
  readonly selectedLayer: LayerRef | undefined;
  /** As above, where it is several of the image's layers. */
  readonly selectedLayers: readonly SelectedLayer[];
  /** The layer whose marks are worked on; a new one is made where there is none. */
  readonly openLayer: LayerRef | undefined;
  /** Index of the prompt that keys and buttons act on. */
  readonly selected: number | undefined;
  readonly tool: Tool;
  /** What a plain click, stroke or lasso places. */
  readonly label: Label;
  /** Diameter of the brush, CSS pixels. */
  readonly brushSize: number;
  readonly delivery: Delivery;
  /** What the person last did with an outline; it is offered first from then on. */
  readonly preferred: DeliveryKind | undefined;
  /** What becomes of an image whose object is separated from it. */
  readonly originalAfter: OriginalAfter;
  readonly tab: Tab;
  readonly language: LanguageChoice;
  readonly everything: Everything;
  /** Images that were left for another, with what was done on them. */
  readonly left: readonly LeftImage[];
  readonly batch: Batch;
}

export type Action =
  | { readonly type: 'sourceChanged'; readonly source: Source }
  /** The open image is selected again. */
  | { readonly type: 'sourceReturned' }
  | {
      readonly type: 'layerSelected';
      readonly layer: LayerRef | undefined;
      readonly layers?: readonly SelectedLayer[] | undefined;
    }
  | { readonly type: 'layerOpened'; readonly opened: OpenedLayer }
  /** Its marks stay, for a layer of their own. */
  | { readonly type: 'layerClosed' }
  | { readonly type: 'linkChanged'; readonly link: Link }
  | { readonly type: 'preparing'; readonly fraction: number; readonly remainingMs?: number | undefined }
  | { readonly type: 'prepared'; readonly device: string }
  | { readonly type: 'predicting' }
  | { readonly type: 'answered'; readonly answer: Answer }
  /** Nothing is asked any more. */
  | { readonly type: 'settled' }
  | { readonly type: 'failed'; readonly failure: Failure }
  /** The person has read what went wrong. */
  | { readonly type: 'failureDismissed' }
  | { readonly type: 'promptAdded'; readonly prompt: Prompt }
  | {
      readonly type: 'promptChanged';
      readonly index: number;
      readonly prompt: Prompt;
      readonly amend: boolean;
    }
  | { readonly type: 'promptRemoved'; readonly index: number }
  | { readonly type: 'promptSelected'; readonly index: number | undefined }
  | { readonly type: 'candidatePicked'; readonly rank: number }
  /** A found object becomes the one that is worked on. */
  | { readonly type: 'objectTaken'; readonly mask: FoundMask }
  /** Another object is begun; what was marked stays with the one before. */
  | { readonly type: 'objectAdded' }
  | { readonly type: 'objectChosen'; readonly id: number }
  /** An object that lies aside was asked about. */
  | {
      readonly type: 'asideAnswered';
      readonly id: number;
      readonly found: { readonly answer: Answer } | { readonly refined: Refined };
    }
  | { readonly type: 'objectRemoved'; readonly id: number }
  /** Objects were merged or split. */
  | { readonly type: 'regrouped'; readonly gone: readonly number[]; readonly made: readonly Answer[] }
  | { readonly type: 'undone' }
  | { readonly type: 'redone' }
  | { readonly type: 'cleared' }
  | { readonly type: 'toolChosen'; readonly tool: Tool }
  | { readonly type: 'labelChosen'; readonly label: Label }
  | { readonly type: 'brushSized'; readonly size: number }
  /** The object's edge is to be so far outside of where it was found. */
  | { readonly type: 'grown'; readonly px: number }
  | { readonly type: 'inverted' }
  | { readonly type: 'toleranceChanged'; readonly factor: number }
  | { readonly type: 'refineChosen'; readonly refine: boolean }
  | { readonly type: 'refined'; readonly refined: Refined }
  | { readonly type: 'deliveryPreferred'; readonly preferred: DeliveryKind }
  | { readonly type: 'originalAfterChosen'; readonly originalAfter: OriginalAfter }
  | { readonly type: 'deliveryChanged'; readonly delivery: Delivery }
  | { readonly type: 'tabChosen'; readonly tab: Tab }
  | { readonly type: 'languageChosen'; readonly language: LanguageChoice }
  | { readonly type: 'everything'; readonly change: EverythingChange }
  | { readonly type: 'batch'; readonly change: BatchChange }
  /** What is selected is turned to, whatever is marked. */
  | { readonly type: 'sourceReleased' };

export const INITIAL_STATE: State = {
  source: { kind: 'empty' },
  heldSource: undefined,
  selectedLayer: undefined,
  selectedLayers: [],
  ...NOTHING_DONE,
  link: { kind: 'searching' },
  work: { kind: 'waiting' },
  selected: undefined,
  toleranceFactor: 1,
  refine: true,
  tool: 'point',
  label: 'inside',
  brushSize: BRUSH_SIZES.usual,
  delivery: { kind: 'idle' },
  preferred: undefined,
  originalAfter: 'keep',
  tab: 'object',
  language: 'system',
  left: [],
  batch: NO_BATCH,
};

/** The next state. Never mutates, never does anything else. */
export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case 'sourceChanged':
      return changeSource(state, action.source);
    case 'sourceReturned':
      return { ...state, heldSource: undefined };
    case 'layerSelected':
      return { ...state, selectedLayer: action.layer, selectedLayers: action.layers ?? [] };
    case 'layerOpened':
      return openLayer(state, action.opened);
    case 'layerClosed':
      return { ...state, openLayer: undefined, delivery: INITIAL_STATE.delivery };
    case 'linkChanged':
      return changeLink(state, action.link);
    case 'preparing': {
      const { fraction, remainingMs } = action;
      return { ...state, work: { kind: 'preparing', fraction, remainingMs } };
    }
    case 'prepared':
      return { ...state, work: { kind: 'ready' }, link: withDevice(state.link, action.device) };
    case 'predicting':
      return { ...state, work: { kind: 'predicting' } };
    case 'answered':
      return answered(state, action.answer);
    case 'settled':
      return { ...state, work: { kind: 'ready' } };
    case 'failed':
      return { ...state, work: { kind: 'failed', failure: action.failure } };
    case 'failureDismissed':
      return dismissFailure(state);
    case 'toolChosen':
      return { ...state, tool: action.tool };
    case 'labelChosen':
      return { ...state, label: action.label };
    case 'brushSized':
      return { ...state, brushSize: clampBrushSize(action.size) };
    case 'toleranceChanged':
      return { ...state, toleranceFactor: action.factor, delivery: INITIAL_STATE.delivery };
    case 'refineChosen':
      return { ...state, refine: action.refine, delivery: INITIAL_STATE.delivery };
    case 'refined':
      return { ...state, work: { kind: 'ready' }, refined: action.refined };
    case 'deliveryPreferred':
      return { ...state, preferred: action.preferred };
    case 'originalAfterChosen':
      return { ...state, originalAfter: action.originalAfter };
    case 'deliveryChanged':
      return { ...state, delivery: action.delivery };
    case 'objectAdded':
      return withObjects(state, addObject(state));
    case 'objectChosen':
      return withObjects(state, chooseObject(state, action.id));
    case 'asideAnswered':
      return answerAside(
        state,
        action.id,
        'answer' in action.found ? { answer: withoutEmpty(action.found.answer) } : action.found,
      );
    case 'objectRemoved':
      return withObjects(state, removeObject(state, action.id));
    case 'regrouped':
      return withObjects(state, regroup(state, action.gone, action.made));
    case 'promptSelected':
      return { ...state, selected: action.index };
    case 'tabChosen':
      return { ...state, tab: action.tab };
    case 'languageChosen':
      return { ...state, language: action.language };
    case 'batch':
      return { ...state, batch: reduceBatch(state.batch, action.change) };
    case 'sourceReleased':
      return state.heldSource ? leaveFor(state, state.heldSource) : state;
    case 'everything':
      return withEverything(state, reduceEverything(state.everything, action.change));
    default:
      return changeLog(state, action);
  }
}

/** The pointer moves much more often than what it means changes: then nothing has to be drawn again. */
function withEverything(state: State, everything: Everything): State {
  return everything === state.everything ? state : { ...state, everything };
}

/** An answer that comes when nothing is marked any more is nobody's. */
function answered(state: State, answer: Answer): State {
  const isWanted = log.askedPrompts(state.log.prompts).length > 0;
  const next: State = isWhole(answer) ? { ...state, work: { kind: 'ready' } } : state;
  return isWanted ? takeAnswer(next, answer) : next;
}

function dismissFailure(state: State): State {
  const { source, delivery, work } = state;
  if (source.kind === 'unreadable') return changeSource(state, { kind: 'empty' });
  if (delivery.kind === 'failed') return { ...state, delivery: INITIAL_STATE.delivery };
  return work.kind === 'failed' ? { ...state, work: { ...work, isDismissed: true } } : state;
}

type LogAction = Extract<
  Action,
  {
    type:
      | 'promptAdded'
      | 'promptChanged'
      | 'promptRemoved'
      | 'candidatePicked'
      | 'objectTaken'
      | 'grown'
      | 'inverted'
      | 'undone'
      | 'redone'
      | 'cleared';
  }
>;

function changeLog(state: State, action: LogAction): State {
  switch (action.type) {
    case 'promptAdded':
      return withLog(state, log.addPrompt(state.log, action.prompt), undefined);
    case 'promptChanged': {
      const change = action.amend ? log.amendPrompt : log.replacePrompt;
      return withLog(state, change(state.log, action.index, action.prompt), action.index);
    }
    case 'promptRemoved':
      return withLog(state, log.removePrompt(state.log, action.index), undefined);
    case 'candidatePicked':
      if (!state.answer || !offeredRanks(state.answer).includes(action.rank)) return state;
      return withLog(state, pickOnAnswer(state, action.rank), state.selected);
    case 'objectTaken':
      return takeObject(state, action.mask);
    case 'grown':
      return withLog(state, log.growTo(state.log, action.px), state.selected);
    case 'inverted':
      return withLog(state, log.invert(state.log), state.selected);
    case 'undone': {
      const before = undoRegroup(state);
      return before ? withObjects(state, before) : withLog(state, log.undo(state.log), undefined);
    }
    case 'redone': {
      const after = redoRegroup(state);
      return after ? withObjects(state, after) : withLog(state, log.redo(state.log), undefined);
    }
    case 'cleared':
      return releaseSource(withLog(state, log.clearPrompts(state.log), undefined));
  }
}

/** What was delivered, or selected, was of another object. */
function withObjects(state: State, next: State): State {
  if (next === state) return state;
  return { ...next, selected: undefined, tab: 'object', delivery: INITIAL_STATE.delivery };
}

function withLog(state: State, next: log.PromptLog, selected: number | undefined): State {
  if (next === state.log) return { ...state, selected };
  const empty = log.askedPrompts(next.prompts).length === 0;
  return {
    ...state,
    log: next,
    selected,
    // What is marked is worked on where it can be seen.
    tab: empty ? state.tab : 'object',
    openLayer: empty ? undefined : state.openLayer,
    answer: empty ? undefined : state.answer,
    refined: empty ? undefined : state.refined,
    delivery: INITIAL_STATE.delivery,
  };
}

/** Its outline is here already, so nothing need be asked until a click refines it. */
function takeObject(state: State, mask: FoundMask): State {
  const prompt: Prompt = { type: 'mask', rle: mask.rle };
  const { area, box, outline, rle, predictedIou, stabilityScore } = mask;
  const candidate = { rank: 1, area, box, outline, rle, predictedIou, stabilityScore };
  return {
    ...withLog(state, log.startFrom(state.log, [prompt]), undefined),
    openLayer: undefined,
    answer: { prompts: [prompt], tolerancePx: outline.tolerancePx, candidates: [candidate], suggested: 1 },
  };
}

/** As it was when the layer was made; the same marks find the same outline. */
function openLayer(state: State, { nodeId, name, prompts, tolerancePx, refine }: OpenedLayer): State {
  const image = imageOf(state);
  if (!image) return state;
  return {
    ...withLog(state, log.startFrom(state.log, prompts), undefined),
    answer: undefined,
    refined: undefined,
    toleranceFactor: tolerancePx / suitingTolerancePx(image, refine),
    refine: isRefinable(image) ? refine : state.refine,
    openLayer: { nodeId, name },
  };
}

/** Picking what is suggested anyway needs no entry, unless it takes back another pick. */
function pickOnAnswer(state: State, rank: number): log.PromptLog {
  return rank === shownRank(state) ? state.log : log.pickCandidate(state.log, rank);
}

function changeSource(state: State, source: Source): State {
  const holdsImage =
    state.source.kind === 'image' &&
    (state.log.prompts.length > 0 || state.shelf.objects.length > 0 || holdsObjects(state.everything));
  const isSelection = source.kind === 'empty' || source.kind === 'notImage' || source.kind === 'several';
  return holdsImage && isSelection ? { ...state, heldSource: source } : leaveFor(state, source);
}

function leaveFor(state: State, source: Source): State {
  const before = imageOf(state);
  const left = before ? leaveImage(state.left, before.key, state) : state.left;
  return {
    ...state,
    ...workOn(left, imageOf({ source })?.key, state.everything),
    source,
    left,
    heldSource: undefined,
    work: { kind: 'waiting' },
    selected: undefined,
    delivery: INITIAL_STATE.delivery,
  };
}

function holdsObjects(everything: Everything): boolean {
  return everything.masks.length > 0 || isRunning(everything);
}

function releaseSource(state: State): State {
  return state.heldSource ? changeSource(state, state.heldSource) : state;
}

function changeLink(state: State, link: Link): State {
  return link.kind === 'online' ? { ...state, link } : { ...state, link, work: { kind: 'waiting' } };
}

function withDevice(link: Link, device: string): Link {
  return link.kind === 'online' ? { ...link, server: { ...link.server, device } } : link;
}
