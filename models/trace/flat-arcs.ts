/** Arcs as polylines, close enough to see whether they cross. */
import { PolylineBuffer } from './polyline.js';
import { boxOf } from './ring.js';
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

/** Pieces that set off from one point in directions closer together count as touching, and may have changed places. */
export const LEAST_TURN = (0.2 * Math.PI) / 180;

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
  const points = new PolylineBuffer(FLATTENING_PX, MAX_PIECES);
  let segment = 0;
  paths.forEach((path, arc) => {
    flat.arcs[arc] = points.count;
    points.push(path.startX, path.startY);
    for (const values of path.segments) {
      flat.arcOf[segment] = arc;
      flat.first[segment] = points.count - 1;
      points.add(values);
      flat.last[segment] = points.count - 1;
      const pieces = points.polyline.subarray(2 * flat.first[segment]!);
      flat.boxes.set(boxOf(pieces), 4 * segment++);
    }
  });
  flat.arcs[paths.length] = points.count;
  return { ...flat, points: points.polyline.slice() };
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
