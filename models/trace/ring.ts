/** A closed polyline, and the few things every stage asks of one. */

/**
 * Closed vertices x0, y0, x1, y1, … in image space; the first is not repeated. Outer rings have a positive
 * shoelace sum and run clockwise on screen (y points down), so the inside is to the right; holes are negative.
 */
export type Ring = Float64Array;

/** Signed area in px²: positive for an outer ring, negative for a hole. */
export function ringArea(ring: Ring): number {
  let sum = 0;
  let x0 = ring[ring.length - 2] ?? 0;
  let y0 = ring[ring.length - 1] ?? 0;
  for (let k = 0; k < ring.length; k += 2) {
    const x1 = ring[k]!;
    const y1 = ring[k + 1]!;
    sum += x0 * y1 - x1 * y0;
    x0 = x1;
    y0 = y1;
  }
  return sum / 2;
}

/** Whether a point lies inside a ring; on the ring itself either answer is possible. */
export function ringContains(ring: Ring, x: number, y: number): boolean {
  let inside = false;
  let x0 = ring[ring.length - 2] ?? 0;
  let y0 = ring[ring.length - 1] ?? 0;
  for (let k = 0; k < ring.length; k += 2) {
    const x1 = ring[k]!;
    const y1 = ring[k + 1]!;
    if (y0 > y !== y1 > y && x < x0 + ((y - y0) / (y1 - y0)) * (x1 - x0)) inside = !inside;
    x0 = x1;
    y0 = y1;
  }
  return inside;
}

/** Length of the edge that starts at vertex k. */
export function edgeLength(ring: Ring, k: number): number {
  const to = 2 * k + 2 < ring.length ? 2 * k + 2 : 0;
  const dx = ring[to]! - ring[2 * k]!;
  const dy = ring[to + 1]! - ring[2 * k + 1]!;
  return Math.sqrt(dx * dx + dy * dy);
}

/** A ring two times in a row, so that every stretch of it lies in one piece. */
export function twice(ring: Ring): Float64Array {
  const points = new Float64Array(2 * ring.length);
  points.set(ring);
  points.set(ring, ring.length);
  return points;
}

/** The box around some points: x0, y0, x1, y1. */
export function boxOf(points: Float64Array): [number, number, number, number] {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let k = 0; k < points.length; k += 2) {
    const x = points[k]!;
    const y = points[k + 1]!;
    if (x < x0) x0 = x;
    if (x > x1) x1 = x;
    if (y < y0) y0 = y;
    if (y > y1) y1 = y;
  }
  return [x0, y0, x1, y1];
}
