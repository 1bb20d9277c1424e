/** The lines and curves of a ring or an arc between the joints that were chosen. */
import { fewestSegments } from './fewest.js';
import { CurveFitter } from './fit.js';
import type { Joints } from './joints.js';
import { bendLines } from './kinks.js';
import type { Segment } from './segment.js';
import { simplifyPolyline } from './simplify.js';
import { thinTrack, type Track } from './track.js';

/**
 * How far, in octaves of tolerance, the polyline that curves are tried against may lie from the track, and the
 * polyline that stands for a curve from the curve; both have far fewer vertices then.
 */
export const THINNING_SHARE = 0.05;
export const FLATTENING_SHARE = 0.03;

/** Lines are no shorter, stray at most this far or as far as the curve would, and turn a smooth joint by no more. */
const SHORTEST_LINE_PX = 4;
const STRAIGHT_PX = 0.25;
const LINE_TURN_COSINE = Math.cos((15 * Math.PI) / 180);

/** Once joints are chosen, curves that follow a line or lose a kink may stray this much farther. */
const FINISHING_SHARE = 1.05;

/** Segments between two joints that were chosen. */
interface Piece {
  readonly from: number;
  readonly to: number;
  /** One line or curve; several lines where no single segment would do. */
  segments: Segment[];
}

/** An arc is a ring whose last piece, a line from its end to its start, stands for nothing and is left out. */
export class PieceFitter {
  private readonly curves: CurveFitter;
  private pieces: Piece[] = [];

  /** @param limits Where it differs along the way: by joint, the limit for the stretch that begins there. */
  constructor(
    private readonly joints: Joints,
    private readonly track: Track,
    private readonly limitPx: number,
    octavePx: number,
    private readonly limits?: Float64Array,
  ) {
    const thinned = thinTrack(track, THINNING_SHARE * octavePx);
    this.curves = new CurveFitter(track, thinned, joints, FLATTENING_SHARE * octavePx);
  }

  /** How far a segment from joint i to joint j may lie from the track. */
  private limitOf(i: number, j: number): number {
    const { limits, limitPx } = this;
    if (!limits) return limitPx;
    let least = limitPx;
    for (let k = i; ;) {
      least = Math.min(least, limits[k]!);
      if (++k === limits.length) k = 0;
      if (k === j) return least;
    }
  }

  /** @param spans Most joints that a segment may advance, by joint. */
  chooseJoints(spans: Int32Array, longestSpan: number): void {
    const { count, isCorner, isOpen } = this.joints;
    const reference = Math.max(0, isCorner.indexOf(1));
    // An arc's ends are joints whatever happens.
    const most = (i: number) => (isOpen ? Math.min(spans[i]!, Math.max(1, count - 1 - i)) : spans[i]!);
    const chosen = fewestSegments({
      count,
      longestSpan: Math.max(1, Math.min(longestSpan, isOpen ? count - 1 : Math.floor(count * 0.6))),
      start: reference,
      isStartFixed: isOpen,
      error: (i, span) => (span > most(i) ? Infinity : span * this.error(i, (i + span) % count)),
      detour: (i) => this.detour(i, (i + 1) % count).length,
    });
    this.pieces = chosen.map((from, k) => {
      const to = chosen[(k + 1) % chosen.length]!;
      return { from, to, segments: this.segmentsBetween(from, to) };
    });
  }

  private error(i: number, j: number): number {
    const line = this.fitLine(i, j);
    return line < Infinity ? line : this.curves.fit(i, j, this.limitOf(i, j));
  }

  /** Only between corners: elsewhere a line has to agree with its neighbours first. */
  private fitLine(i: number, j: number): number {
    const { isCorner } = this.joints;
    return isCorner[i] && isCorner[j] ? this.curves.fitLine(i, j, this.limitOf(i, j)) : Infinity;
  }

  private segmentsBetween(i: number, j: number): Segment[] {
    if (this.fitLine(i, j) < Infinity) return [this.curves.pointAt(j)];
    if (this.curves.fit(i, j, this.limitOf(i, j)) < Infinity) return [this.currentCurve(j)];
    return this.detour(i, j);
  }

  private currentCurve(to: number): Segment {
    return [...this.curves.curve.subarray(2, 6), ...this.curves.pointAt(to)];
  }

  /** The fewest lines along the track from one joint to the next. */
  private detour(i: number, j: number): Segment[] {
    const points = simplifyPolyline(this.curves.stretchBetween(i, j), this.limitOf(i, j));
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
    const { pieces, curves } = this;
    const chords = pieces.map(({ from, to }) => chordOf(curves.pointAt(from), curves.pointAt(to)));
    const longestFirst = pieces.map((_, k) => k).sort((a, b) => chords[b]!.length - chords[a]!.length);
    for (const k of longestFirst) {
      const { from, to, segments } = pieces[k]!;
      const direction = chords[k]!;
      if (isLine(segments) || direction.length < SHORTEST_LINE_PX) continue;
      const limitPx = this.limitOf(from, to);
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
    const { curves } = this;
    const { inX, inY, outX, outY, isCorner } = this.joints;
    const smooth = ends.filter(({ joint, side }) => !isCorner[joint] && !isLine(side.segments));
    const turn = (joint: number, x: number, y: number) => {
      inX[joint] = outX[joint] = x;
      inY[joint] = outY[joint] = y;
    };
    const before = smooth.map(({ joint }) => [outX[joint]!, outY[joint]!] as const);
    for (const { joint, direction } of smooth) turn(joint, direction.x, direction.y);
    const refits = smooth.map(({ side }) =>
      curves.fit(side.from, side.to, FINISHING_SHARE * this.limitOf(side.from, side.to)) < Infinity
        ? [this.currentCurve(side.to)]
        : undefined,
    );
    if (refits.includes(undefined)) {
      smooth.forEach(({ joint }, k) => turn(joint, ...before[k]!));
      return false;
    }
    smooth.forEach(({ side }, k) => (side.segments = refits[k]!));
    return true;
  }

  /** Bends lines that meet something else at a slight angle, where they stay close enough: only corners are seen. */
  smoothKinks(): void {
    const { curves, joints } = this;
    const { isOpen } = joints;
    const last = this.pieces.length - 1;
    this.pieces.forEach((piece, k) => {
      if (!isLine(piece.segments) || (isOpen && k === last)) return;
      const { from, to, segments } = piece;
      const { before, after } = this.neighbours(k);
      const start = curves.pointAt(from);
      const following = after.segments[0]!;
      // Beyond its ends, an arc knows the directions alone.
      const arrival =
        isOpen && k === 0 ? { x: joints.inX[from]!, y: joints.inY[from]! } : this.arrival(before);
      const departure =
        isOpen && k + 1 === last
          ? { x: joints.outX[to]!, y: joints.outY[to]! }
          : chordOf(curves.pointAt(to), following);
      const bent = bendLines(start, segments, arrival, departure);
      const limitPx = FINISHING_SHARE * this.limitOf(from, to);
      if (bent && curves.fitsSegments(from, to, bent, limitPx)) piece.segments = bent;
    });
  }

  /** Direction in which a piece arrives at its end. */
  private arrival({ from, segments }: Piece): Chord {
    const last = segments.at(-1)!;
    const lineStart = segments.at(-2) ?? this.curves.pointAt(from);
    return chordOf(last.length > 2 ? last.slice(2, 4) : lineStart.slice(-2), last.slice(-2));
  }

  segments(): Segment[] {
    return this.pieces.flatMap((piece) => piece.segments);
  }

  /** By segment: the joints that its piece leads from and to. */
  spans(): (readonly [number, number])[] {
    return this.pieces.flatMap(({ from, to, segments }) => segments.map(() => [from, to] as const));
  }

  /** By segment: the vertex of the track where it ends, if at a joint; −1 within a detour. */
  ends(): number[] {
    const { vertex } = this.track;
    return this.pieces.flatMap(({ to, segments }) =>
      segments.map((_, k) => (k + 1 < segments.length ? -1 : vertex[to]!)),
    );
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
