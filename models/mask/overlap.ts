/** How much two masks have in common, counted on their runs. */
import { CodedError } from '../../protocol/errors.js';
import type { Runs } from './runs.js';

/**
 * Counts the pixels that two masks share, by walking both lists of runs at once.
 *
 * @throws CodedError MASK_SHAPE when they are masks of different sizes.
 */
export function sharedPixels(a: Runs, b: Runs): number {
  requireSameSize(a, b);
  let shared = 0;
  let [i, j] = [0, 0];
  let [endA, endB] = [a.lengths[0] ?? 0, b.lengths[0] ?? 0];
  let position = 0;
  while (i < a.lengths.length && j < b.lengths.length) {
    const end = Math.min(endA, endB);
    // Odd runs are inside.
    if ((i & j & 1) === 1) shared += end - position;
    position = end;
    if (endA === end) endA += a.lengths[++i] ?? 0;
    if (endB === end) endB += b.lengths[++j] ?? 0;
  }
  return shared;
}

/**
 * Intersection over union of two masks.
 *
 * @returns In [0, 1]; 0 when both are empty.
 * @throws CodedError MASK_SHAPE when they are masks of different sizes.
 */
export function iouOfRuns(a: Runs, b: Runs): number {
  const shared = sharedPixels(a, b);
  const union = countInside(a) + countInside(b) - shared;
  return union === 0 ? 0 : shared / union;
}

/** Pixel count of a mask. */
export function countInside({ lengths }: Runs): number {
  let count = 0;
  for (let i = 1; i < lengths.length; i += 2) count += lengths[i]!;
  return count;
}

function requireSameSize({ size: a }: Runs, { size: b }: Runs): void {
  if (a.width === b.width && a.height === b.height) return;
  throw new CodedError(
    'MASK_SHAPE',
    `A mask of ${a.width}×${a.height} px was compared with one of ${b.width}×${b.height} px.`,
    'Compare masks of the same image.',
  );
}
