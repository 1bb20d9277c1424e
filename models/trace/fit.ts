/** One cubic for one stretch of a ring. */
import type { Joints } from './joints.js';
import { distanceBetween, farthestVertexSquared } from './farthest.js';
import { flattenCubic, MAX_PIECES, PolylineBuffer } from './polyline.js';
import { twice } from './ring.js';
import type { Segment } from './segment.js';
import type { Track } from './track.js';

/** Offset of the curve, in image pixels, that weighs as much as a handle 0.2 chords off a circular arc's. */
const AREA_SIGMA_PX = 0.1;
const HANDLE_WEIGHT = 5;

/** Shortest and longest handle, in chord lengths. */
const SHORTEST_HANDLE = 0.02;
const LONGEST_HANDLE = 1;

/** Fitting steps; the area and the moment are met to a hundredth of a pixel after three or four. */
const STEPS = 5;
const SMALLEST_STEP = 1e-3;

/**
 * Fits cubics to stretches between two joints. Ends and end directions are the joints'; the two handle lengths
 * are chosen so that the curve encloses, against its chord, the area and the first moment that the ring does:
 * integrals see through stairs, and two numbers determine two lengths.
 *
 * @source The idea of matching area and moment is Raph Levien's (Fitting cubic Bézier curves, 2021); solved here
 * by damped least squares, which stays defined for nearly straight stretches.
 */
export class CurveFitter {
  /** The last curve: start, handle, handle, end. */
  readonly curve = new Float64Array(8);
  private readonly moments: MomentSums;
  /** The polyline that curves are measured against, twice. */
  private readonly points: Float64Array;
  private readonly vertex: Int32Array;
  private readonly flat = new Float64Array(2 * (MAX_PIECES + 1));

  /**
   * @param track What curves are fitted to.
   * @param measured What they are measured against: the track or one with fewer vertices, with the same joints.
   * @param flatteningPx How far the straight pieces that a curve is measured with may lie from it.
   */
  constructor(
    track: Track,
    measured: Track,
    private readonly joints: Joints,
    private readonly flatteningPx: number,
  ) {
    this.moments = sumMoments(track);
    this.vertex = measured.vertex;
    this.points = twice(measured.ring);
  }

  /**
   * Fits the stretch from joint i to joint j.
   *
   * @returns Squared distance between curve and ring, the larger of both ways; Infinity beyond the tolerance.
   */
  fit(i: number, j: number, tolerancePx: number): number {
    this.solve(i, j);
    return this.distance(i, j, flattenCubic(this.curve, this.flatteningPx, this.flat), tolerancePx);
  }

  /** As fit, for the straight line between the joints. */
  fitLine(i: number, j: number, tolerancePx: number): number {
    const { flat, points, vertex } = this;
    flat[0] = points[2 * vertex[i]!]!;
    flat[1] = points[2 * vertex[i]! + 1]!;
    flat[2] = points[2 * vertex[j]!]!;
    flat[3] = points[2 * vertex[j]! + 1]!;
    return this.distance(i, j, 2, tolerancePx);
  }

  /** Whether segments from joint i to joint j stay within the tolerance of the measured track, both ways. */
  fitsSegments(i: number, j: number, segments: readonly Segment[], tolerancePx: number): boolean {
    const line = new PolylineBuffer(this.flatteningPx);
    line.start(this.pointAt(i));
    for (const segment of segments) line.add(segment);
    return distanceBetween(this.stretchBetween(i, j), line.polyline, tolerancePx) <= tolerancePx;
  }

  /** The measured track from joint i to joint j. */
  stretchBetween(i: number, j: number): Float64Array {
    return this.points.subarray(2 * this.vertex[i]!, 2 * this.endOf(i, j) + 2);
  }

  /** Where joint i is. */
  pointAt(i: number): number[] {
    const k = 2 * this.vertex[i]!;
    return [this.points[k]!, this.points[k + 1]!];
  }

  private endOf(i: number, j: number): number {
    const { vertex, points } = this;
    return vertex[j]! > vertex[i]! ? vertex[j]! : vertex[j]! + points.length / 4;
  }

  private distance(i: number, j: number, flatCount: number, tolerancePx: number): number {
    const { flat, points, vertex } = this;
    const limit = tolerancePx * tolerancePx;
    const from = vertex[i]!;
    const to = this.endOf(i, j);
    const there = farthestVertexSquared(points, from, to, flat, 0, flatCount - 1, limit);
    if (there > limit) return Infinity;
    const back = farthestVertexSquared(flat, 0, flatCount - 1, points, from, to, limit);
    return back > limit ? Infinity : Math.max(there, back);
  }

  /** Sets `curve` for the stretch from joint i to joint j. */
  private solve(i: number, j: number): void {
    const { curve, points, vertex, joints, moments } = this;
    const ax = joints.outX[i]!;
    const ay = joints.outY[i]!;
    const bx = joints.inX[j]!;
    const by = joints.inY[j]!;
    const x0 = points[2 * vertex[i]!]!;
    const y0 = points[2 * vertex[i]! + 1]!;
    const x3 = points[2 * vertex[j]!]!;
    const y3 = points[2 * vertex[j]! + 1]!;
    const chord = Math.sqrt((x3 - x0) * (x3 - x0) + (y3 - y0) * (y3 - y0)) || 1e-9;
    const ex = (x3 - x0) / chord;
    const ey = (y3 - y0) / chord;
    const ca = ax * ex + ay * ey;
    const sa = ay * ex - ax * ey;
    const cb = bx * ex + by * ey;
    const sb = by * ex - bx * ey;
    // Area between the stretch and its chord, and its first moment along the chord from the start.
    const to = j > i ? j : j + joints.count;
    const px = x0 - moments.baseX;
    const py = y0 - moments.baseY;
    const qx = x3 - moments.baseX;
    const qy = y3 - moments.baseY;
    const cross = qx * py - px * qy;
    const swept = (moments.areas[to]! - moments.areas[i]! + cross) / 2;
    const sweptX = (moments.momentsX[to]! - moments.momentsX[i]! + (px + qx) * cross) / 6 - swept * px;
    const sweptY = (moments.momentsY[to]! - moments.momentsY[i]! + (py + qy) * cross) / 6 - swept * py;
    const area = swept / (chord * chord);
    const moment = (sweptX * ex + sweptY * ey) / (chord * chord * chord);
    const start = 2 / 3 / (1 + Math.max(0, (ca + cb) / 2));
    let p = start;
    let q = start;
    const weight = chord / AREA_SIGMA_PX;
    for (let step = 0; step < STEPS; step++) {
      const x1 = p * ca;
      const y1 = p * sa;
      const x2 = 1 - q * cb;
      const y2 = -q * sb;
      // Area and moment against the chord, and their derivatives by y1, x1, y2, x2.
      const f = (3 / 20) * (x1 * y2 - x2 * y1 - y1 - 2 * y2) - area;
      const fx1 = (3 / 20) * y2;
      const fy1 = (-3 / 20) * (x2 + 1);
      const fx2 = (-3 / 20) * y1;
      const fy2 = (3 / 20) * (x1 - 2);
      const g =
        (-y1 * (9 * x1 * x2 + 6 * x1 + 9 * x2 * x2 + 15 * x2 + 10) +
          y2 * (9 * x1 * x1 + 9 * x1 * x2 - 15 * x2 - 35)) /
          280 -
        moment;
      const gx1 = (-y1 * (9 * x2 + 6) + y2 * (18 * x1 + 9 * x2)) / 280;
      const gy1 = -(9 * x1 * x2 + 6 * x1 + 9 * x2 * x2 + 15 * x2 + 10) / 280;
      const gx2 = (-y1 * (9 * x1 + 18 * x2 + 15) + y2 * (9 * x1 - 15)) / 280;
      const gy2 = (9 * x1 * x1 + 9 * x1 * x2 - 15 * x2 - 35) / 280;
      // The moment is taken about the middle of the chord, where it does not repeat the area.
      const h = g - f / 2;
      const fp = weight * (fx1 * ca + fy1 * sa);
      const fq = weight * (-fx2 * cb - fy2 * sb);
      const hp = 4 * weight * (gx1 * ca + gy1 * sa) - 2 * fp;
      const hq = 4 * weight * (-gx2 * cb - gy2 * sb) - 2 * fq;
      const rf = weight * f;
      const rh = 4 * weight * h;
      const damping = HANDLE_WEIGHT * HANDLE_WEIGHT;
      const app = fp * fp + hp * hp + damping;
      const aqq = fq * fq + hq * hq + damping;
      const apq = fp * fq + hp * hq;
      const gp = fp * rf + hp * rh + damping * (p - start);
      const gq = fq * rf + hq * rh + damping * (q - start);
      const determinant = app * aqq - apq * apq;
      const dp = (aqq * gp - apq * gq) / determinant;
      const dq = (app * gq - apq * gp) / determinant;
      p = clampHandle(p - dp);
      q = clampHandle(q - dq);
      if (Math.abs(dp) + Math.abs(dq) < SMALLEST_STEP) break;
    }
    curve[0] = x0;
    curve[1] = y0;
    curve[2] = x0 + p * chord * ax;
    curve[3] = y0 + p * chord * ay;
    curve[4] = x3 - q * chord * bx;
    curve[5] = y3 - q * chord * by;
    curve[6] = x3;
    curve[7] = y3;
  }
}

/**
 * Running sums along a track, at its joints and, once around, again: twice the area and six times the first moments
 * that it sweeps as seen from its first vertex.
 */
interface MomentSums {
  readonly baseX: number;
  readonly baseY: number;
  readonly areas: Float64Array;
  readonly momentsX: Float64Array;
  readonly momentsY: Float64Array;
}

function sumMoments({ ring, vertex }: Track): MomentSums {
  const count = vertex.length;
  const n = ring.length / 2;
  const areas = new Float64Array(2 * count);
  const momentsX = new Float64Array(2 * count);
  const momentsY = new Float64Array(2 * count);
  const baseX = ring[0]!;
  const baseY = ring[1]!;
  let ax = 0;
  let ay = 0;
  let area = 0;
  let momentX = 0;
  let momentY = 0;
  for (let k = 0, joint = 0; joint < 2 * count; k++) {
    const m = k < n ? k : k - n;
    const bx = ring[2 * m]! - baseX;
    const by = ring[2 * m + 1]! - baseY;
    const cross = ax * by - bx * ay;
    area += cross;
    momentX += (ax + bx) * cross;
    momentY += (ay + by) * cross;
    ax = bx;
    ay = by;
    const next = joint < count ? vertex[joint]! : vertex[joint - count]! + n;
    if (k !== next) continue;
    areas[joint] = area;
    momentsX[joint] = momentX;
    momentsY[joint++] = momentY;
  }
  return { baseX, baseY, areas, momentsX, momentsY };
}

function clampHandle(length: number): number {
  return Math.min(LONGEST_HANDLE, Math.max(SHORTEST_HANDLE, length));
}
