/** The fewest smooth curves along an arc: between ends that stay where they are, or all around. */
import type { Size } from '../../protocol/geometry.js';
import { fitTrack } from './curves.js';
import type { ArcPath } from './flat-arcs.js';
import { findArcJoints, findJoints, type ArcDirections, type Joints } from './joints.js';
import type { Segment } from './segment.js';
import { simplifyPolyline } from './simplify.js';
import { smoothStairs } from './stairs.js';
import type { Track } from './track.js';

/** An arc as lines and curves. Coordinates are rounded. */
export interface FittedPath extends ArcPath {
  /** Largest distance between segments and the smooth line through the stairs, measured both ways. */
  readonly maxDeviationPx: number;
}

export interface ArcTraits extends ArcDirections {
  readonly isClosed: boolean;
  readonly tolerancePx: number;
  /** How far, root mean square, the pixel sides stray from the shape they stand for. */
  readonly noisePx: number;
  readonly image: Size;
}

/** Where a lower tolerance would be needed, the pixel sides themselves have to do. */
const FINEST_PX = 0.05;

/** Lines along pixel sides leave out vertices in line. */
const IN_LINE_PX = 1e-6;

/** Fits an arc by the rules that fitRing follows for a mask, and fits it again wherever it has to be closer. */
export class ArcFitter {
  path: FittedPath;
  private readonly joints: Joints;
  private readonly track: Track;
  /** By joint: the tolerance for the stretch that begins there. */
  private readonly tolerancesPx: Float64Array;
  private spans: readonly (readonly [number, number])[] = [];
  private isRaw = false;

  /** @param points The middles of the pixel sides that it runs along; unless closed, between its two rounded ends. */
  constructor(
    private readonly points: Float64Array,
    private readonly traits: ArcTraits,
  ) {
    const { isClosed, tolerancePx, noisePx, image } = traits;
    this.joints = isClosed ? findJoints(points, noisePx, 1, true) : findArcJoints(points, noisePx, 1, traits);
    this.track = smoothStairs(points, this.joints, image);
    this.tolerancesPx = new Float64Array(this.joints.count).fill(tolerancePx);
    this.path = this.fit();
  }

  /**
   * Halves the tolerance around some segments of the path and fits the arc again; after the finest, the path runs from
   * one middle to the next.
   *
   * @returns False when it does so already, and nothing can be done.
   */
  tighten(segments: readonly number[]): boolean {
    if (this.isRaw) return false;
    const stretches = new Set<number>();
    for (const segment of segments) {
      const [from, to] = this.spans[segment]!;
      let joint = from;
      do {
        stretches.add(joint);
        joint = (joint + 1) % this.joints.count;
      } while (joint !== to);
    }
    for (const joint of stretches) this.tolerancesPx[joint]! /= 2;
    this.path = this.fit();
    return true;
  }

  private fit(): FittedPath {
    const { traits, track, tolerancesPx } = this;
    while (tolerancesPx.every((tolerancePx) => tolerancePx >= Math.min(FINEST_PX, traits.tolerancePx))) {
      const fitted = fitTrack(copyDirections(this.joints), track, traits.tolerancePx, tolerancesPx);
      if (fitted.maxDeviationPx <= traits.tolerancePx) {
        this.spans = fitted.spans;
        const segments = traits.isClosed ? fitted.segments : fitted.segments.slice(0, -1);
        return this.pathOf(segments, fitted.maxDeviationPx);
      }
      for (let k = 0; k < tolerancesPx.length; k++) tolerancesPx[k]! /= 2;
    }
    this.isRaw = true;
    return this.pathOf(linesThrough(this.points, traits.isClosed), 0);
  }

  /** What is closed starts where its last segment ends. */
  private pathOf(segments: readonly Segment[], maxDeviationPx: number): FittedPath {
    const [startX, startY] = this.traits.isClosed ? segments.at(-1)!.slice(-2) : this.points;
    return { startX: startX!, startY: startY!, segments, maxDeviationPx };
  }
}

/** Fitting turns smooth joints. */
function copyDirections(joints: Joints): Joints {
  return {
    ...joints,
    inX: joints.inX.slice(),
    inY: joints.inY.slice(),
    outX: joints.outX.slice(),
    outY: joints.outY.slice(),
  };
}

function linesThrough(points: Float64Array, isClosed: boolean): Segment[] {
  const way = isClosed ? Float64Array.of(...points.subarray(-2), ...points) : points;
  const kept = simplifyPolyline(way, IN_LINE_PX);
  return Array.from({ length: kept.length / 2 - 1 }, (_, k) => [kept[2 * k + 2]!, kept[2 * k + 3]!]);
}
