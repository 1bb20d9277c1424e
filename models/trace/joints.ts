/** Where segments may meet: points along a ring with a position and directions that see through its noise. */
import { findCorners, type Corner } from './corners.js';
import type { Ring } from './ring.js';
import { LocalFit, sampleRing, type Pose, type Samples } from './samples.js';

/** Candidate joints around a ring, in order; one entry an index in every array. */
export interface Joints {
  readonly count: number;
  /** Positions, image space. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Unit directions of travel just before and just after; equal unless the joint is a corner. */
  readonly inX: Float64Array;
  readonly inY: Float64Array;
  readonly outX: Float64Array;
  readonly outY: Float64Array;
  readonly isCorner: Uint8Array;
  /** Where along the ring: the vertex that starts the edge, ascending around the ring, and the point on the edge. */
  readonly vertex: Int32Array;
  readonly ringX: Float64Array;
  readonly ringY: Float64Array;
}

/** Half widths of the windows that a joint is read from, in samples. */
const HALF_WIDTHS = [2, 3, 4, 6, 8, 12, 16, 24, 32] as const;

/** Share of the noise below which a window shows no sign of a bend that it has begun to take in. */
const SURE_SHARE = 0.85;

/** Distance to the next joint, in half widths: closer together where the ring bends more. */
const SPACING = 0.5;

/**
 * Chooses joints. They do not depend on the tolerance, so that more tolerance only adds choices.
 *
 * @param noisePx How far, root mean square, the ring strays from the shape it stands for.
 * @param spacingPx Distance between the points at which the ring is looked at.
 * @param isSharp Whether the shape's corners are sharp, as a mask's are once its stairs are smoothed. Otherwise a
 * corner is one choice beside the smooth joints around it.
 */
export function findJoints(ring: Ring, noisePx: number, spacingPx: number, isSharp: boolean): Joints {
  const samples = sampleRing(ring, spacingPx);
  const corners = findCorners(samples, noisePx);
  const joints = new JointList(ring.length / 2);
  for (let k = 0; k < corners.length; k++) {
    const from = corners[k]!.at;
    const to = k + 1 < corners.length ? corners[k + 1]!.at : corners[0]!.at + samples.count;
    joints.addCorner(ring, samples, corners[k]!);
    if (isSharp) addSmoothJoints(joints, samples, from + 2, to - 1, noisePx, from + 1, to - 1);
    else addSmoothJoints(joints, samples, from + 1, to, noisePx);
  }
  if (joints.count >= 3) return joints.take();
  // No corners, or too small for those it has.
  const smooth = new JointList(ring.length / 2);
  addSmoothJoints(smooth, samples, 0, samples.count, noisePx);
  return smooth.take();
}

/** Adds joints from one sample up to another, read from windows that end at the lowest and the highest sample. */
function addSmoothJoints(
  joints: JointList,
  samples: Samples,
  from: number,
  to: number,
  noisePx: number,
  lowest = -Infinity,
  highest = Infinity,
): void {
  if (highest - lowest < 4) return;
  for (let at = from; at < to;) {
    const { pose, half } = fitAround(samples, at, lowest, highest, noisePx);
    joints.addSmooth(samples, at % samples.count, pose);
    at += Math.max(1, Math.round(half * SPACING));
  }
}

/**
 * Reads the longest smooth window around a sample. One that ends because a longer one would take in a bend steps back
 * to where the bend does not show yet.
 */
function fitAround(
  samples: Samples,
  at: number,
  lowest: number,
  highest: number,
  noisePx: number,
): { readonly pose: Pose; readonly half: number } {
  const fit = new LocalFit(samples, at % samples.count);
  let longest: { readonly pose: Pose; readonly half: number } | undefined;
  let surest: typeof longest;
  for (const half of HALF_WIDTHS) {
    if (longest && half > samples.count / 6) return longest;
    const [first, last] = [Math.max(lowest - at, -half), Math.min(highest - at, half)];
    // A parabola takes three samples and says something from the fourth on.
    if (last - first < 3) continue;
    fit.growTo(first, last);
    const residual = fit.residual();
    if (longest && residual > noisePx) return surest ?? longest;
    longest = { pose: fit.pose(), half };
    if (residual < SURE_SHARE * noisePx) surest = longest;
  }
  return longest!;
}

/** Joints as they are found; keeps them in the ring's order. */
class JointList {
  private readonly fields: number[][] = [];

  constructor(private readonly vertexCount: number) {}

  get count(): number {
    return this.fields.length;
  }

  addSmooth(samples: Samples, at: number, { x, y, directionX, directionY }: Pose): void {
    const place = [samples.vertex[at]!, samples.x[at]!, samples.y[at]!];
    this.add([...place, x, y, directionX, directionY, directionX, directionY, 0]);
  }

  /** Adds a corner, at the point of the ring nearest to its tip. */
  addCorner(ring: Ring, samples: Samples, { at, x, y, inX, inY, outX, outY }: Corner): void {
    const first = samples.vertex[(at - 2 + samples.count) % samples.count]!;
    const last = samples.vertex[(at + 2) % samples.count]!;
    this.add([...nearestOnRing(ring, first, last, x, y), x, y, inX, inY, outX, outY, 1]);
  }

  /** A corner replaces smooth joints beyond it; other joints out of order are left out. */
  private add(joint: number[]): void {
    const { fields, vertexCount } = this;
    const way = (to: number[]) => (to[0]! - fields[0]![0]! + vertexCount) % vertexCount;
    while (fields.length > 1 && way(joint) < way(fields.at(-1)!)) {
      if (fields.at(-1)!.at(-1) === 1 || joint.at(-1) === 0) return;
      fields.pop();
    }
    fields.push(joint);
  }

  take(): Joints {
    const { fields } = this;
    const column = (k: number) => Float64Array.from(fields, (joint) => joint[k]!);
    return {
      count: fields.length,
      vertex: Int32Array.from(column(0)),
      ringX: column(1),
      ringY: column(2),
      x: column(3),
      y: column(4),
      inX: column(5),
      inY: column(6),
      outX: column(7),
      outY: column(8),
      isCorner: Uint8Array.from(column(9)),
    };
  }
}

/** Nearest point of the edges that start at the vertices first … last: [vertex, x, y]. */
function nearestOnRing(
  ring: Ring,
  first: number,
  last: number,
  x: number,
  y: number,
): [number, number, number] {
  const n = ring.length / 2;
  let least = Infinity;
  let place: [number, number, number] = [first, x, y];
  for (let k = first; ; k = (k + 1) % n) {
    const next = (k + 1) % n;
    const [x0, y0] = [ring[2 * k]!, ring[2 * k + 1]!];
    const [dx, dy] = [ring[2 * next]! - x0, ring[2 * next + 1]! - y0];
    const t = Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy || 1)));
    const distance = (x0 + t * dx - x) ** 2 + (y0 + t * dy - y) ** 2;
    if (distance < least) {
      least = distance;
      place = [k, x0 + t * dx, y0 + t * dy];
    }
    if (k === last) return place;
  }
}
