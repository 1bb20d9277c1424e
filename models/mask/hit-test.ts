/** Whether a point lies in a mask, without a bitmap: runs are searched, not walked. */
import type { Runs } from './runs.js';

/** A mask whose runs can be searched: where each ends, counted column by column. */
export interface SearchableMask {
  readonly width: number;
  readonly height: number;
  /** Ascending; run i covers the pixels from ends[i − 1] to ends[i]. Odd runs are inside. */
  readonly ends: Uint32Array;
}

/** Runs → where each ends. */
export function makeSearchable({ size: { width, height }, lengths }: Runs): SearchableMask {
  const ends = new Uint32Array(lengths.length);
  let end = 0;
  for (let i = 0; i < lengths.length; i++) ends[i] = end += lengths[i]!;
  return { width, height, ends };
}

/**
 * Whether the pixel under a point is inside; about twelve comparisons for a mask of four thousand runs.
 *
 * @param x Image space, as is y; outside the image nothing is inside.
 */
export function maskContains({ width, height, ends }: SearchableMask, x: number, y: number): boolean {
  const [column, row] = [Math.floor(x), Math.floor(y)];
  if (column < 0 || row < 0 || column >= width || row >= height) return false;
  const pixel = column * height + row;
  // The first run that ends after the pixel covers it; empty runs end where the one before does.
  let [low, high] = [0, ends.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ends[middle]! > pixel) high = middle;
    else low = middle + 1;
  }
  return low % 2 === 1;
}
