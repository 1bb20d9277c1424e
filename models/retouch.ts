/**
 * What a person does to the network's answer by hand, to the pixel: painted with a brush, gone around with a lasso, its
 * edge moved, turned inside out. The network is not asked about it; predict.ts asks it what else a stroke may mean.
 */
import type { Size } from '../protocol/geometry.js';
import type { Prompt } from '../protocol/prompt.js';
import type { LogitField } from './logit-field.js';
import { meansSomething, unfoldInversions } from './meaning.js';
import { lassoRuns, strokeRuns } from './mask/drawn-runs.js';
import { fieldFromRuns } from './mask/field-from-runs.js';
import { growRuns } from './mask/grow-runs.js';
import { decodeRuns } from './mask/rle.js';
import { invertRuns, runsContain, subtractRuns, uniteRuns } from './mask/run-sets.js';
import { runsFromRings } from './mask/runs.js';
import type { Runs } from './mask/runs.js';
import { contourField } from './trace/contour.js';
import { dropSmallRings } from './trace/nest.js';

type HandDrawn = Extract<Prompt, { type: 'stroke' | 'lasso' }>;

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
  readonly steps: readonly RetouchStep[];
  /** All but that is meant. */
  readonly isInverted: boolean;
}

/** Pixels painted, or the edge moved outwards by image pixels. */
type RetouchStep = Paint | { readonly growPx: number };

/** Of what is drawn by hand, less is a slip of the hand. */
const SMALLEST_DRAWN_PX = 4;

/** Index of the last mask to start from, or −1: nothing before it is of any consequence. */
export function lastMaskOf(prompts: readonly Prompt[]): number {
  return prompts.map(({ type }) => type).lastIndexOf('mask');
}

function isHandDrawn(prompt: Prompt): prompt is HandDrawn {
  return prompt.type === 'stroke' || prompt.type === 'lasso';
}

/** Finds the pixels under strokes and within lassos. */
export type Drawing = (prompt: HandDrawn) => Runs;

/** @returns Draws each prompt once, however often it is asked for. */
export function drawingOn(image: Size): Drawing {
  const drawn = new Map<HandDrawn, Runs>();
  return (prompt) => {
    const runs = drawn.get(prompt) ?? drawnRuns(prompt, image);
    drawn.set(prompt, runs);
    return runs;
  };
}

function drawnRuns(prompt: HandDrawn, image: Size): Runs {
  return prompt.type === 'stroke'
    ? strokeRuns(prompt.points, prompt.radiusPx, image)
    : lassoRuns(prompt.points, image);
}

/** @returns undefined where the answer is the network's alone. */
export function retouchOf(asGiven: readonly Prompt[], image: Size): Retouch | undefined {
  const prompts = unfoldInversions(asGiven);
  const counting = prompts.slice(Math.max(0, lastMaskOf(prompts)));
  const draw = drawingOn(image);
  const growth = counting.filter(({ type }) => type === 'grow').at(-1);
  const steps = counting.flatMap((prompt, i): RetouchStep[] => {
    if (prompt === growth && prompt.type === 'grow') return prompt.px === 0 ? [] : [{ growPx: prompt.px }];
    return paintAt(counting, i, draw);
  });
  const isInverted = counting.filter(({ type }) => type === 'invert').length % 2 === 1;
  const [mask] = counting;
  const asksNothing = !counting.some(({ type }) => type === 'point' || type === 'box');
  const start = mask?.type === 'mask' && asksNothing ? decodeRuns(mask.rle) : undefined;
  if (!start && steps.length === 0 && !isInverted) return undefined;
  return { start, steps, isInverted };
}

/** @param prompts Unfolded ones. */
export function paintsOf(prompts: readonly Prompt[], draw: Drawing): Paint[] {
  const counting = prompts.slice(Math.max(0, lastMaskOf(prompts)));
  return counting.flatMap((_, i) => paintAt(counting, i, draw));
}

/**
 * What was drawn on an answer. The first thing in a list is none: it says what to look for. Nor is what a later click
 * contradicts.
 */
function paintAt(prompts: readonly Prompt[], i: number, draw: Drawing): Paint[] {
  const prompt = prompts[i]!;
  if (!isHandDrawn(prompt) || !prompts.slice(0, i).some(meansSomething)) return [];
  const paint = { runs: draw(prompt), inside: prompt.label === 'inside' };
  return prompts.slice(i + 1).some((later) => contradicts(later, paint)) ? [] : [paint];
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
  { start, steps, isInverted }: Retouch,
  minRegionPx: number,
): { readonly field: LogitField; readonly minRegionPx: number } {
  let runs = start ?? runsFromRings(dropSmallRings(contourField(field), minRegionPx), field.image);
  for (const step of steps) runs = 'growPx' in step ? growRuns(runs, step.growPx) : paintRuns(runs, step);
  return { field: fieldFromRuns(isInverted ? invertRuns(runs) : runs), minRegionPx: SMALLEST_DRAWN_PX };
}

function paintRuns(runs: Runs, paint: Paint): Runs {
  return paint.inside ? uniteRuns(runs, paint.runs) : subtractRuns(runs, paint.runs);
}
