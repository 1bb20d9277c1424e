/** All arcs of a planar map as curves that cross nowhere. */
import type { Size } from '../../protocol/geometry.js';
import { isBorder, NO_JUNCTION, type Arc, type PlanarMap } from './arcs.js';
import { alongBorder } from './border.js';
import { findCrossings } from './crossings.js';
import { ArcFitter, type FittedPath } from './fit-arc.js';
import { flattenArcs, type FlatArcs } from './flat-arcs.js';
import { directionOut, placeJunctions, type PlacedJunctions } from './junctions.js';
import type { LabelMap } from './label-map.js';
import { findTwisted, Islands } from './misplaced.js';
import { octaveOf } from './curves.js';
import { maskNoisePx } from './outline.js';

export interface FitArcsOptions {
  readonly tolerancePx: number;
  /** By arc: its own tolerance where that is lower, as for arcs around something small. */
  readonly limitsPx: Float64Array;
}

/** Junctions are placed as for outlines that follow the mask closely, since they do not move for the tolerance. */
const PLACING_TOLERANCE_PX = 0.25;

/**
 * Fits every arc once. Then it looks for segments that cross or touch, that leave a junction in another order than
 * before, or that have passed an island; there, arcs are fitted again, closer each time, until nothing is found.
 *
 * What an arc comes to last, the lines from one middle of a pixel side to the next, cannot meet others of its kind
 * elsewhere than in junctions: they stay in the squares between four pixel centres that the arc passes through, which
 * it shares with no other arc but around a junction, where all lead straight to one point, and where two covered
 * pixels meet at a corner, which they cut off on either side.
 *
 * Yields when it may be interrupted.
 *
 * @returns By arc: its path. Segments of one arc meet in a point, and so do arcs in junctions, but nowhere else.
 */
export function* fitArcs(
  planar: PlanarMap,
  map: LabelMap,
  options: FitArcsOptions,
): Generator<undefined, FittedPath[]> {
  const { arcs, junctions } = planar;
  const placed = placeJunctions(planar, maskNoisePx(octaveOf(PLACING_TOLERANCE_PX)), map.size);
  const fitters: (ArcFitter | undefined)[] = [];
  for (let arc = 0; arc < arcs.length; arc++) {
    fitters.push(makeFitter(planar, placed, arc, map.size, options));
    yield;
  }
  const paths = arcs.map((arc, k) => fitters[k]?.path ?? alongBorder(pointsOf(arc, placed), isClosed(arc)));
  const islands = new Islands(arcs, junctions.count, map);
  const isChanged = new Uint8Array(arcs.length).fill(1);
  for (;;) {
    yield;
    const flat = flattenArcs(paths);
    const crossing = new Set([...findCrossings(arcs, flat, isChanged), ...findTwisted(planar, flat)]);
    // What lies inside what can only be told once nothing crosses.
    const wrong = crossing.size > 0 ? crossing : islands.findMoved(flat);
    if (wrong.size === 0) return paths;
    isChanged.fill(0);
    if (!tightenSome(fitters, flat, wrong, isChanged) && !tightenAll(fitters, isChanged)) return paths;
    for (let arc = 0; arc < arcs.length; arc++) if (isChanged[arc]) paths[arc] = fitters[arc]!.path;
  }
}

/** @returns Nothing for the border of the image, which stays as it is. */
function makeFitter(
  { arcs, junctions }: PlanarMap,
  placed: PlacedJunctions,
  number: number,
  image: Size,
  { tolerancePx: askedPx, limitsPx }: FitArcsOptions,
): ArcFitter | undefined {
  const arc = arcs[number]!;
  if (isBorder(arc)) return undefined;
  const tolerancePx = Math.min(askedPx, limitsPx[number]!);
  const traits = { isClosed: isClosed(arc), tolerancePx, noisePx: maskNoisePx(octaveOf(tolerancePx)), image };
  if (traits.isClosed) return new ArcFitter(arc.middles, traits);
  const slotOf = (junction: number, end: number) =>
    4 * junction + junctions.arcEnds.subarray(4 * junction, 4 * junction + 4).indexOf(end);
  const start = directionOut(placed, slotOf(arc.from, 2 * number));
  const back = directionOut(placed, slotOf(arc.to, 2 * number + 1));
  const end = back && { x: -back.x, y: -back.y };
  return new ArcFitter(pointsOf(arc, placed), { ...traits, start, end });
}

function isClosed({ from }: Arc): boolean {
  return from === NO_JUNCTION;
}

/** The middles, between the junctions if there are any. */
function pointsOf({ from, to, middles }: Arc, { x, y }: PlacedJunctions): Float64Array {
  if (from === NO_JUNCTION) return middles;
  const points = new Float64Array(middles.length + 4);
  points.set([x[from]!, y[from]!]);
  points.set(middles, 2);
  points.set([x[to]!, y[to]!], middles.length + 2);
  return points;
}

/** @returns Whether anything could be brought closer. */
function tightenSome(
  fitters: readonly (ArcFitter | undefined)[],
  { arcOf }: FlatArcs,
  segments: ReadonlySet<number>,
  isChanged: Uint8Array,
): boolean {
  const wrong = new Map<number, number[]>();
  for (const segment of segments) {
    const arc = arcOf[segment]!;
    const number = segment - arcOf.indexOf(arc);
    wrong.set(arc, [...(wrong.get(arc) ?? []), number]);
  }
  for (const [arc, numbers] of wrong) if (fitters[arc]?.tighten(numbers)) isChanged[arc] = 1;
  return isChanged.includes(1);
}

/** When those at fault are as close as they can be, whatever else there is. */
function tightenAll(fitters: readonly (ArcFitter | undefined)[], isChanged: Uint8Array): boolean {
  fitters.forEach((fitter, arc) => {
    if (fitter?.tighten(fitter.path.segments.map((_, k) => k))) isChanged[arc] = 1;
  });
  return isChanged.includes(1);
}
