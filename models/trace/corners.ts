/** Where a ring turns too sharply to be smooth. */
import { LocalFit, type Pose, type Samples } from './samples.js';

/** The point where the two sides of a corner would meet, and the unit directions of travel into and out of it. */
export interface Corner {
  /** Sample nearest to the point. */
  readonly at: number;
  readonly x: number;
  readonly y: number;
  readonly inX: number;
  readonly inY: number;
  readonly outX: number;
  readonly outY: number;
}

/** Lengths of the windows on either side of a corner, and the gap that skips its rounded tip, in samples. */
const SIDE_LENGTHS = [6, 8, 12, 16, 24] as const;
const SIDE_GAP = 1;

/** A turn of less is smooth: across the windows on both sides, and as a first glance at chords of 4 samples. */
const SMOOTH_COSINE = Math.cos((40 * Math.PI) / 180);
const GLANCE_COSINE = Math.cos((25 * Math.PI) / 180);
const GLANCE = 4;

/** A join that turns by less is to be smooth: as a corner it would be seen as a kink. */
const LEAST_COSINE = Math.cos((15 * Math.PI) / 180);

/** Corners are the sharpest within this many samples, and their sides meet within as many. */
const NEIGHBOURHOOD = 3;
const FARTHEST_TIP = 4;

/** An arc's samples closer to its ends have too short a side to be corners. */
const END_SAMPLES = 6;

/**
 * Finds corners: samples where the directions read off one-sided windows differ.
 *
 * @param noisePx Root mean square distance at which a window still counts as one smooth side.
 * @returns Corners in the ring's order, at least two samples apart.
 */
export function findCorners(samples: Samples, noisePx: number): Corner[] {
  const { count } = samples;
  const sides = new SideFits(samples, noisePx);
  const cosines = new Float64Array(count).fill(1);
  const margin = samples.isOpen ? END_SAMPLES : 0;
  for (let i = margin; i < count - margin; i++) {
    if (glance(samples, i) > GLANCE_COSINE) continue;
    sides.readAt(i);
    const { before, after } = sides;
    cosines[i] = before.directionX * after.directionX + before.directionY * after.directionY;
  }
  const corners: Corner[] = [];
  for (let i = 0; i < count; i++) {
    if (cosines[i]! < SMOOTH_COSINE && isSharpest(cosines, i)) corners.push(locateCorner(samples, i, sides));
  }
  const sharp = corners.filter(isStillSharp).sort((a, b) => a.at - b.at);
  return sharp.filter((corner, k) => k === 0 || corner.at > sharp[k - 1]!.at + 1);
}

/** Read from where its sides meet, what looked like a corner may turn out smooth. */
function isStillSharp({ inX, inY, outX, outY }: Corner): boolean {
  return inX * outX + inY * outY < LEAST_COSINE;
}

/** Cosine between the chords that lead to a sample and away from it. */
function glance({ count, x, y }: Samples, i: number): number {
  const before = i >= GLANCE ? i - GLANCE : i - GLANCE + count;
  const after = i + GLANCE < count ? i + GLANCE : i + GLANCE - count;
  const ax = x[i]! - x[before]!;
  const ay = y[i]! - y[before]!;
  const bx = x[after]! - x[i]!;
  const by = y[after]! - y[i]!;
  return (ax * bx + ay * by) / (Math.sqrt((ax * ax + ay * ay) * (bx * bx + by * by)) || 1);
}

/** The longest smooth windows before and after a sample, read at the sample itself. */
export class SideFits {
  readonly before: Pose = { x: 0, y: 0, directionX: 0, directionY: 0 };
  readonly after: Pose = { x: 0, y: 0, directionX: 0, directionY: 0 };
  private readonly fit: LocalFit;

  constructor(
    private readonly samples: Samples,
    private readonly noisePx: number,
  ) {
    this.fit = new LocalFit(samples);
  }

  readAt(at: number): void {
    this.readSide(at, -1, this.before);
    this.readSide(at, 1, this.after);
  }

  private readSide(at: number, side: -1 | 1, pose: Pose): void {
    const { fit, samples, noisePx } = this;
    const room = samples.isOpen ? (side < 0 ? at : samples.count - 1 - at) - SIDE_GAP : Infinity;
    fit.moveTo(at);
    for (const longest of SIDE_LENGTHS) {
      const isFirst = longest === SIDE_LENGTHS[0];
      if (!isFirst && longest > Math.min(room, samples.count / 4)) return;
      const length = Math.min(longest, room);
      if (side < 0) fit.growTo(-SIDE_GAP - length, -SIDE_GAP);
      else fit.growTo(SIDE_GAP, SIDE_GAP + length);
      if (!isFirst && fit.residualSquared() > noisePx * noisePx) return;
      fit.readInto(pose);
    }
  }
}

function isSharpest(cosines: Float64Array, i: number): boolean {
  const count = cosines.length;
  for (let d = 1; d <= NEIGHBOURHOOD; d++) {
    if (cosines[(i + d) % count]! < cosines[i]! || cosines[(i - d + count) % count]! <= cosines[i]!)
      return false;
  }
  return true;
}

/** Finds where the sides meet; once more from the sample nearest to that, where the gap falls on the tip. */
function locateCorner(samples: Samples, near: number, sides: SideFits): Corner {
  const first = meetSides(samples, near, sides);
  return meetSides(samples, nearestSample(samples, near, first), sides, near);
}

function meetSides(samples: Samples, at: number, sides: SideFits, near = at): Corner {
  sides.readAt(at);
  const { before, after } = sides;
  const { directionX: inX, directionY: inY } = before;
  const { directionX: outX, directionY: outY } = after;
  const cross = inX * outY - inY * outX;
  const along = ((after.x - before.x) * outY - (after.y - before.y) * outX) / cross;
  const meets = Math.abs(along) < 2 * FARTHEST_TIP;
  const x = meets ? before.x + along * inX : samples.x[at]!;
  const y = meets ? before.y + along * inY : samples.y[at]!;
  return { at: nearestSample(samples, near, { x, y }), x, y, inX, inY, outX, outY };
}

function nearestSample(
  { count, x, y }: Samples,
  near: number,
  to: { readonly x: number; readonly y: number },
): number {
  let nearest = near;
  let least = Infinity;
  for (let d = -FARTHEST_TIP; d <= FARTHEST_TIP; d++) {
    const i = (near + d + count) % count;
    const distance = (x[i]! - to.x) ** 2 + (y[i]! - to.y) ** 2;
    if (distance < least) {
      least = distance;
      nearest = i;
    }
  }
  return nearest;
}
