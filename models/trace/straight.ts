/** Straight sides of a ring or an arc, which curves must not bend. */
import type { Joints } from './joints.js';
import type { Track } from './track.js';

/** A straight side, from one joint to another; `to` counts on from `from` and may pass the last joint. */
export interface StraightSide {
  readonly from: number;
  readonly to: number;
  readonly lengthPx: number;
}

/** Farthest the ring may lie from the line of a straight side. */
const STRAIGHT_PX = 0.15;

/**
 * A large arc is nearly straight for a while too, but goes on nearly so. A quarter of its length beyond either end,
 * a side has left its line by at least this much.
 */
const LEAVES_PX = 8 * STRAIGHT_PX;

/** A corner belongs to a side that ends as few joints or as small a share of its length before it. */
const CORNER_JOINTS = 2;
const CORNER_SHARE = 0.15;

/** How far curves may reach into a side. */
const SOFT_END_PX = 6;

/** Finds the straight sides of a ring, in order. They do not depend on the tolerance. */
export function findStraightSides(track: Track, { isCorner, isOpen }: Joints): StraightSide[] {
  const count = track.vertex.length;
  const sides: StraightSide[] = [];
  let end = 0;
  for (let from = 0; from < (isOpen ? count - 1 : count); from++) {
    let to = Math.max(from + 1, end);
    if (strays(track, from, to)) continue;
    while (to + 1 < (isOpen ? count : from + count) && !strays(track, from, to + 1)) to++;
    if (to <= end) continue;
    end = to;
    const side = { from, to, lengthPx: chordLength(track, from, to) };
    if (side.lengthPx > LEAVES_PX && leavesLine(track, side, isOpen)) addSide(sides, side);
  }
  return sides.map((side) => reachCorners(track, isCorner, side));
}

/** Takes in the corners next to a side, whose tips are seldom on its line. */
function reachCorners(
  track: Track,
  isCorner: Uint8Array,
  { from, to, lengthPx }: StraightSide,
): StraightSide {
  const count = isCorner.length;
  const reach = (end: number, step: 1 | -1) => {
    for (let k = 0; k < count / 2; k++) {
      const joint = end + step * k;
      const distance = chordLength(track, (end + count) % count, (joint + count) % count);
      if (k > CORNER_JOINTS && distance > CORNER_SHARE * lengthPx) break;
      if (isCorner[(joint + count) % count]) return joint;
    }
    return end;
  };
  return { from: reach(from, -1), to: reach(to, 1), lengthPx };
}

/**
 * How far one segment may go from each joint: not from outside into the middle of a long side, nor from there
 * beyond its end.
 *
 * @param shortestPx Shorter sides do not count.
 * @returns Most joints to advance, by joint.
 */
export function spansAlongSides(
  track: Track,
  sides: readonly StraightSide[],
  shortestPx: number,
  most: number,
): Int32Array {
  const count = track.vertex.length;
  const spans = new Int32Array(count).fill(most);
  for (const { from, to, lengthPx } of sides) {
    if (lengthPx < shortestPx) continue;
    const softEnd = Math.min(SOFT_END_PX, lengthPx / 4);
    let first = from + count;
    while (chordLength(track, from + count, first) < softEnd) first++;
    first -= count;
    let last = to;
    while (chordLength(track, last, to) < softEnd) last--;
    for (let i = Math.max(first - most, to - count); i < last; i++) {
      const end = i < from ? first : to;
      const joint = (i + 2 * count) % count;
      spans[joint] = Math.min(spans[joint]!, Math.max(1, end - i));
    }
  }
  return spans;
}

/** Of sides that overlap by more than half of the new one, the longer one stays. */
function addSide(sides: StraightSide[], side: StraightSide): void {
  const last = sides.at(-1);
  if (last && last.to - side.from > (side.to - side.from) / 2) {
    if (last.lengthPx >= side.lengthPx) return;
    sides.pop();
  }
  sides.push(side);
}

function pointOf({ ring, vertex }: Track, joint: number): readonly [number, number] {
  const k = 2 * vertex[joint % vertex.length]!;
  return [ring[k]!, ring[k + 1]!];
}

function chordLength(track: Track, from: number, to: number): number {
  const [x0, y0] = pointOf(track, from);
  const [x1, y1] = pointOf(track, to);
  return Math.hypot(x1 - x0, y1 - y0);
}

/** Whether the ring between two joints strays from the line through them. */
function strays(track: Track, from: number, to: number): boolean {
  const { ring, vertex } = track;
  const n = ring.length / 2;
  const [x0, y0] = pointOf(track, from);
  const [x1, y1] = pointOf(track, to);
  const [dx, dy] = [x1 - x0, y1 - y0];
  const most = STRAIGHT_PX * Math.sqrt(dx * dx + dy * dy);
  const start = vertex[from % vertex.length]!;
  const end = vertex[to % vertex.length]!;
  for (let k = start; k !== end; k = k + 1 === n ? 0 : k + 1) {
    if (Math.abs((ring[2 * k]! - x0) * dy - (ring[2 * k + 1]! - y0) * dx) > most) return true;
  }
  return false;
}

/** Whether the ring leaves the line of a side soon after both ends, or ends there. */
function leavesLine(track: Track, { from, to, lengthPx }: StraightSide, isOpen: boolean): boolean {
  const { ring, vertex } = track;
  const n = ring.length / 2;
  const [x0, y0] = pointOf(track, from);
  const [x1, y1] = pointOf(track, to);
  const [ux, uy] = [(x1 - x0) / lengthPx, (y1 - y0) / lengthPx];
  const leaves = (end: number, step: 1 | -1) => {
    let k = vertex[end % vertex.length]!;
    for (let gone = 0; ;) {
      if (isOpen && k === (step < 0 ? 0 : n - 1)) return true;
      const next = (k + step + n) % n;
      gone += Math.hypot(ring[2 * next]! - ring[2 * k]!, ring[2 * next + 1]! - ring[2 * k + 1]!);
      if (gone > lengthPx / 4) return false;
      k = next;
      if (Math.abs((ring[2 * k]! - x0) * uy - (ring[2 * k + 1]! - y0) * ux) > LEAVES_PX) return true;
    }
  };
  return leaves(from, -1) && leaves(to, 1);
}
