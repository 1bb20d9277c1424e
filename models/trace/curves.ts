/** The fewest smooth curves around a ring. */
import type { Size } from '../../protocol/geometry.js';
import { CurveFitter } from './fit.js';
import { fewestSegments } from './fewest.js';
import { findJoints, type Joints } from './joints.js';
import { exactFarthestSquared, flattenCubic, MAX_PIECES } from './polyline.js';
import type { Ring } from './ring.js';
import { simplifyPolyline, simplifyRing } from './simplify.js';
import { smoothStairs } from './stairs.js';
import { findStraightSides, spansAlongSides } from './straight.js';
import { thinTrack, trackThrough, type Track } from './track.js';

/** What is known about a ring before curves are fitted to it. */
export interface RingTraits {
  /** How far, root mean square, the ring strays from the shape it stands for. */
  readonly noisePx: number;
  /** Distance between the points at which the ring is looked at; details are larger. */
  readonly spacingPx: number;
  /** The mask that it is the contour of, where it has stairs to be smoothed. */
  readonly stairs?: Size;
}

/** The end of a line, or the two handles and the end of a curve: x, y each. */
export type Segment = readonly number[];

/** A ring as lines and curves. */
export interface FittedRing {
  /** The contour that they were fitted to. */
  readonly ring: Ring;
  /** Each starts where the one before it ends, the first where the last one does. */
  readonly segments: readonly Segment[];
  /** Largest distance between segments and contour, measured both ways. */
  readonly maxDeviationPx: number;
}

/** How far the contour that curves are tried on may lie from the full one; it has far fewer vertices. */
const THINNING_PX = 0.03;

/** Rounding to three decimals moves a curve by less. */
const ROUNDING_PX = 0.001;

/**
 * Share of the tolerance that a curve may use. What is left over keeps the mean deviation of a mask's outline
 * below what tracers reach that need more segments.
 */
const TOLERANCE_SHARE = 0.85;

/** Lines are no shorter, stray at most this far or as far as the curve would, and turn a smooth joint by no more. */
const SHORTEST_LINE_PX = 4;
const STRAIGHT_PX = 0.25;
const LINE_TURN_COSINE = Math.cos((15 * Math.PI) / 180);

/** Straight sides longer than this many tolerances stay straight, though a curve would come close enough. */
const PROTECTED_LENGTH = 24;

/** How finely curves are cut up to be measured. */
const MEASURING_PX = 0.005;

/** Most joints that one segment may advance. */
const LONGEST_SPAN = 128;

/** Joints that are tried as the first one of a ring; in a ring without corners any may be the best. */
const STARTS = 16;

/**
 * Covers a contour with the fewest lines and curves: corners where it has corners, tangents in common elsewhere.
 *
 * @param tolerancePx Largest distance between segments and contour, either way; more never takes more segments.
 */
export function fitRing(contour: Ring, tolerancePx: number, traits: RingTraits): FittedRing {
  const joints = findJoints(contour, traits.noisePx, traits.spacingPx, traits.stairs !== undefined);
  const track = traits.stairs ? smoothStairs(contour, joints, traits.stairs) : trackThrough(contour, joints);
  const limitPx = Math.min(TOLERANCE_SHARE * tolerancePx, tolerancePx - ROUNDING_PX);
  const fitter = new RingFitter(joints, thinTrack(track, Math.min(THINNING_PX, limitPx / 10)), limitPx);
  const sides = findStraightSides(track, joints.isCorner);
  fitter.chooseJoints(spansAlongSides(track, sides, PROTECTED_LENGTH * tolerancePx, LONGEST_SPAN));
  fitter.smoothDetours();
  fitter.straighten();
  const fitted = fitter.measure(track);
  return fitted.maxDeviationPx <= tolerancePx - ROUNDING_PX ? fitted : polygonOf(track.ring, limitPx);
}

/** The way out should curves turn out to stray too far after all: lines that cannot. */
function polygonOf(ring: Ring, limitPx: number): FittedRing {
  const corners = simplifyRing(ring, limitPx);
  const ends = Array.from({ length: corners.length / 2 }, (_, k) => [corners[2 * k]!, corners[2 * k + 1]!]);
  return { ring, segments: [...ends.slice(1), ends[0]!], maxDeviationPx: limitPx };
}

/** Segments between two joints that were chosen. */
interface Piece {
  readonly from: number;
  readonly to: number;
  /** One line or curve; several lines where no single segment would do. */
  segments: Segment[];
}

class RingFitter {
  private readonly curves: CurveFitter;
  private pieces: Piece[] = [];

  constructor(
    private readonly joints: Joints,
    track: Track,
    private readonly limitPx: number,
  ) {
    this.curves = new CurveFitter(track, joints);
  }

  /** @param spans Most joints that a segment may advance, by joint. */
  chooseJoints(spans: Int32Array): void {
    const { count, isCorner } = this.joints;
    const reference = Math.max(0, isCorner.indexOf(1));
    const chosen = fewestSegments({
      count,
      longestSpan: Math.min(LONGEST_SPAN, Math.floor(count * 0.6)),
      fewest: 2,
      starts: Array.from({ length: Math.min(STARTS, count) }, (_, k) => (reference + k) % count),
      error: (i, span) => (span > spans[i]! ? Infinity : span * this.error(i, (i + span) % count)),
      detour: (i) => this.detour(i, (i + 1) % count).length,
    });
    this.pieces = chosen.map((from, k) => {
      const to = chosen[(k + 1) % chosen.length]!;
      return { from, to, segments: this.segmentsBetween(from, to) };
    });
  }

  private error(i: number, j: number): number {
    const line = this.fitLine(i, j);
    return line < Infinity ? line : this.curves.fit(i, j, this.limitPx);
  }

  /** Only between corners: elsewhere a line has to agree with its neighbours first. */
  private fitLine(i: number, j: number): number {
    const { isCorner } = this.joints;
    return isCorner[i] && isCorner[j] ? this.curves.fitLine(i, j, this.limitPx) : Infinity;
  }

  private segmentsBetween(i: number, j: number): Segment[] {
    if (this.fitLine(i, j) < Infinity) return [this.curves.pointAt(j)];
    if (this.curves.fit(i, j, this.limitPx) < Infinity) return [this.currentCurve(j)];
    return this.detour(i, j);
  }

  private currentCurve(to: number): Segment {
    return [...this.curves.curve.subarray(2, 6), ...this.curves.pointAt(to)];
  }

  /** The fewest lines along the track from one joint to the next. */
  private detour(i: number, j: number): Segment[] {
    const points = simplifyPolyline(this.curves.stretchBetween(i, j), this.limitPx);
    return Array.from({ length: points.length / 2 - 1 }, (_, k) => [points[2 * k + 2]!, points[2 * k + 3]!]);
  }

  /** Where lines had to step in, lets the curves next to them set off in their direction. */
  smoothDetours(): void {
    this.pieces.forEach(({ from, to, segments }, k) => {
      if (!isLine(segments)) return;
      const points = [this.curves.pointAt(from), ...segments];
      const { before, after } = this.neighbours(k);
      this.adopt([{ joint: from, side: before, direction: chordOf(points[0]!, points[1]!) }]);
      this.adopt([{ joint: to, side: after, direction: chordOf(points.at(-2)!, points.at(-1)!) }]);
    });
  }

  /** Turns curves that a line replaces as well into lines, longest first, where their neighbours can follow. */
  straighten(): void {
    const { pieces, curves, limitPx } = this;
    const chords = pieces.map(({ from, to }) => chordOf(curves.pointAt(from), curves.pointAt(to)));
    const longestFirst = pieces.map((_, k) => k).sort((a, b) => chords[b]!.length - chords[a]!.length);
    for (const k of longestFirst) {
      const { from, to, segments } = pieces[k]!;
      const direction = chords[k]!;
      if (isLine(segments) || direction.length < SHORTEST_LINE_PX) continue;
      const straight = curves.fitLine(from, to, limitPx);
      if (straight > STRAIGHT_PX ** 2 && straight > curves.fit(from, to, limitPx)) continue;
      const { before, after } = this.neighbours(k);
      const ends = [
        { joint: from, side: before, direction },
        { joint: to, side: after, direction },
      ];
      if (ends.some((end) => this.isBlocked(end))) continue;
      if (this.adopt(ends)) pieces[k]!.segments = [curves.pointAt(to)];
    }
  }

  private neighbours(index: number): { readonly before: Piece; readonly after: Piece } {
    const { pieces } = this;
    return { before: pieces[(index || pieces.length) - 1]!, after: pieces[(index + 1) % pieces.length]! };
  }

  /** Whether a line could not end smoothly here: another line is next, or the joint would turn too much. */
  private isBlocked({ joint, side, direction }: End): boolean {
    const { outX, outY, isCorner } = this.joints;
    if (isCorner[joint]) return false;
    return (
      isLine(side.segments) || direction.x * outX[joint]! + direction.y * outY[joint]! < LINE_TURN_COSINE
    );
  }

  /** Turns smooth joints into new directions if the curves beyond them still fit then: all of them or none. */
  private adopt(ends: readonly End[]): boolean {
    const { curves, limitPx } = this;
    const { inX, inY, outX, outY, isCorner } = this.joints;
    const smooth = ends.filter(({ joint, side }) => !isCorner[joint] && !isLine(side.segments));
    const turn = (joint: number, x: number, y: number) => {
      inX[joint] = outX[joint] = x;
      inY[joint] = outY[joint] = y;
    };
    const before = smooth.map(({ joint }) => [outX[joint]!, outY[joint]!] as const);
    for (const { joint, direction } of smooth) turn(joint, direction.x, direction.y);
    const refits = smooth.map(({ side }) =>
      curves.fit(side.from, side.to, limitPx) < Infinity ? [this.currentCurve(side.to)] : undefined,
    );
    if (refits.includes(undefined)) {
      smooth.forEach(({ joint }, k) => turn(joint, ...before[k]!));
      return false;
    }
    smooth.forEach(({ side }, k) => (side.segments = refits[k]!));
    return true;
  }

  /** Measures the finished segments against the whole contour. */
  measure(track: Track): FittedRing {
    const contour = new CurveFitter(track, this.joints);
    let farthest = 0;
    for (const { from, to, segments } of this.pieces) {
      const stretch = contour.stretchBetween(from, to);
      const line = flattenSegments([stretch[0]!, stretch[1]!], segments);
      farthest = Math.max(farthest, exactFarthestSquared(stretch, line), exactFarthestSquared(line, stretch));
    }
    const segments = this.pieces.flatMap((piece) => piece.segments);
    return { ring: track.ring, segments, maxDeviationPx: Math.sqrt(farthest) };
  }
}

interface Chord {
  /** Unit direction. */
  readonly x: number;
  readonly y: number;
  readonly length: number;
}

/** A joint, the piece beyond it, and the direction that the joint is to take. */
interface End {
  readonly joint: number;
  readonly side: Piece;
  readonly direction: Chord;
}

function chordOf([x0, y0]: Segment, [x1, y1]: Segment): Chord {
  const length = Math.hypot(x1! - x0!, y1! - y0!);
  return { x: (x1! - x0!) / length, y: (y1! - y0!) / length, length };
}

function isLine(segments: readonly Segment[]): boolean {
  return segments[0]!.length === 2;
}

function flattenSegments(start: Segment, segments: readonly Segment[]): Float64Array {
  const points = [...start];
  const flat = new Float64Array(2 * (MAX_PIECES + 1));
  for (const segment of segments) {
    if (segment.length === 2) {
      points.push(...segment);
      continue;
    }
    const curve = Float64Array.from([...points.slice(-2), ...segment]);
    const count = flattenCubic(curve, MEASURING_PX, flat);
    for (let k = 2; k < 2 * count; k++) points.push(flat[k]!);
  }
  return Float64Array.from(points);
}
