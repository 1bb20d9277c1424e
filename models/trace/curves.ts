/** The fewest smooth curves around a ring. */
import type { Size } from '../../protocol/geometry.js';
import { findJoints, type Joints } from './joints.js';
import { measureSegments } from './measure.js';
import { FLATTENING_SHARE, PieceFitter, THINNING_SHARE } from './pieces.js';
import type { Segment } from './segment.js';
import type { Ring } from './ring.js';
import { roundSegments } from './round.js';
import { simplifyRing } from './simplify.js';
import { smoothStairs } from './stairs.js';
import { findStraightSides, spansAlongSides } from './straight.js';
import { trackThrough, type Track } from './track.js';

/** What is known about a ring before curves are fitted to it. */
export interface RingTraits {
  /** How far, root mean square, the ring strays from the shape it stands for. */
  readonly noisePx: number;
  /** Distance between the points at which the ring is looked at; details are larger. */
  readonly spacingPx: number;
  /** The mask that it is the contour of, where it has stairs to be smoothed. */
  readonly stairs?: Size;
}

/** A ring as lines and curves. */
export interface FittedRing {
  /** The contour that they were fitted to. */
  readonly ring: Ring;
  /** Each starts where the one before it ends, the first where the last one does. Coordinates are rounded. */
  readonly segments: readonly Segment[];
  /** Largest distance between segments and contour, measured both ways. */
  readonly maxDeviationPx: number;
}

/**
 * Share of the tolerance that a curve may use. What is left over keeps the mean deviation of a mask's outline
 * below what tracers reach that need more segments, and covers for thinning and flattening.
 */
const TOLERANCE_SHARE = 0.88;

/** Rounding to three decimals moves a point by less. */
const ROUNDING_PX = 0.001;

/** Straight sides longer than this many tolerances stay straight, though a curve would come close enough. */
const PROTECTED_LENGTH = 24;

/** Most joints that one segment may advance. */
const LONGEST_SPAN = 128;

/** Octaves of tolerance begin here and at every doubling and halving: the default tolerance is not near a beginning. */
const OCTAVE_PX = 0.39;

/** In an octave, how closely tracks and curves are looked at, and how much of them is noise, does not change. */
export function octaveOf(tolerancePx: number): number {
  return OCTAVE_PX * 2 ** Math.floor(Math.log2(tolerancePx / OCTAVE_PX));
}

/**
 * From this share of an octave's beginning on, what the tolerance has gained outweighs, twice over, that tracks and
 * curves are looked at less closely than at the end of the octave before.
 */
const BEGINNING_SHARE = 1 + (2 * 1.5 * (THINNING_SHARE + FLATTENING_SHARE)) / TOLERANCE_SHARE;

/** Curves that stray too far after all, between the points that were looked at, are fitted again this much closer. */
const CLOSER_SHARE = 0.9;

/** From here on, lines have to do. */
const FINEST_PX = 0.05;

/**
 * Covers a contour with few lines and curves: corners where it has corners, tangents in common elsewhere. More
 * tolerance never takes more segments: within an octave because it only adds choices, and where a new octave could take
 * more, the best of the octave before is kept.
 *
 * @param tolerancePx Largest distance between segments and contour, either way.
 * @param traitsOf What is known about the contour, as far as an octave goes.
 */
export function fitRing(
  contour: Ring,
  tolerancePx: number,
  traitsOf: (octavePx: number) => RingTraits,
): FittedRing {
  const octavePx = octaveOf(tolerancePx);
  const traits = traitsOf(octavePx);
  const fitted = fitInOctave(contour, tolerancePx, traits);
  if (fitted.maxDeviationPx > tolerancePx) {
    if (tolerancePx < FINEST_PX) return polygonOf(fitted.ring, tolerancePx);
    return fitRing(contour, CLOSER_SHARE * tolerancePx, traitsOf);
  }
  const isSure =
    tolerancePx >= BEGINNING_SHARE * octavePx && traitsOf(octavePx / 2).noisePx === traits.noisePx;
  if (isSure) return fitted;
  const before = fitRing(contour, octavePx * (1 - Number.EPSILON), traitsOf);
  return before.segments.length < fitted.segments.length ? before : fitted;
}

function fitInOctave(contour: Ring, tolerancePx: number, traits: RingTraits): FittedRing {
  const joints = findJoints(contour, traits.noisePx, traits.spacingPx, traits.stairs !== undefined);
  const track = traits.stairs ? smoothStairs(contour, joints, traits.stairs) : trackThrough(contour, joints);
  return { ring: track.ring, ...fitTrack(joints, track, tolerancePx) };
}

export interface FittedTrack {
  /** Rounded. An arc's last one, from its end to its start, stands for nothing. */
  readonly segments: Segment[];
  /** By segment: the joints between which it belongs. */
  readonly spans: readonly (readonly [number, number])[];
  /** Largest distance between segments and track, measured both ways. */
  readonly maxDeviationPx: number;
}

/**
 * Covers a track with few lines and curves.
 *
 * @param joints Directions of smooth ones may change.
 * @param tolerancesPx By joint: the tolerance for the stretch that begins there, where it is lower.
 */
export function fitTrack(
  joints: Joints,
  track: Track,
  tolerancePx: number,
  tolerancesPx?: Float64Array,
): FittedTrack {
  const limits = tolerancesPx?.map(limitOf);
  const fitter = new PieceFitter(joints, track, limitOf(tolerancePx), octaveOf(tolerancePx), limits);
  const sides = findStraightSides(track, joints);
  fitter.chooseJoints(
    spansAlongSides(track, sides, PROTECTED_LENGTH * tolerancePx, LONGEST_SPAN),
    LONGEST_SPAN,
  );
  fitter.smoothDetours();
  fitter.straighten();
  fitter.smoothKinks();
  const segments = roundSegments(fitter.segments());
  const maxDeviationPx = measureSegments(track.ring, segments, fitter.ends(), tolerancePx);
  return { segments, spans: fitter.spans(), maxDeviationPx };
}

function limitOf(tolerancePx: number): number {
  return Math.min(TOLERANCE_SHARE * tolerancePx, tolerancePx - ROUNDING_PX);
}

/** The way out should curves turn out to stray too far after all: lines, more of them until they hold. */
function polygonOf(ring: Ring, tolerancePx: number): FittedRing {
  for (let limitPx = TOLERANCE_SHARE * tolerancePx; ; limitPx /= 2) {
    const corners = vertexNumbers(ring, simplifyRing(ring, limitPx));
    const ends = [...corners.slice(1), corners[0]!];
    const segments = roundSegments(ends.map((vertex) => [ring[2 * vertex]!, ring[2 * vertex + 1]!]));
    const maxDeviationPx = measureSegments(ring, segments, ends, tolerancePx);
    // With every vertex kept there is nothing left but rounding.
    const holds = maxDeviationPx <= tolerancePx || limitPx < ROUNDING_PX;
    if (holds) return { ring, segments, maxDeviationPx };
  }
}

/** Which vertices of a ring the corners of its simplification are, in order. */
function vertexNumbers(ring: Ring, corners: Ring): number[] {
  const numbers: number[] = [];
  for (let vertex = 0; 2 * numbers.length < corners.length; vertex++) {
    const corner = 2 * numbers.length;
    if (ring[2 * vertex] === corners[corner] && ring[2 * vertex + 1] === corners[corner + 1])
      numbers.push(vertex);
  }
  return numbers;
}
