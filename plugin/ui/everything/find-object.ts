/** The object under a point: looked up in the masks that were found, within a fraction of a frame. */
import type { FoundMask } from '../../../protocol/everything.js';
import type { Rle } from '../../../protocol/outline.js';
import type { Point } from '../../../protocol/geometry.js';
import { makeSearchable, maskContains } from '../../../models/mask/hit-test.js';
import type { SearchableMask } from '../../../models/mask/hit-test.js';
import { decodeRuns } from '../../../models/mask/rle.js';
import type { Arranged, ShownObject } from './arrange.js';
import type { Hover } from './state.js';

export class ObjectFinder {
  /** By a mask's pixels, which stay the same object when its place in the tree changes. */
  private readonly searchable = new WeakMap<Rle, SearchableMask>();
  private smallestFirst: Arranged = [];

  /** Reads masks that are new, so that no movement of the pointer has to wait for it. */
  prepare(arranged: Arranged): void {
    this.smallestFirst = [...arranged].sort((a, b) => a.mask.area - b.mask.area || b.depth - a.depth);
    for (const { mask } of arranged) this.searchableOf(mask);
  }

  /** The smallest shown object that covers a point; image space. */
  objectAt([x, y]: Point): ShownObject | undefined {
    return this.smallestFirst.find(({ mask }) => {
      const [x0, y0, x1, y1] = mask.box;
      return x >= x0 && x < x1 && y >= y0 && y < y1 && maskContains(this.searchableOf(mask), x, y);
    });
  }

  private searchableOf({ rle }: FoundMask): SearchableMask {
    const known = this.searchable.get(rle);
    if (known) return known;
    const made = makeSearchable(decodeRuns(rle));
    this.searchable.set(rle, made);
    return made;
  }
}

/**
 * What pointing at an object means.
 *
 * @param previous While the pointer stays within the object that was walked to, that one stays meant.
 */
export function hoverOn(
  object: ShownObject | undefined,
  from: Hover['from'],
  previous?: Hover,
): Hover | undefined {
  if (!object) return undefined;
  const chain: number[] = [];
  for (let above: ShownObject | undefined = object; above; above = above.parent) chain.push(above.mask.id);
  const held = previous?.held;
  const index = held === undefined ? -1 : chain.indexOf(held);
  return index < 0 ? { chain, index: 0, from } : { chain, index, from, held };
}

/** @returns The next object outwards or inwards; undefined at either end. */
export function walkHover(hover: Hover, step: 1 | -1): Hover | undefined {
  const index = hover.index + step;
  const held = hover.chain[index];
  return held === undefined ? undefined : { ...hover, index, held: index > 0 ? held : undefined };
}
