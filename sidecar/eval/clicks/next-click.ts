/** Where a person would click next, knowing the truth. */
import type { Point, Size } from '../../../protocol/geometry.js';
import { squaredDistances } from '../../../models/mask/distance-transform.js';

/** A pixel of a truth: outside, inside, or of no consequence. */
export const OUTSIDE = 0;
export const INSIDE = 1;
export const IGNORED = 2;

export interface Truth extends Size {
  /** Uint8, height × width: OUTSIDE, INSIDE or IGNORED. */
  readonly pixels: Uint8Array;
}

export interface Click {
  readonly point: Point;
  readonly inside: boolean;
}

/**
 * Clicks into the larger of the two errors, the pixels missing and those too many: in its middle, the pixel farthest
 * from the error's edge, or anywhere in it.
 *
 * @param answer Uint8, height × width, 0 or 1; all 0 before the first click.
 * @param random In [0, 1), for random clicks.
 * @returns Undefined when there is no error left to click on.
 * @source Segment Anything (arXiv 2304.02643), supplement E.1.
 */
export function nextClick(
  truth: Truth,
  answer: Uint8Array,
  clicks: readonly Click[],
  random?: () => number,
): Click | undefined {
  const missing = new Uint8Array(answer.length);
  const surplus = new Uint8Array(answer.length);
  for (let k = 0; k < answer.length; k++) {
    if (truth.pixels[k] === INSIDE && !answer[k]) missing[k] = 1;
    if (truth.pixels[k] === OUTSIDE && answer[k]) surplus[k] = 1;
  }
  const places = [missing, surplus].map((error) => deepest(error, truth, clicks));
  const [inMissing, inSurplus] = places as [Place, Place];
  const inside = inMissing.depth >= inSurplus.depth;
  const place = inside ? inMissing : inSurplus;
  if (place.depth === 0) return undefined;
  const pixel = random ? anyOf(inside ? missing : surplus, random) : place.pixel;
  return { point: centreOf(pixel, truth), inside };
}

interface Place {
  readonly pixel: number;
  /** Squared distance to the error's edge. */
  readonly depth: number;
}

function deepest(error: Uint8Array, size: Size, clicks: readonly Click[]): Place {
  const depths = squaredDistances(error, size);
  // The same pixel a second time says nothing new.
  for (const { point } of clicks) depths[Math.floor(point[1]) * size.width + Math.floor(point[0])] = 0;
  let pixel = 0;
  for (let k = 1; k < depths.length; k++) if (depths[k]! > depths[pixel]!) pixel = k;
  return { pixel, depth: depths[pixel]! };
}

function anyOf(error: Uint8Array, random: () => number): number {
  let count = 0;
  for (const value of error) count += value;
  let left = Math.floor(random() * count);
  return error.findIndex((value) => value === 1 && left-- === 0);
}

function centreOf(pixel: number, { width }: Size): Point {
  return [(pixel % width) + 0.5, Math.floor(pixel / width) + 0.5];
}

/**
 * Intersection over union, over the pixels that count.
 *
 * @param answer Uint8, height × width, 0 or 1.
 */
export function iouWithTruth({ pixels }: Truth, answer: Uint8Array): number {
  let shared = 0;
  let either = 0;
  for (let k = 0; k < answer.length; k++) {
    if (pixels[k] === IGNORED) continue;
    const inside = pixels[k] === INSIDE;
    if (inside && answer[k]) shared++;
    if (inside || answer[k]) either++;
  }
  return either === 0 ? 1 : shared / either;
}
