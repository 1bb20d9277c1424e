/** Where segments may meet: points along a ring with a position and directions that see through its noise. */
import { findCorners, SideFits, type Corner } from './corners.js';
import { unit, type Direction } from './direction.js';
import type { Ring } from './ring.js';
import { LocalFit, sampleArc, sampleRing, type Pose, type Samples } from './samples.js';

/** Candidate joints around a ring or along an arc, in order; one entry an index in every array. */
export interface Joints {
  readonly count: number;
  /** Whether the first and the last joint are the pinned ends of an arc; both count as corners. */
  readonly isOpen: boolean;
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
  const finder = new JointFinder(samples, noisePx, joints);
  for (let k = 0; k < corners.length; k++) {
    const from = corners[k]!.at;
    const to = k + 1 < corners.length ? corners[k + 1]!.at : corners[0]!.at + samples.count;
    joints.addCorner(ring, samples, corners[k]!);
    if (isSharp) finder.addBetween(from + 2, to - 1, from + 1, to - 1);
    else finder.addBetween(from + 1, to);
  }
  if (joints.count >= 3) return joints.take();
  // No corners, or too small for those it has.
  const smooth = new JointList(ring.length / 2);
  new JointFinder(samples, noisePx, smooth).addBetween(0, samples.count);
  return smooth.take();
}

/** Unit directions of travel in which an arc has to set off and arrive, where something goes on beyond its end. */
export interface ArcDirections {
  readonly start?: Direction | undefined;
  readonly end?: Direction | undefined;
}

/** Shorter arcs have no joints but their ends, which look at each other. */
const FEWEST_JOINTED = 8;

const NOWHERE: Direction = { x: 0, y: 0 };

/** As findJoints, along an arc with sharp corners. */
export function findArcJoints(
  points: Float64Array,
  noisePx: number,
  spacingPx: number,
  { start, end }: ArcDirections,
): Joints {
  const samples = sampleArc(points, spacingPx);
  const { count, x, y } = samples;
  const isShort = count < FEWEST_JOINTED;
  const corners = isShort ? [] : findCorners(samples, noisePx);
  const joints = new JointList(points.length / 2);
  const sides = new SideFits(samples, noisePx);
  const chord = unit(x[count - 1]! - x[0]!, y[count - 1]! - y[0]!);
  const read = (at: number, side: 'before' | 'after') => {
    if (isShort) return chord;
    sides.readAt(at);
    return { x: sides[side].directionX, y: sides[side].directionY };
  };
  joints.addEnd(0, x[0]!, y[0]!, start ?? NOWHERE, start ?? read(0, 'after'));
  const finder = new JointFinder(samples, noisePx, joints);
  const ends = [0, ...corners.map(({ at }) => at), count - 1];
  for (let k = 0; k + 1 < ends.length && !isShort; k++) {
    const [from, to] = [ends[k]!, ends[k + 1]!];
    if (k > 0) joints.addCorner(points, samples, corners[k - 1]!);
    finder.addBetween(from + 2, to - 1, from + 1, to - 1);
  }
  joints.addEnd(
    points.length / 2 - 1,
    x[count - 1]!,
    y[count - 1]!,
    end ?? read(count - 1, 'before'),
    end ?? NOWHERE,
  );
  return joints.take(true);
}

/** Reads smooth joints off the longest smooth windows around samples. */
class JointFinder {
  private readonly fit: LocalFit;
  private readonly longest: Pose = { x: 0, y: 0, directionX: 0, directionY: 0 };
  private readonly surest: Pose = { x: 0, y: 0, directionX: 0, directionY: 0 };

  constructor(
    private readonly samples: Samples,
    private readonly noisePx: number,
    private readonly joints: JointList,
  ) {
    this.fit = new LocalFit(samples);
  }

  /** Adds joints from one sample up to another, read from windows that end at the lowest and the highest sample. */
  addBetween(from: number, to: number, lowest = -Infinity, highest = Infinity): void {
    const { samples, joints, surest } = this;
    if (highest - lowest < 4) return;
    for (let at = from; at < to;) {
      const half = this.readAt(at, lowest, highest);
      joints.addSmooth(samples, at % samples.count, surest);
      at += Math.max(1, Math.round(half * SPACING));
    }
  }

  /**
   * Reads the longest smooth window around a sample into `surest`. One that ends because a longer one would take in
   * a bend steps back to where the bend does not show yet.
   *
   * @returns Half the width of the window.
   */
  private readAt(at: number, lowest: number, highest: number): number {
    const { samples, noisePx, longest, surest } = this;
    const fit = this.fit.moveTo(at % samples.count);
    let longestHalf = 0;
    let surestHalf = 0;
    for (const half of HALF_WIDTHS) {
      if (longestHalf > 0 && half > samples.count / 6) break;
      const first = Math.max(lowest - at, -half);
      const last = Math.min(highest - at, half);
      // A parabola takes three samples and says something from the fourth on.
      if (last - first < 3) continue;
      fit.growTo(first, last);
      const residual = fit.residualSquared();
      if (longestHalf > 0 && residual > noisePx * noisePx) {
        if (surestHalf > 0) return surestHalf;
        break;
      }
      fit.readInto(longest);
      longestHalf = half;
      if (residual < (SURE_SHARE * noisePx) ** 2) {
        Object.assign(surest, longest);
        surestHalf = half;
      }
    }
    Object.assign(surest, longest);
    return longestHalf;
  }
}

/** Joints as they are found, in the ring's order: vertex, place on the ring, position, directions, corner or not. */
const ENTRIES = 10;

class JointList {
  private entries = new Float64Array(ENTRIES * 64);
  count = 0;

  constructor(private readonly vertexCount: number) {}

  /** Adds the end of an arc, with the directions of travel before and after. */
  addEnd(vertex: number, x: number, y: number, before: Direction, after: Direction): void {
    this.makeRoom(vertex, true);
    this.write(vertex, x, y, x, y);
    this.writeDirections(before.x, before.y, after.x, after.y, 1);
  }

  addSmooth(samples: Samples, at: number, { x, y, directionX, directionY }: Pose): void {
    if (!this.makeRoom(samples.vertex[at]!, false)) return;
    this.write(samples.vertex[at]!, samples.x[at]!, samples.y[at]!, x, y);
    this.writeDirections(directionX, directionY, directionX, directionY, 0);
  }

  /** Adds a corner, at the point of the ring nearest to its tip. */
  addCorner(ring: Ring, samples: Samples, { at, x, y, inX, inY, outX, outY }: Corner): void {
    const first = samples.vertex[(at - 2 + samples.count) % samples.count]!;
    const last = samples.vertex[(at + 2) % samples.count]!;
    const [vertex, ringX, ringY] = nearestOnRing(ring, first, last, x, y);
    if (!this.makeRoom(vertex, true)) return;
    this.write(vertex, ringX, ringY, x, y);
    this.writeDirections(inX, inY, outX, outY, 1);
  }

  /** A corner replaces smooth joints beyond it; other joints out of order have no room. */
  private makeRoom(vertex: number, isCorner: boolean): boolean {
    const { vertexCount } = this;
    const way = (to: number) => (to - this.entries[0]! + vertexCount) % vertexCount;
    while (this.count > 1) {
      const last = ENTRIES * (this.count - 1);
      if (way(vertex) >= way(this.entries[last]!)) break;
      if (this.entries[last + 9] === 1 || !isCorner) return false;
      this.count--;
    }
    if (ENTRIES * (this.count + 1) > this.entries.length) {
      const longer = new Float64Array(2 * this.entries.length);
      longer.set(this.entries);
      this.entries = longer;
    }
    return true;
  }

  private write(vertex: number, ringX: number, ringY: number, x: number, y: number): void {
    const { entries } = this;
    const k = ENTRIES * this.count;
    entries[k] = vertex;
    entries[k + 1] = ringX;
    entries[k + 2] = ringY;
    entries[k + 3] = x;
    entries[k + 4] = y;
  }

  private writeDirections(inX: number, inY: number, outX: number, outY: number, isCorner: number): void {
    const { entries } = this;
    const k = ENTRIES * this.count++;
    entries[k + 5] = inX;
    entries[k + 6] = inY;
    entries[k + 7] = outX;
    entries[k + 8] = outY;
    entries[k + 9] = isCorner;
  }

  take(isOpen = false): Joints {
    const { count, entries } = this;
    const column = (k: number) => {
      const values = new Float64Array(count);
      for (let i = 0; i < count; i++) values[i] = entries[ENTRIES * i + k]!;
      return values;
    };
    return {
      count,
      isOpen,
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
