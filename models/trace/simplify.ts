/** Rings as polygons with few vertices, for formats that know no curves. */
import type { Ring } from './ring.js';

/** Vertices from which a chord may start: the search looks back no farther. */
const LONGEST_CHORD = 512;

/**
 * Keeps the fewest vertices of a ring whose polygon stays within a distance of it. The first vertex stays.
 *
 * @returns A ring of at least 3 of the vertices.
 */
export function simplifyRing(ring: Ring, tolerancePx: number): Ring {
  if (ring.length <= 6) return ring;
  const closed = new Float64Array(ring.length + 2);
  closed.set(ring);
  closed.set(ring.subarray(0, 2), ring.length);
  const simple = simplifyPolyline(closed, tolerancePx);
  // A ring smaller than the tolerance keeps a triangle.
  if (simple.length < 8) return farthestTriangle(ring);
  return simple.subarray(0, simple.length - 2);
}

/**
 * Keeps the fewest vertices of an open polyline, both ends among them, that stay within a distance of it.
 *
 * @param points x, y pairs.
 */
export function simplifyPolyline(points: Float64Array, tolerancePx: number): Float64Array {
  const count = points.length / 2;
  const limit = tolerancePx * tolerancePx;
  const hops = new Int32Array(count).fill(1 << 29);
  const next = new Int32Array(count);
  hops[count - 1] = 0;
  for (let i = count - 2; i >= 0; i--) {
    const last = Math.min(count - 1, i + LONGEST_CHORD);
    for (let j = i + 1; j <= last; j++) {
      if (hops[j]! + 1 >= hops[i]! || !chordStays(points, i, j, limit)) continue;
      hops[i] = hops[j]! + 1;
      next[i] = j;
    }
  }
  const kept: number[] = [];
  for (let i = 0; i < count - 1; i = next[i]!) kept.push(points[2 * i]!, points[2 * i + 1]!);
  kept.push(points[2 * count - 2]!, points[2 * count - 1]!);
  return Float64Array.from(kept);
}

/** Whether all points between two lie close to the chord between them. */
function chordStays(points: Float64Array, i: number, j: number, limit: number): boolean {
  const ax = points[2 * i]!;
  const ay = points[2 * i + 1]!;
  const dx = points[2 * j]! - ax;
  const dy = points[2 * j + 1]! - ay;
  const squared = dx * dx + dy * dy;
  for (let k = i + 1; k < j; k++) {
    const px = points[2 * k]! - ax;
    const py = points[2 * k + 1]! - ay;
    const dot = px * dx + py * dy;
    const t = dot <= 0 ? 0 : dot >= squared ? 1 : dot / squared;
    const rx = px - t * dx;
    const ry = py - t * dy;
    if (rx * rx + ry * ry > limit) return false;
  }
  return true;
}

/** The first vertex, the one farthest from it, and the one farthest from the line through both. */
function farthestTriangle(ring: Ring): Ring {
  const x0 = ring[0]!;
  const y0 = ring[1]!;
  const far = argMax(ring, (x, y) => Math.hypot(x - x0, y - y0));
  const dx = ring[far]! - x0;
  const dy = ring[far + 1]! - y0;
  const side = argMax(ring, (x, y) => Math.abs((x - x0) * dy - (y - y0) * dx));
  const corners = [0, far, side].sort((a, b) => a - b);
  return Float64Array.from(corners.flatMap((k) => [ring[k]!, ring[k + 1]!]));
}

function argMax(ring: Ring, measure: (x: number, y: number) => number): number {
  let best = 0;
  let most = -1;
  for (let k = 0; k < ring.length; k += 2) {
    const value = measure(ring[k]!, ring[k + 1]!);
    if (value > most) {
      most = value;
      best = k;
    }
  }
  return best;
}
