/** Coordinates with three decimals that keep smooth joins smooth. */
import { unit } from './direction.js';
import type { Segment } from './segment.js';

/** Decimals are thousandths. */
const UNITS = 1000;

/** Directions that differ by less are one. */
const SMOOTH_COSINE = Math.cos((0.5 * Math.PI) / 180);

/** A handle may move along by this many thousandths to where one of them lies closest to its direction. */
const FARTHEST_SLIDE = 10;

/** Rounds the segments around a ring. Handles on either side of a smooth join stay on one line through it. */
export function roundSegments(segments: readonly Segment[]): Segment[] {
  const rounded = segments.map((segment) => segment.map((value) => Math.round(value * UNITS)));
  segments.forEach((segment, k) => {
    const next = (k + 1) % segments.length;
    alignJoin(segment, segments[next]!, segments.at(k - 1)!, rounded, k, next);
  });
  return rounded.map((segment) => segment.map((value) => value / UNITS));
}

/** Puts the handles beside the end of a segment on one line. */
function alignJoin(
  segment: Segment,
  following: Segment,
  previous: Segment,
  rounded: number[][],
  k: number,
  next: number,
): void {
  const x = segment.at(-2)!;
  const y = segment.at(-1)!;
  const [fromX, fromY] =
    segment.length > 2 ? [segment[2]!, segment[3]!] : [previous.at(-2)!, previous.at(-1)!];
  const before = unit(x - fromX, y - fromY);
  const after = unit(following[0]! - x, following[1]! - y);
  if (before.x * after.x + before.y * after.y < SMOOTH_COSINE) return;
  const ends = rounded[k]!;
  const endX = ends.at(-2)!;
  const endY = ends.at(-1)!;
  let direction = unit(before.x + after.x, before.y + after.y);
  if (segment.length === 2) {
    const start = rounded.at(k - 1)!;
    direction = unit(endX - start.at(-2)!, endY - start.at(-1)!);
  } else if (following.length === 2) {
    direction = unit(rounded[next]![0]! - endX, rounded[next]![1]! - endY);
  }
  const handles = [];
  if (segment.length > 2) handles.push({ of: ends, at: 2, sign: -1 });
  if (following.length > 2) handles.push({ of: rounded[next]!, at: 0, sign: 1 });
  const lengthOf = ({ of, at }: { of: number[]; at: number }) =>
    Math.hypot(of[at]! - endX, of[at + 1]! - endY);
  handles.sort((a, b) => lengthOf(a) - lengthOf(b));
  for (const { of, at, sign } of handles) {
    slideOnto(of, at, endX, endY, sign * direction.x, sign * direction.y);
    // Short handles have few directions to choose from: where there are two, the longer one follows the shorter.
    direction = unit(sign * (of[at]! - endX), sign * (of[at + 1]! - endY));
  }
}

/** Moves a handle to the whole point nearby that is seen from the end in the direction closest to the one wanted. */
function slideOnto(segment: number[], at: number, endX: number, endY: number, dx: number, dy: number): void {
  const isFlat = Math.abs(dx) >= Math.abs(dy);
  const [along, slope] = isFlat ? [segment[at]! - endX, dy / dx] : [segment[at + 1]! - endY, dx / dy];
  const sign = Math.sign(isFlat ? dx : dy);
  let least = Infinity;
  let best = along;
  for (let slide = 0; slide <= 2 * FARTHEST_SLIDE; slide++) {
    const step = along + (slide % 2 ? (slide + 1) / 2 : -slide / 2);
    if (step * sign <= 0) continue;
    const error = Math.abs(step * slope - Math.round(step * slope)) / Math.abs(step);
    if (error >= least - 1e-7) continue;
    least = error;
    best = step;
  }
  const across = Math.round(best * slope);
  segment[at] = endX + (isFlat ? best : across);
  segment[at + 1] = endY + (isFlat ? across : best);
}
