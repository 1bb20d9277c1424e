/** A mask of the image's own pixels → logits such as the network answers with, for it to go on from. */
import type { Point, Size } from '../protocol/geometry.js';
import type { Rle } from '../protocol/outline.js';
import { LOW_RES_LENGTH, LOW_RES_SIDE, lowResGrid } from './coordinates.js';
import { squaredDistances } from './mask/distance-transform.js';
import { decodeRuns } from './mask/rle.js';
import type { Runs } from './mask/runs.js';

/** Logit of a sample that lies wholly inside: as sure as the network mostly is of its own masks. */
export const SURE_LOGIT = 10;

/**
 * Each sample stands for the pixels nearest to it: half of them inside is a logit of 0, so the outline of the result
 * runs where that of the mask does, to a fraction of a sample.
 *
 * @param rle A mask the size of the image.
 * @returns Float32, 256×256, model space.
 * @throws CodedError RLE_INVALID
 */
export function logitsOfMask(rle: Rle, image: Size): Float32Array {
  return logitsOfRuns(decodeRuns(rle), image);
}

/** As `logitsOfMask`, for a mask as runs. */
export function logitsOfRuns({ lengths }: Runs, image: Size): Float32Array {
  const { stepX, stepY } = lowResGrid(image);
  const inside = new Float64Array(LOW_RES_LENGTH);
  let position = 0;
  lengths.forEach((length, i) => {
    if (i % 2 === 1) addRun(inside, position, length, image.height, stepX, stepY);
    position += length;
  });
  const logits = new Float32Array(inside.length);
  for (let row = 0, k = 0; row < LOW_RES_SIDE; row++) {
    const tall = shown(row, stepY, image.height);
    for (let column = 0; column < LOW_RES_SIDE; column++, k++) {
      const whole = tall * shown(column, stepX, image.width);
      logits[k] = whole > 0 ? SURE_LOGIT * ((2 * inside[k]!) / whole - 1) : -SURE_LOGIT;
    }
  }
  return logits;
}

/**
 * The place in a mask that is farthest from its edge, on the low-res grid: where a person would click to mean it.
 *
 * @param logits Float32, 256×256, model space.
 * @returns Image space; undefined for a mask too small for a sample.
 */
export function middleOfMask(logits: Float32Array, image: Size): Point | undefined {
  const isInside = Uint8Array.from(logits, (value) => (value > 0 ? 1 : 0));
  const depths = squaredDistances(isInside, { width: LOW_RES_SIDE, height: LOW_RES_SIDE });
  let deepest = 0;
  for (let k = 1; k < depths.length; k++) if (depths[k]! > depths[deepest]!) deepest = k;
  if (depths[deepest] === 0) return undefined;
  const { stepX, stepY } = lowResGrid(image);
  const column = deepest % LOW_RES_SIDE;
  const row = Math.floor(deepest / LOW_RES_SIDE);
  return [Math.min(image.width, (column + 0.5) * stepX), Math.min(image.height, (row + 0.5) * stepY)];
}

/** Length of a cell that lies over the image; samples beyond its edge are outside. */
function shown(cell: number, step: number, length: number): number {
  return Math.max(0, Math.min(length, (cell + 1) * step) - cell * step);
}

/** Adds the area that a run of pixels, down columns, has in common with each sample's cell. */
function addRun(
  inside: Float64Array,
  start: number,
  length: number,
  height: number,
  stepX: number,
  stepY: number,
): void {
  for (let p = start; p < start + length;) {
    const x = Math.floor(p / height);
    const y = p - x * height;
    const rows = Math.min(height - y, start + length - p);
    forEachShare(x, x + 1, stepX, (column, width) =>
      forEachShare(y, y + rows, stepY, (row, tall) => {
        inside[row * LOW_RES_SIDE + column]! += width * tall;
      }),
    );
    p += rows;
  }
}

/** Cells of one axis that an interval meets, each with the length in common. */
function forEachShare(
  from: number,
  to: number,
  step: number,
  visit: (cell: number, length: number) => void,
): void {
  const last = Math.min(LOW_RES_SIDE - 1, Math.floor(to / step));
  for (let cell = Math.floor(from / step); cell <= last; cell++) {
    const length = Math.min(to, (cell + 1) * step) - Math.max(from, cell * step);
    if (length > 0) visit(cell, length);
  }
}
