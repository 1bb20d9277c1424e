/** Connected regions of a mask: foreground 4-connected, background 8-connected, as contours see them. */
import type { Size } from '../../protocol/geometry.js';

/** Regions of a mask as a tree: each lies in its parent, which has the other value. */
export interface Regions {
  /** Int32, height × width: the region of each pixel. */
  readonly labels: Int32Array;
  /** By region: 0 or 1. */
  readonly values: readonly number[];
  /** By region: the one that surrounds it, always a smaller number; −1 where only the image border does. */
  readonly parents: readonly number[];
  /** By region: its pixel count. */
  readonly areas: readonly number[];
}

/**
 * Labels connected regions, numbered as a scan from the top left meets them. Background that touches the image
 * border is no hole and has no parent.
 *
 * @param mask Uint8, height × width, 0 or 1.
 */
export function labelRegions(mask: Uint8Array, size: Size): Regions {
  const labels = new Int32Array(mask.length).fill(-1);
  const stack = new Int32Array(mask.length);
  const values: number[] = [];
  const parents: number[] = [];
  const areas: number[] = [];
  for (let seed = 0; seed < mask.length; seed++) {
    if (labels[seed] !== -1) continue;
    const value = mask[seed]!;
    const { area, touchesBorder } = floodRegion(mask, size, labels, values.length, seed, stack);
    // The first pixel that a scan meets lies on the outer edge, so what is to its left surrounds it.
    const isOpen = (value === 0 && touchesBorder) || seed % size.width === 0;
    values.push(value);
    parents.push(isOpen ? -1 : labels[seed - 1]!);
    areas.push(area);
  }
  return { labels, values, parents, areas };
}

/**
 * Removes islands and fills holes that enclose fewer pixels than asked for, with everything nested in them.
 * Background that touches the image border is not a hole.
 *
 * @param mask Uint8, height × width, 0 or 1; not changed.
 * @returns A new mask.
 * @source Segment Anything (arXiv 2304.02643), supplement C, small regions.
 */
export function removeSmallRegions(mask: Uint8Array, size: Size, minAreaPx: number): Uint8Array {
  const { labels, values, parents, areas } = labelRegions(mask, size);
  const enclosed = [...areas];
  for (let region = enclosed.length - 1; region >= 0; region--) {
    const parent = parents[region]!;
    if (parent >= 0) enclosed[parent]! += enclosed[region]!;
  }
  // Parents come first, and what is nested in a small region is smaller still: values pass downwards.
  const kept = [...values];
  for (let region = 0; region < kept.length; region++) {
    const parent = parents[region]!;
    if (enclosed[region]! < minAreaPx) kept[region] = parent >= 0 ? kept[parent]! : 0;
  }
  return Uint8Array.from(labels, (region) => kept[region]!);
}

/** Labels everything connected to the seed. */
function floodRegion(
  mask: Uint8Array,
  { width, height }: Size,
  labels: Int32Array,
  region: number,
  seed: number,
  stack: Int32Array,
): { readonly area: number; readonly touchesBorder: boolean } {
  const value = mask[seed]!;
  let area = 0;
  let touchesBorder = false;
  let top = 0;
  const visit = (pixel: number) => {
    if (mask[pixel] !== value || labels[pixel] !== -1) return;
    labels[pixel] = region;
    stack[top++] = pixel;
  };
  visit(seed);
  while (top > 0) {
    const pixel = stack[--top]!;
    area++;
    const x = pixel % width;
    const [hasLeft, hasRight] = [x > 0, x < width - 1];
    const [hasAbove, hasBelow] = [pixel >= width, pixel < width * (height - 1)];
    touchesBorder ||= !(hasLeft && hasRight && hasAbove && hasBelow);
    if (hasLeft) visit(pixel - 1);
    if (hasRight) visit(pixel + 1);
    if (hasAbove) visit(pixel - width);
    if (hasBelow) visit(pixel + width);
    if (value === 1) continue;
    if (hasAbove && hasLeft) visit(pixel - width - 1);
    if (hasAbove && hasRight) visit(pixel - width + 1);
    if (hasBelow && hasLeft) visit(pixel + width - 1);
    if (hasBelow && hasRight) visit(pixel + width + 1);
  }
  return { area, touchesBorder };
}
