/** Arcs as polylines, close enough to see whether they cross. */
import type { Segment } from './segment.js';

/** An arc as lines and curves, from where it starts. */
export interface ArcPath {
  readonly startX: number;
  readonly startY: number;
  readonly segments: readonly Segment[];
}

/** How far a straight piece may lie from its curve, and the most pieces of one curve. */
const FLATTENING_PX = 0.002;
const MAX_PIECES = 1024;

/** The straight pieces of many arcs, segment by segment. */
export interface FlatArcs {
  /** x, y pairs; those of an arc follow each other. */
  readonly points: Float64Array;
  /** By arc: its first point; one more entry for the end. */
  readonly arcs: Int32Array;
  /** By segment: its arc, its first and its last point, and its box as x0, y0, x1, y1. */
  readonly arcOf: Int32Array;
  readonly first: Int32Array;
  readonly last: Int32Array;
  readonly boxes: Float64Array;
}

export function flattenArcs(paths: readonly ArcPath[]): FlatArcs {
  const count = paths.reduce((sum, { segments }) => sum + segments.length, 0);
  const flat = {
    arcs: new Int32Array(paths.length + 1),
    arcOf: new Int32Array(count),
    first: new Int32Array(count),
    last: new Int32Array(count),
    boxes: new Float64Array(4 * count),
  };
  const points = new PointList();
  let segment = 0;
  paths.forEach((path, arc) => {
    flat.arcs[arc] = points.count;
    points.push(path.startX, path.startY);
    for (const values of path.segments) {
      flat.arcOf[segment] = arc;
      flat.first[segment] = points.count - 1;
      if (values.length === 2) points.push(values[0]!, values[1]!);
      else points.pushCurve(values);
      flat.last[segment] = points.count - 1;
      flat.boxes.set(points.boxOf(flat.first[segment]!, flat.last[segment]!), 4 * segment++);
    }
  });
  flat.arcs[paths.length] = points.count;
  return { ...flat, points: points.take() };
}

/** The segment that a piece belongs to, by the point where the piece starts. */
export function segmentAt({ first }: FlatArcs, point: number): number {
  let [low, high] = [0, first.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (first[middle]! <= point) low = middle;
    else high = middle - 1;
  }
  return low;
}

class PointList {
  count = 0;
  private points = new Float64Array(1 << 14);

  push(x: number, y: number): void {
    if (2 * this.count === this.points.length) {
      const longer = new Float64Array(2 * this.points.length);
      longer.set(this.points);
      this.points = longer;
    }
    this.points[2 * this.count] = x;
    this.points[2 * this.count++ + 1] = y;
  }

  /** Adds the curve that starts at the last point. */
  pushCurve([x1, y1, x2, y2, x3, y3]: readonly number[] & Segment): void {
    const x0 = this.points[2 * this.count - 2]!;
    const y0 = this.points[2 * this.count - 1]!;
    const bend = Math.max(
      Math.hypot(x0 - 2 * x1! + x2!, y0 - 2 * y1! + y2!),
      Math.hypot(x1! - 2 * x2! + x3!, y1! - 2 * y2! + y3!),
    );
    // A piece of a cubic strays by at most the second derivative, 6 · bend, over 8 n².
    const pieces = Math.min(MAX_PIECES, Math.max(2, Math.ceil(Math.sqrt((0.75 * bend) / FLATTENING_PX))));
    for (let k = 1; k < pieces; k++) {
      const t = k / pieces;
      const s = 1 - t;
      const [b0, b1, b2, b3] = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t];
      this.push(b0 * x0 + b1 * x1! + b2 * x2! + b3 * x3!, b0 * y0 + b1 * y1! + b2 * y2! + b3 * y3!);
    }
    this.push(x3!, y3!);
  }

  boxOf(first: number, last: number): [number, number, number, number] {
    let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let k = first; k <= last; k++) {
      const x = this.points[2 * k]!;
      const y = this.points[2 * k + 1]!;
      if (x < x0) x0 = x;
      if (x > x1) x1 = x;
      if (y < y0) y0 = y;
      if (y > y1) y1 = y;
    }
    return [x0, y0, x1, y1];
  }

  take(): Float64Array {
    return this.points.slice(0, 2 * this.count);
  }
}
