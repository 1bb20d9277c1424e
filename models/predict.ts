/**
 * A list of prompts → candidate masks. Prompts act one after another: each decode sees every prompt so far and,
 * as its mask prompt, the logits of the mask that was chosen before it.
 */
import { CodedError, throwIfCancelled } from '../protocol/errors.js';
import type { Box, Size } from '../protocol/geometry.js';
import { MAX_PROMPTS } from '../protocol/prompt.js';
import type { Prompt } from '../protocol/prompt.js';
import type { Embedding, LabelledPoint, PromptSet, RunOptions, SegmentationModel } from './adapter.js';
import type { Correction } from './click-evidence.js';
import { logitsOfMask } from './mask-prompt.js';
import { selectCandidates, selectMask } from './select.js';
import type { Selection } from './select.js';

type PointPrompt = Extract<Prompt, { type: 'point' }>;

/** The answer to the first `count` prompts of a list; replay goes on from there. */
export interface Progressed {
  readonly count: number;
  readonly selection: Selection;
}

/**
 * @param prompts Valid ones; see validatePrompts.
 * @param from An answer to the first of these prompts, if one is at hand.
 * @returns The selection after the last prompt.
 * @throws CodedError CANDIDATE_UNKNOWN when a prompt picks a candidate that was not offered; RLE_INVALID when a mask
 *   to start from cannot be read.
 * @throws CodedError CANCELLED
 */
export async function predictPrompts(
  model: SegmentationModel,
  embedding: Embedding,
  prompts: readonly Prompt[],
  options: RunOptions & { readonly from?: Progressed | undefined } = {},
): Promise<Selection> {
  const { image } = embedding;
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
    const set = promptSet(prompts.slice(lastMask + 1, count), image, selection);
    const [decoded] = await model.decode(embedding, [set], options);
    const correction = prompt.type === 'point' ? correctionBy(prompt, selection) : undefined;
    const corrections = [correction, selection?.correction].filter((each) => each !== undefined);
    const { middle } = selection ?? {};
    selection = { ...selectCandidates(decoded!, set, image, corrections), correction, middle };
  }
  return selection!;
}

/**
 * @throws CodedError PROMPTS_EMPTY, PROMPTS_TOO_MANY, PROMPT_NOT_FINITE, PROMPT_OUTSIDE, MASK_SHAPE or
 *   CANDIDATE_UNKNOWN.
 */
export function validatePrompts(prompts: readonly Prompt[], image: Size): void {
  if (prompts.length === 0) {
    throw new CodedError('PROMPTS_EMPTY', 'There is no prompt.', 'Give at least one point or a box.');
  }
  if (prompts.length > MAX_PROMPTS) {
    throw new CodedError(
      'PROMPTS_TOO_MANY',
      `${prompts.length} prompts arrived; ${MAX_PROMPTS} is the most.`,
      'Clear some of them.',
    );
  }
  if (prompts[0]!.type === 'pick') pickCandidate(undefined, prompts[0]!.rank);
  for (const prompt of prompts) validatePrompt(prompt, image);
}

function validatePrompt(prompt: Prompt, { width, height }: Size): void {
  if (prompt.type === 'pick') return;
  if (prompt.type === 'mask') {
    const [rows, columns] = prompt.rle.size;
    if (rows === height && columns === width) return;
    const message = `A mask of ${columns}×${rows} px came for an image of ${width}×${height} px.`;
    throw new CodedError('MASK_SHAPE', message, 'Send a mask the size of the image.');
  }
  const numbers = prompt.type === 'point' ? [prompt.x, prompt.y] : prompt.box;
  if (!numbers.every(Number.isFinite)) {
    throw new CodedError(
      'PROMPT_NOT_FINITE',
      `A ${prompt.type} has a coordinate that is not a number: ${numbers.join(', ')}.`,
      'Give coordinates in image pixels.',
    );
  }
  const reaches =
    prompt.type === 'point'
      ? prompt.x >= 0 && prompt.y >= 0 && prompt.x <= width && prompt.y <= height
      : prompt.box[0] < width && prompt.box[1] < height && prompt.box[2] > 0 && prompt.box[3] > 0;
  if (reaches) return;
  throw new CodedError(
    'PROMPT_OUTSIDE',
    `The ${prompt.type} ${numbers.join(', ')} is outside the image.`,
    `The image covers 0,0 to ${width},${height}.`,
  );
}

function pickCandidate(selection: Selection | undefined, rank: number): Selection {
  const offered = selection?.candidates.length ?? 0;
  if (selection && rank >= 1 && rank <= offered) return { ...selection, chosen: rank - 1 };
  throw new CodedError(
    'CANDIDATE_UNKNOWN',
    `Candidate ${rank} was picked, but ${offered === 0 ? 'none' : `only ${offered}`} had been offered.`,
    offered === 0 ? 'Give a point or a box first.' : `Pick a candidate from 1 to ${offered}.`,
  );
}

/**
 * Everything up to now as one prompt set. The network knows one box: the latest counts.
 *
 * @param prompts Those after the mask to start from, if there is one.
 */
function promptSet(prompts: readonly Prompt[], image: Size, before: Selection | undefined): PromptSet {
  const points: LabelledPoint[] = before?.middle ? [{ point: before.middle, inside: true }] : [];
  let box: Box | undefined;
  points.push(...clicksOf(prompts));
  for (const prompt of prompts) if (prompt.type === 'box') box = clipBox(prompt.box, image);
  const maskLogits = before?.candidates[before.chosen]!.logits;
  return { points, ...(box && { box }), ...(maskLogits && { maskLogits }) };
}

/** A copy of the mask: it would keep all of the decoder's answer alive. */
function correctionBy(prompt: PointPrompt, before: Selection | undefined): Correction {
  return { click: toClick(prompt), shown: before?.candidates[before.chosen]!.logits.slice() };
}

/** Index of the last mask to start from, or −1: nothing before it is of any consequence. */
function lastMaskOf(prompts: readonly Prompt[]): number {
  return prompts.map(({ type }) => type).lastIndexOf('mask');
}

/** The clicks among prompts that count. */
export function clicksOf(prompts: readonly Prompt[]): LabelledPoint[] {
  return prompts
    .slice(lastMaskOf(prompts) + 1)
    .flatMap((prompt) => (prompt.type === 'point' ? [toClick(prompt)] : []));
}

function toClick({ x, y, label }: PointPrompt): LabelledPoint {
  return { point: [x, y], inside: label === 'inside' };
}

function clipBox([x0, y0, x1, y1]: Box, { width, height }: Size): Box {
  return [Math.max(0, x0), Math.max(0, y0), Math.min(width, x1), Math.min(height, y1)];
}
