/** A list of images that one thing is done with, one after another, and the one pure function that changes it. */
import type { LayerRef } from '../../bridge.js';
import type { BatchTask, QuickAction, SelectedImage } from '../../selection.js';
import type { Failure } from '../situation.js';
import { INSET_BOX } from './box-shares.js';
import type { BoxShares } from './box-shares.js';

/** What is being done with an image, in the order of it. */
export type Stage = 'reading' | 'preparing' | 'looking' | 'inserting';

type Progress =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'working'; readonly stage: Stage; readonly fraction: number }
  | { readonly kind: 'done'; readonly layers: readonly LayerRef[] }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** An image of the list, or a layer of ours in one. */
export interface BatchItem {
  readonly name: string;
  readonly image: SelectedImage;
  /** Present where a layer is found again. */
  readonly layer?: LayerRef;
  readonly progress: Progress;
}

export interface BatchRun {
  readonly task: BatchTask;
  readonly items: readonly BatchItem[];
  /** lost: the sidecar went away; like a stopped one it can go on. finished: nothing waits any more. */
  readonly kind: 'running' | 'stopped' | 'lost' | 'finished';
  /** Unknown until something is done. */
  readonly remainingMs: number | undefined;
}

export interface Batch {
  /** What was done last with images. */
  readonly task: Exclude<BatchTask, 'again'>;
  /** The box drawn last, if any was. */
  readonly box: BoxShares;
  /** Id of the model that layers are found again with; missing for the sidecar's own choice. */
  readonly model: string | undefined;
  /** An action of the menu that could not be begun without a window; what is selected next may be meant. */
  readonly wanted: QuickAction | undefined;
  readonly run: BatchRun | undefined;
}

export type BatchChange =
  | { readonly type: 'taskChosen'; readonly task: Batch['task'] }
  | { readonly type: 'boxDrawn'; readonly box: BoxShares }
  | { readonly type: 'modelChosen'; readonly model: string | undefined }
  | { readonly type: 'wanted'; readonly quick: QuickAction | undefined }
  | { readonly type: 'started'; readonly task: BatchTask; readonly items: readonly BatchItem[] }
  /** Goes on with what waits; those that failed wait again if that is wanted. */
  | { readonly type: 'resumed'; readonly retries: boolean }
  | { readonly type: 'progressed'; readonly index: number; readonly progress: Progress }
  | { readonly type: 'estimated'; readonly remainingMs: number | undefined }
  | { readonly type: 'ended'; readonly kind: 'stopped' | 'lost' | 'finished' }
  | { readonly type: 'closed' };

export const NO_BATCH: Batch = {
  task: 'largest',
  box: INSET_BOX,
  model: undefined,
  wanted: undefined,
  run: undefined,
};

/** The next state. Never mutates, never does anything else. */
export function reduceBatch(batch: Batch, change: BatchChange): Batch {
  switch (change.type) {
    case 'taskChosen':
      return { ...batch, task: change.task };
    case 'boxDrawn':
      return { ...batch, box: change.box };
    case 'modelChosen':
      return { ...batch, model: change.model };
    case 'wanted':
      return { ...batch, wanted: change.quick, task: change.quick?.task ?? batch.task };
    case 'started': {
      const { task, items } = change;
      return { ...batch, wanted: undefined, run: { task, items, kind: 'running', remainingMs: undefined } };
    }
    case 'closed':
      return { ...batch, wanted: undefined, run: undefined };
    default:
      return batch.run ? { ...batch, run: reduceRun(batch.run, change) } : batch;
  }
}

type RunChange = Extract<BatchChange, { type: 'resumed' | 'progressed' | 'estimated' | 'ended' }>;

function reduceRun(run: BatchRun, change: RunChange): BatchRun {
  switch (change.type) {
    case 'resumed': {
      const again = (item: BatchItem): BatchItem =>
        change.retries && item.progress.kind === 'failed' ? { ...item, progress: { kind: 'waiting' } } : item;
      return { ...run, kind: 'running', items: run.items.map(again), remainingMs: undefined };
    }
    case 'progressed': {
      const { index, progress } = change;
      return { ...run, items: run.items.map((item, i) => (i === index ? { ...item, progress } : item)) };
    }
    case 'estimated':
      return { ...run, remainingMs: change.remainingMs };
    case 'ended':
      return { ...run, kind: change.kind, remainingMs: undefined };
  }
}

/** How many of a run's items are how far. */
export interface Tally {
  readonly all: number;
  readonly done: number;
  readonly failed: number;
  readonly waiting: number;
  /** Layers that were made or changed. */
  readonly layers: number;
}

export function tallyOf({ items }: BatchRun): Tally {
  const count = (kind: Progress['kind']) => items.filter(({ progress }) => progress.kind === kind).length;
  const layers = items.reduce(
    (sum, { progress }) => sum + (progress.kind === 'done' ? progress.layers.length : 0),
    0,
  );
  const [done, failed] = [count('done'), count('failed')];
  return { all: items.length, done, failed, waiting: items.length - done - failed, layers };
}

/** Share of the run that is done, in [0, 1]: each image counts alike. */
export function fractionOf({ items }: BatchRun): number {
  const sum = items.reduce((total, { progress }) => total + itemFraction(progress), 0);
  return items.length === 0 ? 1 : sum / items.length;
}

/** Where each stage begins, as a share of what an image takes. */
const STAGE_STARTS: Readonly<Record<Stage, number>> = {
  reading: 0,
  preparing: 0.05,
  looking: 0.3,
  inserting: 0.95,
};
const STAGE_ENDS: Readonly<Record<Stage, number>> = {
  reading: 0.05,
  preparing: 0.3,
  looking: 0.95,
  inserting: 1,
};

export function itemFraction(progress: Progress): number {
  if (progress.kind === 'waiting') return 0;
  if (progress.kind !== 'working') return 1;
  const { stage, fraction } = progress;
  return STAGE_STARTS[stage] + fraction * (STAGE_ENDS[stage] - STAGE_STARTS[stage]);
}
