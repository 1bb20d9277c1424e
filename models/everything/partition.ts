/** A tree of overlapping masks → one mask a pixel. */
import { CodedError } from '../../protocol/errors.js';
import type { Size } from '../../protocol/geometry.js';
import type { Rle } from '../../protocol/outline.js';
import { decodeRuns } from '../mask/rle.js';
import type { Runs } from '../mask/runs.js';
import { emptyLabelMap, OUTSIDE, UNCOVERED, type LabelMap } from '../trace/label-map.js';

/** A mask as the partition sees it. */
export interface PartitionMask {
  readonly id: number;
  /** Id of the mask that it is cut off at; null at the top. */
  readonly parent: number | null;
  readonly rle: Rle;
  readonly area: number;
  readonly predictedIou: number;
  readonly stabilityScore: number;
}

export interface Partition extends LabelMap {
  /** By label, which is a mask's index plus 1: the label of its parent; UNCOVERED for masks at the top. */
  readonly parents: Uint16Array;
  /** By label: how many masks it lies in; −1 for what no mask covers. */
  readonly depths: Int32Array;
}

/**
 * Gives every pixel to the deepest mask that wins it. A child wins over what is left of its parent and ends where its
 * parent does; among siblings the higher predicted IoU × stability score wins, then the smaller area, then the later
 * in painting order. What the child of a loser covers goes to the winner too. Yields when it may be interrupted.
 *
 * @param masks Parents before their children. A parent that does not come before counts as none.
 * @throws CodedError MASK_SHAPE when a mask has not the image's size, RLE_INVALID.
 */
export function* partitionMasks(
  masks: readonly PartitionMask[],
  image: Size,
): Generator<undefined, Partition> {
  const labelOf = new Map<number | null, number>();
  const parents = new Uint16Array(OUTSIDE + 1).fill(OUTSIDE);
  masks.forEach(({ id, parent }, k) => {
    parents[k + 1] = labelOf.get(parent) ?? UNCOVERED;
    labelOf.set(id, k + 1);
  });
  const depths = depthsOf(parents, masks.length);
  const map = emptyLabelMap(image);
  for (const label of paintingOrder(masks, depths)) {
    yield;
    paint(map, parents, label, runsOf(masks[label - 1]!, image));
  }
  return { ...map, parents, depths };
}

function depthsOf(parents: Uint16Array, count: number): Int32Array {
  const depths = new Int32Array(count + 1);
  depths[UNCOVERED] = -1;
  for (let label = 1; label <= count; label++) depths[label] = depths[parents[label]!]! + 1;
  return depths;
}

/** Calls back with every mask that holds one of two labels but not the other: up to what holds both. */
export function forEachApart(
  { parents, depths }: Partition,
  a: number,
  b: number,
  visit: (label: number, holdsFirst: boolean) => void,
): void {
  while (a !== b) {
    if (depths[a]! >= depths[b]!) {
      visit(a, true);
      a = parents[a]!;
    } else {
      visit(b, false);
      b = parents[b]!;
    }
  }
}

/** Level by level, and among siblings the winners last. */
function paintingOrder(masks: readonly PartitionMask[], depths: Int32Array): number[] {
  const score = (label: number) => masks[label - 1]!.predictedIou * masks[label - 1]!.stabilityScore;
  const order = masks.map((_, k) => k + 1);
  return order.sort(
    (a, b) =>
      depths[a]! - depths[b]! || score(a) - score(b) || masks[b - 1]!.area - masks[a - 1]!.area || a - b,
  );
}

function runsOf({ id, rle }: PartitionMask, { width, height }: Size): Runs {
  if (rle.size[0] !== height || rle.size[1] !== width) {
    throw new CodedError(
      'MASK_SHAPE',
      `Mask ${id} has ${rle.size[1]}×${rle.size[0]} px, the image ${width}×${height} px.`,
      'Pass masks of the image that they were found in.',
    );
  }
  return decodeRuns(rle);
}

/** Takes pixels from the parent and from siblings painted before, and from nobody else. */
function paint(
  { size, stride, labels }: LabelMap,
  parents: Uint16Array,
  label: number,
  { lengths }: Runs,
): void {
  const parent = parents[label]!;
  let position = 0;
  for (let i = 0; i < lengths.length; i++) {
    let left = i % 2 === 1 ? lengths[i]! : 0;
    let column = Math.floor(position / size.height);
    let row = position - column * size.height;
    position += lengths[i]!;
    while (left > 0) {
      const count = Math.min(left, size.height - row);
      const start = (column + 1) * stride + row + 1;
      for (let k = start; k < start + count; k++) {
        const owner = labels[k]!;
        if (owner === parent || parents[owner] === parent) labels[k] = label;
      }
      left -= count;
      column++;
      row = 0;
    }
  }
}
