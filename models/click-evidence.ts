/**
 * What clicks tell of a mask, besides the side that they are on: people click in the middle of what is wrong with the
 * mask they see. Everything here is seen on every other low-res sample: fine enough to weigh masks, not to tell small
 * ones apart.
 */
import type { Point, Size } from '../protocol/geometry.js';
import type { LabelledPoint } from './adapter.js';
import { LOW_RES_SIDE, lowResExtent, lowResGrid } from './coordinates.js';
import { squaredDistances } from './mask/distance-transform.js';

/** A click, and the mask that it was meant to put right. */
export interface Correction {
  readonly click: LabelledPoint;
  /** Float32, 256×256, model space: what was shown at the time; nothing before the first click. */
  readonly shown: Float32Array | undefined;
}

/** A mask at half of the low-res grid's density. */
export interface CoarseMask extends Size {
  /** Uint8, height × width, 0 or 1; the padding of model space is left out. */
  readonly pixels: Uint8Array;
}

/** Low-res samples from one of a coarse mask to the next. */
const STRIDE = 2;

/**
 * @param logits Float32, 256×256, model space.
 * @returns At least one pixel each way; pixel (x, y) is sample (2x + 1, 2y + 1).
 */
export function coarseMask(logits: Float32Array, image: Size): CoarseMask {
  const { columns, rows } = lowResExtent(image);
  const width = Math.max(1, Math.floor(columns / STRIDE));
  const height = Math.max(1, Math.floor(rows / STRIDE));
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = Math.min(rows - 1, STRIDE * y + 1) * LOW_RES_SIDE;
    for (let x = 0; x < width; x++) {
      if (logits[row + Math.min(columns - 1, STRIDE * x + 1)]! > 0) pixels[y * width + x] = 1;
    }
  }
  return { pixels, width, height };
}

/**
 * How well a click is explained by a mask being what is meant: how deep the click lies in the part that this mask would
 * put right, as a share of the deepest place of all that it would change.
 *
 * @param shown What the click was made on; nothing before the first one.
 * @returns In [0, 1]; 1 for a click in the very middle, 0 for one not even next to a change on its side.
 */
export function explanation(
  meant: CoarseMask,
  shown: CoarseMask | undefined,
  click: LabelledPoint,
  image: Size,
): number {
  const wanted = depths(meant, shown, click.inside);
  const depth = depthNear(wanted, placeOf(click, meant, image));
  if (depth === 0) return 0;
  const unwanted = depths(meant, shown, !click.inside);
  return Math.sqrt(depth / Math.max(wanted.most, unwanted.most));
}

/** How deep pixels lie in one side of a change, within the change's box; nothing changes around it. */
interface Depths extends Size {
  readonly left: number;
  readonly top: number;
  /** Float32, height × width, squared. */
  readonly values: Float32Array;
  readonly most: number;
}

const NO_DEPTHS: Depths = { left: 0, top: 0, width: 0, height: 0, values: new Float32Array(0), most: 0 };

/** @param isAdded Of what comes to the mask shown, or else of what goes. */
function depths(
  { pixels, width, height }: CoarseMask,
  shown: CoarseMask | undefined,
  isAdded: boolean,
): Depths {
  const changed = new Uint8Array(pixels.length);
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0, k = 0; y < height; y++) {
    for (let x = 0; x < width; x++, k++) {
      const before = shown ? shown.pixels[k]! : 0;
      if (pixels[k] === before || (pixels[k] === 1) !== isAdded) continue;
      changed[k] = 1;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      bottom = y;
    }
  }
  if (right < 0) return NO_DEPTHS;
  const size = { width: right - left + 1, height: bottom - top + 1 };
  const part = new Uint8Array(size.width * size.height);
  for (let y = 0; y < size.height; y++) {
    const start = (top + y) * width + left;
    part.set(changed.subarray(start, start + size.width), y * size.width);
  }
  const values = squaredDistances(part, size);
  let most = 0;
  for (const value of values) if (value > most) most = value;
  return { left, top, ...size, values, most };
}

/** The greatest depth at a place or next to it: on this grid, a middle is known to one pixel. */
function depthNear({ left, top, width, height, values }: Depths, [column, row]: Point): number {
  let most = 0;
  for (let y = Math.max(0, row - 1 - top); y <= Math.min(height - 1, row + 1 - top); y++) {
    for (let x = Math.max(0, column - 1 - left); x <= Math.min(width - 1, column + 1 - left); x++) {
      most = Math.max(most, values[y * width + x]!);
    }
  }
  return most;
}

/**
 * @param clicks Those inside count, wherever they touch the mask: they may be a pixel off.
 * @returns Share of the mask's area that is connected to clicks, in [0, 1]; 0 for an empty mask.
 */
export function connectedShare(mask: CoarseMask, clicks: readonly LabelledPoint[], image: Size): number {
  const { pixels, width, height } = mask;
  const left = pixels.slice();
  const open: number[] = [];
  const reach = (k: number) => {
    if (left[k] !== 1) return;
    left[k] = 0;
    open.push(k);
  };
  for (const click of clicks) {
    if (!click.inside) continue;
    const [column, row] = placeOf(click, mask, image);
    for (let y = Math.max(0, row - 1); y <= Math.min(height - 1, row + 1); y++) {
      for (let x = Math.max(0, column - 1); x <= Math.min(width - 1, column + 1); x++) reach(y * width + x);
    }
  }
  let connected = 0;
  while (open.length > 0) {
    const k = open.pop()!;
    connected++;
    if (k % width > 0) reach(k - 1);
    if (k % width < width - 1) reach(k + 1);
    reach(k - width);
    reach(k + width);
  }
  return connected / Math.max(1, countOnes(pixels));
}

/** Intersection over union of two masks of one image; 1 when both are empty. */
export function coarseIou({ pixels: a }: CoarseMask, { pixels: b }: CoarseMask): number {
  let shared = 0;
  let either = 0;
  for (let k = 0; k < a.length; k++) {
    shared += a[k]! & b[k]!;
    either += a[k]! | b[k]!;
  }
  return either === 0 ? 1 : shared / either;
}

function countOnes(pixels: Uint8Array): number {
  let count = 0;
  for (const value of pixels) count += value;
  return count;
}

/** Column and row of the pixel nearest to a click. */
function placeOf({ point: [x, y] }: LabelledPoint, { width, height }: Size, image: Size): Point {
  const { originX, originY, stepX, stepY } = lowResGrid(image);
  const column = Math.floor((x - originX) / stepX / STRIDE);
  const row = Math.floor((y - originY) / stepY / STRIDE);
  return [clamp(column, width), clamp(row, height)];
}

function clamp(index: number, length: number): number {
  return Math.max(0, Math.min(length - 1, index));
}
