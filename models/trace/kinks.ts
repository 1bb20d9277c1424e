/** Takes slight kinks out of a chain of lines. */
import { unit, type Direction } from './direction.js';
import type { Segment } from './segment.js';

/** Larger turns are corners; smaller ones cannot be seen. */
const CORNER_COSINE = Math.cos((15 * Math.PI) / 180);
const STRAIGHT_COSINE = Math.cos((0.05 * Math.PI) / 180);

/** Handles of a bent line, in its lengths; at a third, a cubic without a bend is the line. */
const HANDLE = 1 / 3;

/**
 * Makes curves of the lines of a chain that turn slightly at either end, so that they turn smoothly.
 *
 * @param first Direction in which what comes before arrives.
 * @param last Direction in which what follows sets off.
 * @returns As many segments, or undefined when no line turns slightly.
 */
export function bendLines(
  start: Segment,
  lines: readonly Segment[],
  first: Direction,
  last: Direction,
): Segment[] | undefined {
  const points = [start, ...lines];
  const chords = lines.map((line, k) => directionOf(points[k]!, line));
  const joins = points.map((_, k) => {
    const before = k > 0 ? chords[k - 1]! : first;
    const after = k < chords.length ? chords[k]! : last;
    if (!isSlight(before, after)) return undefined;
    if (k === 0 || k === chords.length) return k === 0 ? before : after;
    return unit(before.x + after.x, before.y + after.y);
  });
  if (joins.every((join) => !join)) return undefined;
  return lines.map((line, k) => {
    if (!joins[k] && !joins[k + 1]) return line;
    return bend(points[k]!, line, joins[k] ?? chords[k]!, joins[k + 1] ?? chords[k]!);
  });
}

function isSlight(before: Direction, after: Direction): boolean {
  const cosine = before.x * after.x + before.y * after.y;
  return cosine > CORNER_COSINE && cosine < STRAIGHT_COSINE;
}

function bend(from: Segment, to: Segment, out: Direction, into: Direction): Segment {
  const handle = HANDLE * Math.hypot(to[0]! - from[0]!, to[1]! - from[1]!);
  return [
    from[0]! + handle * out.x,
    from[1]! + handle * out.y,
    to[0]! - handle * into.x,
    to[1]! - handle * into.y,
    to[0]!,
    to[1]!,
  ];
}

function directionOf(from: Segment, to: Segment): Direction {
  return unit(to[0]! - from[0]!, to[1]! - from[1]!);
}
