/** A ring that runs through its joints: what curves are fitted to and measured against. */
import type { Joints } from './joints.js';
import type { Ring } from './ring.js';

/** A ring with a vertex at every joint. */
export interface Track {
  readonly ring: Ring;
  /** The ring's vertex at each joint, ascending. */
  readonly vertex: Int32Array;
}

/** Inserts joints into the ring they were found on. */
export function trackThrough(ring: Ring, joints: Joints): Track {
  const n = ring.length / 2;
  const points = new Float64Array(ring.length + 2 * joints.count);
  const vertex = new Int32Array(joints.count);
  let length = 0;
  for (let a = 0; a < joints.count; a++) {
    vertex[a] = length / 2;
    points[length++] = joints.ringX[a]!;
    points[length++] = joints.ringY[a]!;
    const from = joints.vertex[a]!;
    let next = joints.vertex[a + 1 < joints.count ? a + 1 : 0]!;
    if (next < from || joints.count === 1) next += n;
    for (let k = from + 1; k <= next; k++) {
      const m = k >= n ? k - n : k;
      points[length++] = ring[2 * m]!;
      points[length++] = ring[2 * m + 1]!;
    }
  }
  return { ring: points.slice(0, length), vertex };
}

/** Leaves out vertices between joints where chords stay within a distance of the track. */
export function thinTrack({ ring, vertex }: Track, distancePx: number): Track {
  const n = ring.length / 2;
  const points = new Float64Array(ring.length);
  const kept = new Int32Array(vertex.length);
  let length = 0;
  const limit = distancePx * distancePx;
  for (let a = 0; a < vertex.length; a++) {
    kept[a] = length / 2;
    const end = a + 1 < vertex.length ? vertex[a + 1]! : n + vertex[0]!;
    let from = vertex[a]!;
    while (from < end) {
      points[length++] = ring[2 * (from % n)]!;
      points[length++] = ring[2 * (from % n) + 1]!;
      let to = from + 1;
      while (to < end && chordStays(ring, from, to + 1, limit)) to++;
      from = to;
    }
  }
  return { ring: points.slice(0, length), vertex: kept };
}

function chordStays(ring: Ring, from: number, to: number, limit: number): boolean {
  const n = ring.length / 2;
  const ax = ring[2 * (from % n)]!;
  const ay = ring[2 * (from % n) + 1]!;
  const dx = ring[2 * (to % n)]! - ax;
  const dy = ring[2 * (to % n) + 1]! - ay;
  const squared = dx * dx + dy * dy || 1e-12;
  for (let k = from + 1; k < to; k++) {
    const px = ring[2 * (k % n)]! - ax;
    const py = ring[2 * (k % n) + 1]! - ay;
    const cross = px * dy - py * dx;
    const dot = px * dx + py * dy;
    if (cross * cross > limit * squared || dot < 0 || dot > squared) return false;
  }
  return true;
}
