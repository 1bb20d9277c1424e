/** How far the segments of a ring and the ring lie apart. */
import type { Segment } from './segment.js';
import { distanceBetween } from './farthest.js';
import { PolylineBuffer } from './polyline.js';
import { twice, type Ring } from './ring.js';

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
  const points = twice(ring);
  const line = new PolylineBuffer(FLATTENING_PX);
  let farthest = 0;
  let from = ends.at(-1)!;
  line.start(segments.at(-1)!);
  segments.forEach((segment, k) => {
    line.add(segment);
    if (ends[k] === -1) return;
    const to = ends[k]! > from ? ends[k]! : ends[k]! + ring.length / 2;
    const stretch = points.subarray(2 * from, 2 * to + 2);
    farthest = distanceBetween(stretch, line.polyline, tolerancePx, farthest);
    from = ends[k]!;
    line.start(segment);
  });
  return farthest;
}
