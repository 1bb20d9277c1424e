/** Curves as polylines. */
import type { Segment } from './segment.js';

/** Most straight pieces one curve is cut into, unless it has to be followed more closely. */
export const MAX_PIECES = 64;

/**
 * Cuts a cubic into straight pieces.
 *
 * @param curve Start, handle, handle, end: x, y each.
 * @param errorPx Farthest a piece may lie from the curve, as long as there is room.
 * @param out Receives x, y pairs, both ends included; its room limits the pieces.
 * @returns How many points.
 */
export function flattenCubic(curve: Float64Array, errorPx: number, out: Float64Array): number {
  const x0 = curve[0]!;
  const y0 = curve[1]!;
  const x1 = curve[2]!;
  const y1 = curve[3]!;
  const x2 = curve[4]!;
  const y2 = curve[5]!;
  const x3 = curve[6]!;
  const y3 = curve[7]!;
  const bend = Math.sqrt(
    Math.max(
      bendSquared(x0 - 2 * x1 + x2, y0 - 2 * y1 + y2),
      bendSquared(x1 - 2 * x2 + x3, y1 - 2 * y2 + y3),
    ),
  );
  // A piece of a cubic strays by at most the second derivative, 6 · bend, over 8 n².
  const pieces = Math.min(out.length / 2 - 1, Math.max(2, Math.ceil(Math.sqrt((0.75 * bend) / errorPx))));
  for (let k = 0; k <= pieces; k++) {
    const t = k / pieces;
    const s = 1 - t;
    const b0 = s * s * s;
    const b1 = 3 * s * s * t;
    const b2 = 3 * s * t * t;
    const b3 = t * t * t;
    out[2 * k] = b0 * x0 + b1 * x1 + b2 * x2 + b3 * x3;
    out[2 * k + 1] = b0 * y0 + b1 * y1 + b2 * y2 + b3 * y3;
  }
  return pieces + 1;
}

function bendSquared(x: number, y: number): number {
  return x * x + y * y;
}

/** Segments as a polyline. */
export class PolylineBuffer {
  /** How many points there are. */
  count = 0;
  private points = new Float64Array(4 * (MAX_PIECES + 1));
  private readonly curve = new Float64Array(8);
  private readonly flat: Float64Array;

  constructor(
    private readonly flatteningPx: number,
    mostPieces = MAX_PIECES,
  ) {
    this.flat = new Float64Array(2 * (mostPieces + 1));
  }

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

  get polyline(): Float64Array {
    return this.points.subarray(0, 2 * this.count);
  }

  push(x: number, y: number): void {
    if (2 * this.count === this.points.length) {
      const longer = new Float64Array(2 * this.points.length);
      longer.set(this.points);
      this.points = longer;
    }
    this.points[2 * this.count] = x;
    this.points[2 * this.count++ + 1] = y;
  }
}
