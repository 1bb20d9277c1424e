/** Looks at regions as a painter would, sample by sample, and says what is wrong with them. */
import { decodeRle, encodeRle } from '../../../models/mask/rle.js';
import type { PartitionMask } from '../../../models/everything/partition.js';
import {
  shareEdges,
  type SharedEdgesOptions,
  type SharedRegion,
} from '../../../models/everything/shared-edges.js';
import type { Size } from '../../../protocol/geometry.js';
import { fillPath } from '../../support/raster.js';

/** A shape of a scene: whether the point is inside. */
export type Shape = (x: number, y: number) => boolean;

/** Shapes → masks of pixels whose centres are inside. Scores fall a little from one to the next. */
export function masksOf(
  shapes: readonly { readonly shape: Shape; readonly parent?: number; readonly score?: number }[],
  size: Size,
): PartitionMask[] {
  return shapes.map(({ shape, parent, score }, k) => {
    const mask = new Uint8Array(size.width * size.height);
    for (let k = 0; k < mask.length; k++) {
      mask[k] = shape((k % size.width) + 0.5, Math.floor(k / size.width) + 0.5) ? 1 : 0;
    }
    return {
      id: k + 1,
      parent: parent ?? null,
      rle: encodeRle(mask, size),
      area: mask.reduce((sum, value) => sum + value, 0),
      predictedIou: score ?? 0.95 - 0.001 * k,
      stabilityScore: 1,
    };
  });
}

/** All steps of `shareEdges` at once. */
export function traceSharedEdges(
  masks: readonly PartitionMask[],
  image: Size,
  options: SharedEdgesOptions,
): SharedRegion[] {
  const steps = shareEdges(masks, image, options);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

export interface Tiling {
  /** Samples that two children of one region cover, and those of a child outside its parent. */
  readonly overlapping: number;
  readonly escaping: number;
  /** Samples whose region is nowhere among the pixels within the distance allowed. */
  readonly strayed: number;
  readonly covered: number;
}

/**
 * Fills all regions. What is left of a region beside its children, and regions without children, are the leaves: with
 * nothing overlapping and nothing escaping, every covered sample belongs to exactly one.
 *
 * @param allowedPx How far a boundary may lie from the pixels' own.
 */
export function measureTiling(
  regions: readonly SharedRegion[],
  size: Size,
  perPixel: number,
  allowedPx: number,
): Tiling {
  const count = size.width * size.height * perPixel ** 2;
  const owners = new Uint16Array(count);
  const pixels = new Uint16Array(size.width * size.height);
  let [overlapping, escaping, covered] = [0, 0, 0];
  const indexOf = new Map<number | null, number>([[null, 0]]);
  regions.forEach(({ id, parent, rle, outline }, k) => {
    indexOf.set(id, k + 1);
    const parentIndex = indexOf.get(parent);
    const filled = fillPath(outline.path, size, perPixel);
    for (let s = 0; s < count; s++) {
      if (!filled[s]) continue;
      // Parents come before their children, so the owner has to be the parent, and nobody else.
      if (owners[s] !== parentIndex) {
        if (regions[owners[s]! - 1]?.parent === parent) overlapping++;
        else escaping++;
      }
      owners[s] = k + 1;
    }
    decodeRle(rle).forEach((value, pixel) => {
      if (value) pixels[pixel] = k + 1;
    });
  });
  for (let s = 0; s < count; s++) if (owners[s]) covered++;
  return { overlapping, escaping, covered, strayed: countStrayed(owners, pixels, size, perPixel, allowedPx) };
}

function countStrayed(
  owners: Uint16Array,
  pixels: Uint16Array,
  { width, height }: Size,
  perPixel: number,
  allowedPx: number,
): number {
  const columns = width * perPixel;
  const reach = Math.ceil(allowedPx);
  let strayed = 0;
  for (let s = 0; s < owners.length; s++) {
    const x = ((s % columns) + 0.5) / perPixel;
    const y = (Math.floor(s / columns) + 0.5) / perPixel;
    const [column, row] = [Math.floor(x), Math.floor(y)];
    if (pixels[row * width + column] === owners[s]) continue;
    let isNear = false;
    for (let j = Math.max(0, row - reach); j <= Math.min(height - 1, row + reach) && !isNear; j++) {
      for (let i = Math.max(0, column - reach); i <= Math.min(width - 1, column + reach) && !isNear; i++) {
        if (pixels[j * width + i] !== owners[s]) continue;
        isNear = Math.hypot(Math.max(0, i - x, x - i - 1), Math.max(0, j - y, y - j - 1)) <= allowedPx;
      }
    }
    if (!isNear) strayed++;
  }
  return strayed;
}

/** Every boundary pixel side between two labels, and a smooth line through them, lie no farther apart. */
export const STAIRS_PX = 0.75;
