/** One cubic for one stretch of a ring. */
import type { Joints } from './joints.js';
import { farthestSquared, flattenCubic, MAX_PIECES } from './polyline.js';
import type { Track } from './track.js';

/** Offset of the curve, in image pixels, that weighs as much as a handle 0.2 chords off a circular arc's. */
const AREA_SIGMA_PX = 0.1;
const HANDLE_WEIGHT = 5;

/** Shortest and longest handle, in chord lengths. */
const SHORTEST_HANDLE = 0.02;
const LONGEST_HANDLE = 1;

/** Fitting steps; the area and the moment are met to a hundredth of a pixel after three or four. */
const STEPS = 5;

/** How far the straight pieces that a curve is checked with may lie from it. */
const FLATTENING_PX = 0.02;

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
  /** The track twice over, so that every stretch lies in one piece. */
  private readonly points: Float64Array;
  private readonly moments: MomentSums;
  private readonly flat = new Float64Array(2 * (MAX_PIECES + 1));
  /** The stretch at hand: its first and last point. */
  private from = 0;
  private to = 0;
  private area = 0;
  private moment = 0;

  constructor(
    private readonly track: Track,
    private readonly joints: Joints,
  ) {
    this.points = new Float64Array(2 * track.ring.length);
    this.points.set(track.ring);
    this.points.set(track.ring, track.ring.length);
    this.moments = sumMoments(this.points);
  }

  /**
   * Fits the stretch from joint i to joint j.
   *
   * @returns Squared distance between curve and ring, the larger of both ways; Infinity beyond the tolerance.
   */
  fit(i: number, j: number, tolerancePx: number): number {
    const { joints, flat } = this;
    this.select(i, j);
    this.solve(joints.outX[i]!, joints.outY[i]!, joints.inX[j]!, joints.inY[j]!);
    return this.distance(
      flattenCubic(this.curve, Math.min(FLATTENING_PX, tolerancePx / 16), flat),
      tolerancePx,
    );
  }

  /** As fit, for the straight line between the joints. */
  fitLine(i: number, j: number, tolerancePx: number): number {
    const { flat, points } = this;
    this.select(i, j);
    flat[0] = points[2 * this.from]!;
    flat[1] = points[2 * this.from + 1]!;
    flat[2] = points[2 * this.to]!;
    flat[3] = points[2 * this.to + 1]!;
    return this.distance(2, tolerancePx);
  }

  /** The track from joint i to joint j. */
  stretchBetween(i: number, j: number): Float64Array {
    this.select(i, j);
    return this.points.subarray(2 * this.from, 2 * this.to + 2);
  }

  /** Where joint i is. */
  pointAt(i: number): number[] {
    const k = 2 * this.track.vertex[i]!;
    return [this.points[k]!, this.points[k + 1]!];
  }

  private select(i: number, j: number): void {
    const { ring, vertex } = this.track;
    this.from = vertex[i]!;
    this.to = vertex[j]! > this.from ? vertex[j]! : vertex[j]! + ring.length / 2;
  }

  private distance(flatCount: number, tolerancePx: number): number {
    const { flat, points, from, to } = this;
    const limit = tolerancePx * tolerancePx;
    const there = farthestSquared(points, from, to, flat, 0, flatCount - 1, limit);
    if (there > limit) return Infinity;
    const back = farthestSquared(flat, 0, flatCount - 1, points, from, to, limit);
    return back > limit ? Infinity : Math.max(there, back);
  }

  /** Sets `curve` for the stretch at hand with the given unit directions at its ends. */
  private solve(ax: number, ay: number, bx: number, by: number): void {
    const { curve, points, from, to } = this;
    const [x0, y0, x3, y3] = [points[2 * from]!, points[2 * from + 1]!, points[2 * to]!, points[2 * to + 1]!];
    const chord = Math.sqrt((x3 - x0) ** 2 + (y3 - y0) ** 2) || 1e-9;
    const [ex, ey] = [(x3 - x0) / chord, (y3 - y0) / chord];
    const [ca, sa] = [ax * ex + ay * ey, ay * ex - ax * ey];
    const [cb, sb] = [bx * ex + by * ey, by * ex - bx * ey];
    this.measureStretch(x0, y0, x3, y3, ex, ey);
    const area = this.area / (chord * chord);
    const moment = this.moment / (chord * chord * chord);
    const start = 2 / 3 / (1 + Math.max(0, (ca + cb) / 2));
    let [p, q] = [start, start];
    const weight = chord / AREA_SIGMA_PX;
    for (let step = 0; step < STEPS; step++) {
      const [x1, y1, x2, y2] = [p * ca, p * sa, 1 - q * cb, -q * sb];
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
      p = clampHandle(p - (aqq * gp - apq * gq) / determinant);
      q = clampHandle(q - (app * gq - apq * gp) / determinant);
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

  /** Area between the stretch and its chord, and its first moment along the chord from the start. */
  private measureStretch(x0: number, y0: number, x3: number, y3: number, ex: number, ey: number): void {
    const { areas, momentsX, momentsY } = this.moments;
    const { from, to } = this;
    const [baseX, baseY] = [this.points[0]!, this.points[1]!];
    // Sums run from the first vertex of the track; the chord closes the stretch.
    const [ax, ay, bx, by] = [x0 - baseX, y0 - baseY, x3 - baseX, y3 - baseY];
    const cross = bx * ay - ax * by;
    const area = (areas[to]! - areas[from]! + cross) / 2;
    const momentX = (momentsX[to]! - momentsX[from]! + (ax + bx) * cross) / 6;
    const momentY = (momentsY[to]! - momentsY[from]! + (ay + by) * cross) / 6;
    this.area = area;
    this.moment = (momentX - area * ax) * ex + (momentY - area * ay) * ey;
  }
}

/** Running sums along a polyline: twice the area and six times the first moments that it sweeps from its start. */
interface MomentSums {
  readonly areas: Float64Array;
  readonly momentsX: Float64Array;
  readonly momentsY: Float64Array;
}

function sumMoments(points: Float64Array): MomentSums {
  const count = points.length / 2;
  const areas = new Float64Array(count);
  const momentsX = new Float64Array(count);
  const momentsY = new Float64Array(count);
  const [baseX, baseY] = [points[0]!, points[1]!];
  let [ax, ay] = [0, 0];
  for (let k = 1; k < count; k++) {
    const bx = points[2 * k]! - baseX;
    const by = points[2 * k + 1]! - baseY;
    const cross = ax * by - bx * ay;
    areas[k] = areas[k - 1]! + cross;
    momentsX[k] = momentsX[k - 1]! + (ax + bx) * cross;
    momentsY[k] = momentsY[k - 1]! + (ay + by) * cross;
    ax = bx;
    ay = by;
  }
  return { areas, momentsX, momentsY };
}

function clampHandle(length: number): number {
  return Math.min(LONGEST_HANDLE, Math.max(SHORTEST_HANDLE, length));
}
