/** How far the segments of a ring and the ring lie apart. */
import type { Segment } from './segment.js';
import { exactFarthestSquared, farthestSquared, flattenCubic, MAX_PIECES } from './polyline.js';
import type { Ring } from './ring.js';

/** How closely curves are followed. */
const FLATTENING_PX = 0.005;

/**
 * @param segments Around the ring, in its order.
 * @param ends By segment: the vertex of the ring where it ends; −1 where the next one goes on along the same stretch.
 * @param tolerancePx Distance beyond which it is worth a slower look whether there is a nearer point after all.
 * @returns Largest distance between segments and ring, both ways.
 */
export function measureSegments(
  ring: Ring,
  segments: readonly Segment[],
  ends: readonly number[],
  tolerancePx: number,
): number {
  const limit = tolerancePx * tolerancePx;
  const points = twiceWithMiddles(ring);
  const line = new PolylineBuffer(FLATTENING_PX);
  let farthest = 0;
  let from = ends.at(-1)!;
  line.start(segments.at(-1)!);
  segments.forEach((segment, k) => {
    line.add(segment);
    if (ends[k] === -1) return;
    const to = ends[k]! > from ? ends[k]! : ends[k]! + ring.length / 2;
    farthest = Math.max(farthest, line.distanceTo(points, 2 * from, 2 * to, limit));
    from = ends[k]!;
    line.start(segment);
  });
  return Math.sqrt(farthest);
}

/** A ring twice over, so that every stretch lies in one piece; the middles of its edges can be the farthest points. */
function twiceWithMiddles(ring: Ring): Float64Array {
  const n = ring.length;
  const points = new Float64Array(4 * n);
  for (let k = 0; k < n; k += 2) {
    const to = k + 2 < n ? k + 2 : 0;
    points[2 * k] = ring[k]!;
    points[2 * k + 1] = ring[k + 1]!;
    points[2 * k + 2] = (ring[k]! + ring[to]!) / 2;
    points[2 * k + 3] = (ring[k + 1]! + ring[to + 1]!) / 2;
  }
  points.copyWithin(2 * n, 0, 2 * n);
  return points;
}

/** Segments as a polyline. */
export class PolylineBuffer {
  private points = new Float64Array(4 * (MAX_PIECES + 1));
  private count = 0;
  private readonly curve = new Float64Array(8);
  private readonly flat = new Float64Array(2 * (MAX_PIECES + 1));

  constructor(private readonly flatteningPx: number) {}

  /** Starts anew, from the end of a segment. */
  start(segment: Segment): void {
    this.count = 0;
    this.push(segment.at(-2)!, segment.at(-1)!);
  }

  add(segment: Segment): void {
    const { curve, flat, points, count } = this;
    if (segment.length === 2) {
      this.push(segment[0]!, segment[1]!);
      return;
    }
    curve[0] = points[2 * count - 2]!;
    curve[1] = points[2 * count - 1]!;
    curve.set(segment, 2);
    const flatCount = flattenCubic(curve, this.flatteningPx, flat);
    for (let k = 1; k < flatCount; k++) this.push(flat[2 * k]!, flat[2 * k + 1]!);
  }

  private push(x: number, y: number): void {
    if (2 * this.count === this.points.length) {
      const longer = new Float64Array(2 * this.points.length);
      longer.set(this.points);
      this.points = longer;
    }
    this.points[2 * this.count] = x;
    this.points[2 * this.count++ + 1] = y;
  }

  /** Squared distance between this and the stretch from one vertex to another, the larger of both ways. */
  distanceTo(ring: Float64Array, from: number, to: number, limit: number): number {
    const last = this.count - 1;
    const there = farthestSquared(ring, from, to, this.points, 0, last, limit);
    const back = farthestSquared(this.points, 0, last, ring, from, to, limit);
    if (Math.max(there, back) <= limit) return Math.max(there, back);
    const stretch = ring.subarray(2 * from, 2 * to + 2);
    const line = this.points.subarray(0, 2 * this.count);
    return Math.max(exactFarthestSquared(stretch, line), exactFarthestSquared(line, stretch));
  }
}
