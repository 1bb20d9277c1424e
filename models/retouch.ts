/**
 * What a person does to the network's answer by hand, to the pixel: painted with a brush, gone around with a lasso, its
 * edge moved, turned inside out. The network is not asked about it; predict.ts asks it what else a stroke may mean.
 */
import type { Size } from '../protocol/geometry.js';
import type { Prompt } from '../protocol/prompt.js';
import type { LogitField } from './logit-field.js';
import { meansSomething } from './meaning.js';
import { lassoRuns, strokeRuns } from './mask/drawn-runs.js';
import { fieldFromRuns } from './mask/field-from-runs.js';
import { growRuns } from './mask/grow-runs.js';
import { decodeRuns } from './mask/rle.js';
import { invertRuns, runsContain, subtractRuns, uniteRuns } from './mask/run-sets.js';
import { runsFromRings } from './mask/runs.js';
import type { Runs } from './mask/runs.js';
import { contourField } from './trace/contour.js';
import { dropSmallRings } from './trace/nest.js';

export type HandDrawn = Extract<Prompt, { type: 'stroke' | 'lasso' }>;

/** Pixels that the person has decided on. */
export interface Paint {
  readonly runs: Runs;
  readonly inside: boolean;
}

/** All that was done by hand to the answer to a list of prompts. */
export interface Retouch {
  /** The mask that the list starts from, where nothing was asked of the network since: it is known to the pixel. */
  readonly start: Runs | undefined;
  /** In the order in which they act. */
  readonly paints: readonly Paint[];
  /** How far outside of where it was found the edge is to be, image pixels. */
  readonly growPx: number;
  readonly isInverted: boolean;
}

/** Of what is drawn by hand, less is a slip of the hand. */
const SMALLEST_DRAWN_PX = 4;

/** Index of the last mask to start from, or −1: nothing before it is of any consequence. */
export function lastMaskOf(prompts: readonly Prompt[]): number {
  return prompts.map(({ type }) => type).lastIndexOf('mask');
}

function isHandDrawn(prompt: Prompt): prompt is HandDrawn {
  return prompt.type === 'stroke' || prompt.type === 'lasso';
}

/** The pixels under a stroke or within a lasso. */
export function drawnRuns(prompt: HandDrawn, image: Size): Runs {
  return prompt.type === 'stroke'
    ? strokeRuns(prompt.points, prompt.radiusPx, image)
    : lassoRuns(prompt.points, image);
}

/** @returns undefined where the answer is the network's alone. */
export function retouchOf(prompts: readonly Prompt[], image: Size): Retouch | undefined {
  const first = lastMaskOf(prompts);
  const counting = prompts.slice(Math.max(0, first));
  const paints = paintsOf(prompts, image);
  const growPx = counting.flatMap((prompt) => (prompt.type === 'grow' ? [prompt.px] : [])).at(-1) ?? 0;
  const isInverted = counting.filter(({ type }) => type === 'invert').length % 2 === 1;
  const [mask] = counting;
  const asksNothing = !counting.some(({ type }) => type === 'point' || type === 'box');
  const start = mask?.type === 'mask' && asksNothing ? decodeRuns(mask.rle) : undefined;
  if (!start && paints.length === 0 && growPx === 0 && !isInverted) return undefined;
  return { start, paints, growPx, isInverted };
}

/**
 * What was drawn on an answer. The first thing in a list is none: it says what to look for. Nor is what a later click
 * contradicts.
 */
export function paintsOf(prompts: readonly Prompt[], image: Size): Paint[] {
  const counting = prompts.slice(Math.max(0, lastMaskOf(prompts)));
  return counting.flatMap((prompt, i) => {
    if (!isHandDrawn(prompt) || !counting.slice(0, i).some(meansSomething)) return [];
    const paint = { runs: drawnRuns(prompt, image), inside: prompt.label === 'inside' };
    return counting.slice(i + 1).some((later) => contradicts(later, paint)) ? [] : [paint];
  });
}

function contradicts(prompt: Prompt, { runs, inside }: Paint): boolean {
  return (
    prompt.type === 'point' &&
    (prompt.label === 'inside') !== inside &&
    runsContain(runs, [prompt.x, prompt.y])
  );
}

/**
 * @param field What the network answered; left out of account where the mask to start from is known to the pixel.
 * @param minRegionPx Islands and holes of the network's that enclose fewer pixels are dropped.
 * @returns The mask as a field at the image's pixels, and what in it is too small to keep.
 */
export function retouchField(
  field: LogitField,
  { start, paints, growPx, isInverted }: Retouch,
  minRegionPx: number,
): { readonly field: LogitField; readonly minRegionPx: number } {
  let runs = start ?? runsFromRings(dropSmallRings(contourField(field), minRegionPx), field.image);
  for (const paint of paints) runs = paintRuns(runs, paint);
  runs = growRuns(runs, growPx);
  return { field: fieldFromRuns(isInverted ? invertRuns(runs) : runs), minRegionPx: SMALLEST_DRAWN_PX };
}

function paintRuns(runs: Runs, paint: Paint): Runs {
  return paint.inside ? uniteRuns(runs, paint.runs) : subtractRuns(runs, paint.runs);
}
