/** The list of found objects as a person moves through it: what is folded away, and where keys lead. */
import type { Arranged, ShownObject } from './arrange.js';

/** What a key asks for in the list. */
export type TreeMove =
  | { readonly kind: 'go'; readonly index: number }
  | { readonly kind: 'fold'; readonly isFolded: boolean }
  | { readonly kind: 'check' | 'open' };

/** The objects that have a row: none within a folded one. */
export function visibleRows(shown: Arranged, collapsed: ReadonlySet<number>): Arranged {
  const rows: ShownObject[] = [];
  for (let i = 0; i < shown.length; i++) {
    const object = shown[i]!;
    rows.push(object);
    if (collapsed.has(object.mask.id)) i += object.partCount;
  }
  return rows;
}

/** The row of an object, or of the nearest one around it that has one; −1 when it is not shown. */
export function rowOf(rows: Arranged, object: ShownObject | undefined): number {
  for (let above = object; above; above = above.parent) {
    const row = rows.indexOf(above);
    if (row >= 0) return row;
  }
  return -1;
}

/** How an object's box is ticked: mixed when the object is chosen, but not all of its parts. */
export function checkState(
  { mask, parts }: ShownObject,
  unchecked: ReadonlySet<number>,
): 'true' | 'false' | 'mixed' {
  if (unchecked.has(mask.id)) return 'false';
  return parts.every((part) => checkState(part, unchecked) === 'true') ? 'true' : 'mixed';
}

/**
 * What a key means, by the conventions of trees.
 *
 * @param active Index of the row that keys act on.
 * @param page Rows on the screen.
 * @returns undefined when it means nothing here.
 */
export function moveForKey(
  key: string,
  rows: Arranged,
  active: number,
  collapsed: ReadonlySet<number>,
  page: number,
): TreeMove | undefined {
  const go = (index: number): TreeMove => ({
    kind: 'go',
    index: Math.max(0, Math.min(rows.length - 1, index)),
  });
  const object = rows[active];
  if (!object) return undefined;
  const isFolded = collapsed.has(object.mask.id);
  switch (key) {
    case 'ArrowDown':
      return go(active + 1);
    case 'ArrowUp':
      return go(active - 1);
    case 'PageDown':
      return go(active + page);
    case 'PageUp':
      return go(active - page);
    case 'Home':
      return go(0);
    case 'End':
      return go(rows.length - 1);
    case 'ArrowRight':
      if (object.partCount === 0) return undefined;
      return isFolded ? { kind: 'fold', isFolded: false } : go(active + 1);
    case 'ArrowLeft':
      if (object.partCount > 0 && !isFolded) return { kind: 'fold', isFolded: true };
      return object.parent && go(rowOf(rows, object.parent));
    case ' ':
      return { kind: 'check' };
    case 'Enter':
      return { kind: 'open' };
    default:
      return undefined;
  }
}
