/** A mask as runs → a field to trace, without a bitmap of the whole image. */
import type { Box } from '../../protocol/geometry.js';
import type { LogitField } from '../logit-field.js';
import { maskWithin, measureRuns } from './runs.js';
import type { Runs } from './runs.js';

/** Pixels around the mask in its field, so that contours close. */
const FRAME_PX = 2;

/** @returns ±0.5 at the pixels around the mask, as from `fieldFromMask`. */
export function fieldFromRuns(runs: Runs): LogitField {
  const { width, height } = runs.size;
  const [left, top, right, bottom] = measureRuns(runs).box;
  const box: Box = [
    Math.max(0, left - FRAME_PX),
    Math.max(0, top - FRAME_PX),
    Math.min(width, right + FRAME_PX),
    Math.min(height, bottom + FRAME_PX),
  ];
  const mask = maskWithin(runs, box);
  const logits = new Float32Array(mask.length);
  for (let k = 0; k < mask.length; k++) logits[k] = mask[k]! - 0.5;
  return {
    logits,
    columns: box[2] - box[0],
    rows: box[3] - box[1],
    originX: box[0] + 0.5,
    originY: box[1] + 0.5,
    stepX: 1,
    stepY: 1,
    image: runs.size,
  };
}
