/** What a spot of the page shows: which layers, and which spot of their image each. */
import { apply, invert } from './matrix.js';
import { readPath } from './paths.js';
import type { PathCommand } from './paths.js';
import type { NodeDump } from './types.js';

type Xy = readonly [number, number];

export interface Shown {
  readonly id: string;
  /** In the node's own coordinates. */
  readonly at: Xy;
}

/** Straight pieces that a curve is drawn with. */
const PIECES = 64;

/**
 * Layers that are filled at a spot, masks and hidden ones minded, from bottom to top. Vectors by their paths,
 * rectangles by their box.
 *
 * @param at On the page.
 */
export function layersAt(node: NodeDump, at: Xy): Shown[] {
  if (!node.visible) return [];
  if (node.children.length > 0) {
    let isMasked = false;
    return node.children.flatMap((child) => {
      if (!child.isMask) return isMasked ? [] : layersAt(child, at);
      isMasked ||= !isFilledAt(child, at);
      return [];
    });
  }
  const isFilled = (node.fills as readonly object[]).length > 0 && isFilledAt(node, at);
  return isFilled ? [{ id: node.id, at: apply(invert(node.absoluteTransform), at) }] : [];
}

function isFilledAt({ absoluteTransform, width, height, vectorPaths }: NodeDump, at: Xy): boolean {
  const [x, y] = apply(invert(absoluteTransform), at);
  if (vectorPaths.length === 0) return x >= 0 && y >= 0 && x < width && y < height;
  return vectorPaths.some(({ data, windingRule }) => {
    const winding = windingAt(readPath(data), [x, y]);
    return windingRule === 'EVENODD' ? winding.crossings % 2 === 1 : winding.turns !== 0;
  });
}

/** Crossings of a ray to the right. */
function windingAt(commands: readonly PathCommand[], [x, y]: Xy): { crossings: number; turns: number } {
  const result = { crossings: 0, turns: 0 };
  const line = ([x0, y0]: Xy, [x1, y1]: Xy): void => {
    if (y0 <= y === y1 <= y || x0 + ((y - y0) / (y1 - y0)) * (x1 - x0) <= x) return;
    result.crossings++;
    result.turns += y1 > y0 ? 1 : -1;
  };
  let [start, from]: [Xy, Xy] = [
    [0, 0],
    [0, 0],
  ];
  for (const [command, ...v] of commands) {
    if (command === 'M') start = [v[0]!, v[1]!];
    else if (command === 'L') line(from, [v[0]!, v[1]!]);
    else if (command === 'C') curve(from, v, line);
    else line(from, start);
    from = command === 'Z' ? start : [v[v.length - 2]!, v[v.length - 1]!];
  }
  return result;
}

function curve([x0, y0]: Xy, [x1, y1, x2, y2, x3, y3]: number[], line: (from: Xy, to: Xy) => void): void {
  let from: Xy = [x0, y0];
  for (let i = 1; i <= PIECES; i++) {
    const t = i / PIECES;
    const s = 1 - t;
    const at = (a: number, b: number, c: number, d: number): number =>
      s * s * s * a + 3 * s * s * t * b + 3 * s * t * t * c + t * t * t * d;
    const to: Xy = [at(x0, x1!, x2!, x3!), at(y0, y1!, y2!, y3!)];
    line(from, to);
    from = to;
  }
}
