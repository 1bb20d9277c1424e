/** Refuses prompts that cannot be answered, before anything is asked. */
import { CodedError } from '../protocol/errors.js';
import type { Size } from '../protocol/geometry.js';
import { MAX_PROMPTS } from '../protocol/prompt.js';
import type { Prompt } from '../protocol/prompt.js';
import { meansSomething } from './meaning.js';
import type { Meaning } from './meaning.js';
import { boxOf } from './trace/ring.js';

const EMPTY_HINT = 'Mark what is meant: a point, a box, a stroke, a lasso or a mask.';

/**
 * @throws CodedError PROMPTS_EMPTY, PROMPTS_TOO_MANY, PROMPT_NOT_FINITE, PROMPT_OUTSIDE, MASK_SHAPE or
 *   CANDIDATE_UNKNOWN.
 */
export function validatePrompts(prompts: readonly Prompt[], image: Size): void {
  if (prompts.length === 0) {
    throw new CodedError('PROMPTS_EMPTY', 'There is no prompt.', EMPTY_HINT);
  }
  if (prompts.length > MAX_PROMPTS) {
    throw new CodedError(
      'PROMPTS_TOO_MANY',
      `${prompts.length} prompts arrived; ${MAX_PROMPTS} is the most.`,
      'Clear some of them.',
    );
  }
  if (prompts[0]!.type === 'pick') throw notOffered(prompts[0]!.rank, 0);
  if (!prompts.some(meansSomething)) {
    throw new CodedError('PROMPTS_EMPTY', 'No prompt says which object is meant.', EMPTY_HINT);
  }
  for (const prompt of prompts) validatePrompt(prompt, image);
}

function validatePrompt(prompt: Prompt, { width, height }: Size): void {
  if (!meansSomething(prompt)) return;
  if (prompt.type === 'mask') {
    const [rows, columns] = prompt.rle.size;
    if (rows === height && columns === width) return;
    const message = `A mask of ${columns}×${rows} px came for an image of ${width}×${height} px.`;
    throw new CodedError('MASK_SHAPE', message, 'Send a mask the size of the image.');
  }
  const numbers = coordinatesOf(prompt);
  if (!numbers.every(Number.isFinite)) {
    throw new CodedError(
      'PROMPT_NOT_FINITE',
      `A ${prompt.type} has a coordinate that is not a number: ${brief(numbers)}.`,
      'Give coordinates in image pixels.',
    );
  }
  if (reaches(prompt, numbers, { width, height })) return;
  throw new CodedError(
    'PROMPT_OUTSIDE',
    `The ${prompt.type} ${brief(numbers)} is outside the image.`,
    `The image covers 0,0 to ${width},${height}.`,
  );
}

type Placed = Exclude<Meaning, { type: 'mask' }>;

function coordinatesOf(prompt: Placed): readonly number[] {
  if (prompt.type === 'point') return [prompt.x, prompt.y];
  return prompt.type === 'box' ? prompt.box : prompt.points.flat();
}

/** A line drawn by hand has many. */
function brief(numbers: readonly number[]): string {
  const shown = numbers.slice(0, 8).join(', ');
  return numbers.length > 8 ? `${shown}, …` : shown;
}

/** Whether any of it is in the image; a point has to be, all of it. */
function reaches(prompt: Placed, numbers: readonly number[], { width, height }: Size): boolean {
  const [x0, y0, x1, y1] = boxOf(Float64Array.from(numbers));
  const aroundPx = prompt.type === 'stroke' ? prompt.radiusPx : 0;
  if (prompt.type === 'point' || prompt.type === 'stroke') {
    return x0 <= width + aroundPx && y0 <= height + aroundPx && x1 >= -aroundPx && y1 >= -aroundPx;
  }
  // What has no inside goes around nothing.
  return x0 < width && y0 < height && x1 > 0 && y1 > 0 && x1 > x0 && y1 > y0;
}

/** @returns The error for picking a candidate that was not offered. */
export function notOffered(rank: number, offered: number): CodedError {
  return new CodedError(
    'CANDIDATE_UNKNOWN',
    `Candidate ${rank} was picked, but ${offered === 0 ? 'none' : `only ${offered}`} had been offered.`,
    offered === 0 ? 'Mark what is meant first.' : `Pick a candidate from 1 to ${offered}.`,
  );
}
