/**
 * A list of prompts → candidate masks. Prompts act one after another: each decode sees every prompt so far and,
 * as its mask prompt, the logits of the mask that was chosen before it.
 */
import { throwIfCancelled } from '../protocol/errors.js';
import type { Box, Size } from '../protocol/geometry.js';
import type { Prompt } from '../protocol/prompt.js';
import type { Embedding, LabelledPoint, PromptSet, RunOptions, SegmentationModel } from './adapter.js';
import type { Correction } from './click-evidence.js';
import { logitsOfMask } from './mask-prompt.js';
import { meansSomething, unfoldInversions } from './meaning.js';
import { drawingOn, lastMaskOf, paintsOf } from './retouch.js';
import type { Drawing } from './retouch.js';
import { selectCandidates, selectMask } from './select.js';
import type { Selection } from './select.js';
import { clicksOfStroke, paintLogits, takeOverTouched } from './stroke.js';
import type { Stroke } from './stroke.js';
import { boxOf } from './trace/ring.js';
import { notOffered } from './validate-prompts.js';

/** The answer to the first `count` prompts of a list; replay goes on from there. */
export interface Progressed {
  readonly count: number;
  readonly selection: Selection;
}

/**
 * @param asGiven Valid ones; see validate-prompts.ts.
 * @param from An answer to the first of these prompts, if one is at hand.
 * @returns The selection after the last prompt.
 * @throws CodedError CANDIDATE_UNKNOWN when a prompt picks a candidate that was not offered; RLE_INVALID when a mask
 *   to start from cannot be read.
 * @throws CodedError CANCELLED
 */
export async function predictPrompts(
  model: SegmentationModel,
  embedding: Embedding,
  asGiven: readonly Prompt[],
  options: RunOptions & { readonly from?: Progressed | undefined } = {},
): Promise<Selection> {
  const prompts = unfoldInversions(asGiven);
  const { image } = embedding;
  const draw = drawingOn(image);
  const known = options.from?.count ?? 0;
  const lastMask = lastMaskOf(prompts);
  let selection = lastMask >= known ? undefined : options.from?.selection;
  for (let count = Math.max(known, lastMask) + 1; count <= prompts.length; count++) {
    throwIfCancelled(options.signal);
    const prompt = prompts[count - 1]!;
    if (prompt.type === 'pick') {
      selection = pickCandidate(selection, prompt.rank);
      continue;
    }
    if (prompt.type === 'mask') {
      selection = selectMask(logitsOfMask(prompt.rle, image), image);
      continue;
    }
    const before = prompts.slice(0, count - 1);
    if (!asks(prompt, before)) continue;
    const set = promptSet(prompts.slice(0, count), image, draw, selection);
    const [decoded] = await model.decode(embedding, [set], options);
    const correction = correctionBy(prompt, selection);
    const corrections = [correction, selection?.correction].filter((each) => each !== undefined);
    const { middle } = selection ?? {};
    const answer = { ...selectCandidates(decoded!, set, image, corrections), correction, middle };
    selection =
      prompt.type === 'stroke' && selection ? painted(selection, answer, prompt, draw, image) : answer;
  }
  return selection!;
}

/** Whether the network is asked about a prompt, or it says all there is to know by itself. */
function asks(prompt: Prompt, before: readonly Prompt[]): boolean {
  const counting = before.slice(lastMaskOf(before) + 1);
  switch (prompt.type) {
    case 'point':
    case 'box':
      return true;
    case 'stroke':
      // On a mask that is known to the pixel, a stroke is no more than what it paints.
      return lastMaskOf(before) < 0 || counting.some(({ type }) => type === 'point' || type === 'box');
    case 'lasso':
      return !before.some(meansSomething);
    default:
      return false;
  }
}

/** The answer to a stroke: the candidate that was painted on, changed by what the stroke touches alone. */
function painted(
  before: Selection,
  answer: Selection,
  stroke: Stroke,
  draw: Drawing,
  image: Size,
): Selection {
  const shown = before.candidates[before.chosen]!;
  const paint = { runs: draw(stroke), inside: stroke.label === 'inside' };
  const answers = answer.candidates.map((candidate) => candidate.logits);
  const logits = takeOverTouched(shown.logits, answers, paint, image);
  return { ...answer, candidates: [{ ...shown, logits }], chosen: 0 };
}

function pickCandidate(selection: Selection | undefined, rank: number): Selection {
  const offered = selection?.candidates.length ?? 0;
  if (selection && rank >= 1 && rank <= offered) return { ...selection, chosen: rank - 1 };
  throw notOffered(rank, offered);
}

/**
 * Everything up to now as one prompt set. The network knows one box: the latest counts. A lasso to begin with is a box
 * as well, and a mask to begin with.
 */
function promptSet(
  prompts: readonly Prompt[],
  image: Size,
  draw: Drawing,
  before: Selection | undefined,
): PromptSet {
  const points: LabelledPoint[] = before?.middle ? [{ point: before.middle, inside: true }] : [];
  points.push(...clicksOf(prompts));
  let box: Box | undefined;
  const first = prompts.slice(Math.max(0, lastMaskOf(prompts))).find(meansSomething)!;
  if (first.type === 'lasso') box = clipBox(boxOf(Float64Array.from(first.points.flat())), image);
  for (const prompt of prompts.slice(lastMaskOf(prompts) + 1)) {
    if (prompt.type === 'box') box = clipBox(prompt.box, image);
  }
  const maskLogits =
    before && paintLogits(before.candidates[before.chosen]!.logits, paintsOf(prompts, draw), image);
  return { points, ...(box && { box }), ...(maskLogits && { maskLogits }) };
}

/** A copy of the mask: it would keep all of the decoder's answer alive. */
function correctionBy(prompt: Prompt, before: Selection | undefined): Correction | undefined {
  const clicks = clicksOfPrompt(prompt);
  if (clicks.length === 0) return undefined;
  // Of a stroke, the middle.
  const click = clicks[Math.floor(clicks.length / 2)]!;
  return { click, shown: before?.candidates[before.chosen]!.logits.slice() };
}

/**
 * The clicks among prompts that count; strokes are some each.
 *
 * @param prompts Unfolded ones.
 */
export function clicksOf(prompts: readonly Prompt[]): LabelledPoint[] {
  return prompts.slice(lastMaskOf(prompts) + 1).flatMap(clicksOfPrompt);
}

function clicksOfPrompt(prompt: Prompt): LabelledPoint[] {
  if (prompt.type === 'point') return [{ point: [prompt.x, prompt.y], inside: prompt.label === 'inside' }];
  return prompt.type === 'stroke' ? clicksOfStroke(prompt) : [];
}

function clipBox([x0, y0, x1, y1]: Box, { width, height }: Size): Box {
  return [Math.max(0, x0), Math.max(0, y0), Math.min(width, x1), Math.min(height, y1)];
}
