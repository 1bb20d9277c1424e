/** Which segments of arcs cross or touch each other or themselves. */
import { NO_JUNCTION, type Arc } from './arcs.js';
import { LEAST_TURN, type FlatArcs } from './flat-arcs.js';

const LEAST_TURN_SINE = Math.sin(LEAST_TURN);

/** Twice the area in px² below which three points are in line. */
const IN_LINE = 1e-10;

/**
 * Finds segments that meet elsewhere than in an end of both.
 *
 * @param isChanged By arc: pairs of which neither has changed are not looked at.
 * @returns Their numbers in `flat`.
 */
export function findCrossings(arcs: readonly Arc[], flat: FlatArcs, isChanged: Uint8Array): Set<number> {
  const { arcOf, boxes } = flat;
  const crossing = new Set<number>();
  const touches = new TouchTest(arcs, flat);
  // Segments from the left, each with all that begin before it ends.
  const order = Int32Array.from(arcOf, (_, k) => k).sort((a, b) => boxes[4 * a]! - boxes[4 * b]!);
  for (let i = 0; i < order.length; i++) {
    const a = order[i]!;
    const right = boxes[4 * a + 2]!;
    if (isChanged[arcOf[a]!] && touches.crossesItself(a)) crossing.add(a);
    for (let j = i + 1; j < order.length && boxes[4 * order[j]!]! <= right; j++) {
      const b = order[j]!;
      if (boxes[4 * b + 1]! > boxes[4 * a + 3]! || boxes[4 * b + 3]! < boxes[4 * a + 1]!) continue;
      if (!isChanged[arcOf[a]!] && !isChanged[arcOf[b]!]) continue;
      if (!touches.between(a, b)) continue;
      crossing.add(a).add(b);
    }
  }
  return crossing;
}

/** Looks at segments piece by piece. */
class TouchTest {
  constructor(
    private readonly arcs: readonly Arc[],
    private readonly flat: FlatArcs,
  ) {}

  between(a: number, b: number): boolean {
    const { arcOf, first, last, boxes } = this.flat;
    for (let p = first[a]!; p < last[a]!; p++) {
      if (!this.meetsBox(p, 4 * b, boxes)) continue;
      for (let q = first[b]!; q < last[b]!; q++) if (this.touch(p, arcOf[a]!, q, arcOf[b]!)) return true;
    }
    return false;
  }

  crossesItself(a: number): boolean {
    const { arcOf, first, last } = this.flat;
    const arc = arcOf[a]!;
    if (this.isMonotone(first[a]!, last[a]!)) return false;
    for (let p = first[a]!; p < last[a]!; p++) {
      for (let q = p + 1; q < last[a]!; q++) if (this.touch(p, arc, q, arc)) return true;
    }
    return false;
  }

  /** Whether all pieces go forward along the chord. */
  private isMonotone(first: number, last: number): boolean {
    const { points } = this.flat;
    const dx = points[2 * last]! - points[2 * first]!;
    const dy = points[2 * last + 1]! - points[2 * first + 1]!;
    for (let p = first; p < last; p++) {
      const along =
        (points[2 * p + 2]! - points[2 * p]!) * dx + (points[2 * p + 3]! - points[2 * p + 1]!) * dy;
      if (along <= 0) return false;
    }
    return true;
  }

  private meetsBox(p: number, box: number, boxes: Float64Array): boolean {
    const { points } = this.flat;
    const [x0, y0, x1, y1] = [points[2 * p]!, points[2 * p + 1]!, points[2 * p + 2]!, points[2 * p + 3]!];
    return (
      Math.max(x0, x1) >= boxes[box]! &&
      Math.min(x0, x1) <= boxes[box + 2]! &&
      Math.max(y0, y1) >= boxes[box + 1]! &&
      Math.min(y0, y1) <= boxes[box + 3]!
    );
  }

  /** Whether the pieces that start at points p and q meet elsewhere than in an end of both. */
  private touch(p: number, arcP: number, q: number, arcQ: number): boolean {
    const { points } = this.flat;
    const [ax, ay, bx, by] = [points[2 * p]!, points[2 * p + 1]!, points[2 * p + 2]!, points[2 * p + 3]!];
    const [cx, cy, dx, dy] = [points[2 * q]!, points[2 * q + 1]!, points[2 * q + 2]!, points[2 * q + 3]!];
    if (Math.max(ax, bx) < Math.min(cx, dx) || Math.max(cx, dx) < Math.min(ax, bx)) return false;
    if (Math.max(ay, by) < Math.min(cy, dy) || Math.max(cy, dy) < Math.min(ay, by)) return false;
    const [a, b, c, d] = [
      this.nodeOf(p, arcP),
      this.nodeOf(p + 1, arcP),
      this.nodeOf(q, arcQ),
      this.nodeOf(q + 1, arcQ),
    ];
    if (a === c || a === d || b === c || b === d) {
      if ((a === c && b === d) || (a === d && b === c)) return true;
      const [x, y] = a === c || a === d ? [ax, ay] : [bx, by];
      const [ux, uy] = a === c || a === d ? [bx - x, by - y] : [ax - x, ay - y];
      const [vx, vy] = a === c || b === c ? [dx - x, dy - y] : [cx - x, cy - y];
      const dot = ux * vx + uy * vy;
      return dot > 0 && Math.abs(ux * vy - uy * vx) < LEAST_TURN_SINE * dot;
    }
    const a1 = sideOf(cx, cy, dx, dy, ax, ay);
    const b1 = sideOf(cx, cy, dx, dy, bx, by);
    if (a1 * b1 > 0) return false;
    return sideOf(ax, ay, bx, by, cx, cy) * sideOf(ax, ay, bx, by, dx, dy) <= 0;
  }

  /** The same number for points that are one: junctions, and where a closed arc starts and ends. */
  private nodeOf(point: number, arc: number): number {
    const { arcs } = this.flat;
    if (point === arcs[arc]) {
      const { from } = this.arcs[arc]!;
      return from === NO_JUNCTION ? point : -1 - from;
    }
    if (point + 1 === arcs[arc + 1]) {
      const { to } = this.arcs[arc]!;
      return to === NO_JUNCTION ? arcs[arc]! : -1 - to;
    }
    return point;
  }
}

/** −1, 0 or 1: on which side of the line from a to b a point is. */
function sideOf(ax: number, ay: number, bx: number, by: number, x: number, y: number): number {
  const area = (bx - ax) * (y - ay) - (by - ay) * (x - ax);
  return Math.abs(area) < IN_LINE ? 0 : Math.sign(area);
}
