/** Which mask lies in which: overlapping masks → a tree in painting order. */
import type { Arrangement } from '../../protocol/everything.js';
import type { Box } from '../../protocol/geometry.js';
import { intersection } from './footprint.js';
import type { Footprint } from './footprint.js';

/** What the tree rests on. */
export interface Placed {
  readonly id: number;
  /** Pixel count. */
  readonly area: number;
  readonly box: Box;
  readonly footprint: Footprint;
}

/** A mask is part of another when at least this share of it lies inside. */
const INSIDE_SHARE = 0.85;

/** What covers nearly all of another is another view of the same thing, and stays its sibling. */
const SAME_SIZE = 0.95;

/**
 * Every mask goes into the smallest one that contains it. Siblings are painted large ones first, so that small ones
 * end on top.
 *
 * @returns All masks, parents before their children, in painting order.
 */
export function arrangeMasks(masks: readonly Placed[]): Arrangement {
  const bySize = [...masks].sort((a, b) => b.area - a.area || a.id - b.id);
  const children = new Map<number | null, Placed[]>();
  bySize.forEach((mask, index) => {
    const parent = parentOf(mask, bySize, index);
    const siblings = children.get(parent);
    if (siblings) siblings.push(mask);
    else children.set(parent, [mask]);
  });
  const arranged: { id: number; parent: number | null }[] = [];
  const visit = (parent: number | null): void => {
    for (const { id } of children.get(parent) ?? []) {
      arranged.push({ id, parent });
      visit(id);
    }
  };
  visit(null);
  return arranged;
}

/** The smallest of the larger masks that contains this one. */
function parentOf({ area, box, footprint }: Placed, bySize: readonly Placed[], index: number): number | null {
  if (footprint.count === 0) return null;
  for (let i = index - 1; i >= 0; i--) {
    const larger = bySize[i]!;
    if (area > SAME_SIZE * larger.area || footprint.count * INSIDE_SHARE > larger.footprint.count) continue;
    if (!meet(box, larger.box)) continue;
    const inside = intersection(footprint.bits, larger.footprint.bits);
    if (inside >= INSIDE_SHARE * footprint.count) return larger.id;
  }
  return null;
}

function meet(a: Box, b: Box): boolean {
  return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
}
