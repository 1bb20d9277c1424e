/** A box in shares of its image, so that it lies in images of any size alike. */
import type { Box, Size } from '../../../protocol/geometry.js';

/** [x0, y0, x1, y1], each in [0, 1]. */
export type BoxShares = Box;

/** The whole image but for its rim: a box on the very border would mean the background as well. */
export const INSET_BOX: BoxShares = [0.05, 0.05, 0.95, 0.95];

/** Less than a pixel of a large image is no difference. */
const DIGITS = 4;

export function sharesOf([x0, y0, x1, y1]: Box, { width, height }: Size): BoxShares {
  return [x0 / width, y0 / height, x1 / width, y1 / height].map(round) as BoxShares;
}

/** @returns At least a pixel each way, within the image. */
export function boxFromShares([x0, y0, x1, y1]: BoxShares, { width, height }: Size): Box {
  const [left, right] = span(x0 * width, x1 * width, width);
  const [top, bottom] = span(y0 * height, y1 * height, height);
  return [left, top, right, bottom];
}

/** For the settings, which keep plain values only. */
export function textFromShares(shares: BoxShares): string {
  return shares.join(' ');
}

/** @returns undefined for anything that is not four shares with an inside. */
export function sharesFromText(text: unknown): BoxShares | undefined {
  if (typeof text !== 'string') return undefined;
  const shares = text.split(' ').map(Number);
  const [x0, y0, x1, y1] = shares as BoxShares;
  const isBox =
    shares.length === 4 && shares.every((share) => share >= 0 && share <= 1) && x0 < x1 && y0 < y1;
  return isBox ? [x0, y0, x1, y1] : undefined;
}

export function sameShares(a: BoxShares, b: BoxShares): boolean {
  return a.every((share, i) => share === b[i]);
}

function span(from: number, to: number, length: number): readonly [number, number] {
  const start = Math.min(Math.max(0, from), length - 1);
  return [start, Math.min(length, Math.max(to, start + 1))];
}

function round(share: number): number {
  return Math.min(1, Math.max(0, Number(share.toFixed(DIGITS))));
}
