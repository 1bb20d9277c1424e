/** Which mask each pixel belongs to. */
import type { Size } from '../../protocol/geometry.js';

/** Pixels that no mask covers, and those beyond the image. */
export const UNCOVERED = 0;
export const OUTSIDE = 0xffff;

/**
 * One label a pixel, column by column as in COCO's runs, framed by one pixel of OUTSIDE: pixel (x, y) is at
 * (x + 1) · stride + y + 1.
 */
export interface LabelMap {
  readonly size: Size;
  /** Height + 2. */
  readonly stride: number;
  readonly labels: Uint16Array;
}

/** An image that nothing covers yet. */
export function emptyLabelMap(size: Size): LabelMap {
  const stride = size.height + 2;
  const labels = new Uint16Array((size.width + 2) * stride).fill(OUTSIDE);
  for (let x = 1; x <= size.width; x++) labels.fill(UNCOVERED, x * stride + 1, (x + 1) * stride - 1);
  return { size, stride, labels };
}
