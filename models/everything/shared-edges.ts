/** A tree of overlapping masks → regions whose outlines share their boundaries. */
import type { Box, Size } from '../../protocol/geometry.js';
import type { Outline, Rle } from '../../protocol/outline.js';
import { encodeRuns } from '../mask/rle.js';
import { measureRuns } from '../mask/runs.js';
import { RingAssembler } from '../trace/arc-rings.js';
import { followArcs, type Arc, type PlanarMap } from '../trace/arcs.js';
import type { FittedPath } from '../trace/fit-arc.js';
import { fitArcs } from '../trace/fit-arcs.js';
import { OUTSIDE, UNCOVERED } from '../trace/label-map.js';
import { SIZE_SHARE, toOutline } from '../trace/outline.js';
import { LabelRegions } from './label-regions.js';
import { runsOfLabels } from './label-runs.js';
import { forEachApart, partitionMasks, type Partition, type PartitionMask } from './partition.js';

/** What is left of a mask, with all that lies in it. */
export interface SharedRegion {
  readonly id: number;
  /** The mask it lies in; null at the top. */
  readonly parent: number | null;
  readonly rle: Rle;
  /** Pixel count. */
  readonly area: number;
  readonly box: Box;
  /** Made of the arcs that it shares with its neighbours, each with the same coordinates on both sides. */
  readonly outline: Outline;
}

export interface SharedEdgesOptions {
  /** Largest deviation of a boundary from the smooth line through its pixel stairs, image pixels. */
  readonly tolerancePx: number;
  /** Connected pieces of fewer pixels go to the neighbour that they share the longest border with. */
  readonly minRegionPx: number;
}

/**
 * Makes a partition of masks and traces it, every boundary between two neighbours once: siblings have neither gaps nor
 * overlaps between them, and a child's outline lies within its parent's, whatever the tolerance. Yields when it may be
 * interrupted.
 *
 * @param masks In painting order, parents before their children.
 * @returns In the same order, without the masks that lost everything. A mask keeps what its descendants keep, so a
 * mask is left out only together with all of its descendants, and every parent named is among the regions.
 * @throws CodedError MASK_SHAPE, RLE_INVALID.
 */
export function* shareEdges(
  masks: readonly PartitionMask[],
  image: Size,
  { tolerancePx, minRegionPx }: SharedEdgesOptions,
): Generator<undefined, SharedRegion[]> {
  const partition = yield* partitionMasks(masks, image);
  const regions = new LabelRegions(partition);
  yield;
  regions.giveAwaySmall(minRegionPx);
  yield;
  const runs = runsOfLabels(partition, masks.length);
  yield;
  const planar = followArcs(partition);
  yield;
  const limitsPx = Float64Array.from(
    planar.arcs,
    (arc) => SIZE_SHARE * Math.sqrt(smallerSide(arc, regions, image)),
  );
  const paths = yield* fitArcs(planar, partition, { tolerancePx, limitsPx });
  const boundaries = boundariesOf(planar, partition, masks.length);
  const assembler = new RingAssembler(planar, paths);
  const traced: SharedRegion[] = [];
  for (const [k, { id }] of masks.entries()) {
    yield;
    const { area, box } = measureRuns(runs[k + 1]!);
    if (area === 0) continue;
    const boundary = boundaries[k + 1]!;
    const parent = partition.parents[k + 1]!;
    traced.push({
      id,
      parent: parent === UNCOVERED ? null : masks[parent - 1]!.id,
      rle: encodeRuns(runs[k + 1]!),
      area,
      box,
      outline: outlineOf(boundary, assembler, paths, tolerancePx),
    });
  }
  return traced;
}

function outlineOf(
  boundary: readonly number[],
  assembler: RingAssembler,
  paths: readonly FittedPath[],
  tolerancePx: number,
): Outline {
  const maxDeviationPx = boundary.reduce((most, step) => Math.max(most, paths[step >> 1]!.maxDeviationPx), 0);
  const rings = assembler.assemble(boundary).map((segments) => ({ segments, maxDeviationPx }));
  return toOutline(rings, tolerancePx);
}

/** By label: the arcs with the mask and what lies in it to one side, as RingAssembler wants them. */
function boundariesOf({ arcs }: PlanarMap, partition: Partition, count: number): number[][] {
  const boundaries: number[][] = Array.from({ length: count + 1 }, () => []);
  const labelOf = (label: number) => (label === OUTSIDE ? UNCOVERED : label);
  arcs.forEach(({ left, right }, arc) => {
    forEachApart(partition, labelOf(left), labelOf(right), (label, isLeft) => {
      boundaries[label]!.push(2 * arc + Number(isLeft));
    });
  });
  return boundaries;
}

/** Pixels of the smaller of the two regions beside an arc. */
function smallerSide({ middles }: Arc, regions: LabelRegions, { width, height }: Size): number {
  const [x, y] = [middles[0]!, middles[1]!];
  const [dx, dy] = Number.isInteger(x) ? [0.5, 0] : [0, 0.5];
  const areaAt = (column: number, row: number) =>
    column < 0 || row < 0 || column >= width || row >= height ? Infinity : regions.areaAt(column, row);
  return Math.min(
    areaAt(Math.floor(x - dx), Math.floor(y - dy)),
    areaAt(Math.floor(x + dx), Math.floor(y + dy)),
  );
}
