/** Tells which found objects have become layers before, so that none is made twice. */
import type { ExistingLayer } from '../../bridge.js';
import type { FoundMask } from '../../../protocol/everything.js';
import type { Size } from '../../../protocol/geometry.js';
import { iouOfRuns } from '../../../models/mask/overlap.js';
import { runsFromPath } from '../../../models/mask/path-runs.js';
import { decodeRuns } from '../../../models/mask/rle.js';
import { measureRuns } from '../../../models/mask/runs.js';

/** From this overlap on, intersection over union, a layer and an object are the same thing. */
const SAME_OVERLAP = 0.9;

/**
 * The objects that a layer stands for: by the click that found them, else by what its outline encloses.
 *
 * @param size The image's.
 * @returns Ids of the masks.
 */
export function objectsWithLayer(
  masks: readonly FoundMask[],
  layers: readonly ExistingLayer[],
  size: Size,
): Set<number> {
  const ids = new Set<number>();
  for (const layer of layers) {
    const twin = masks.find((mask) => layer.found !== undefined && isSameFind(mask, layer.found));
    if (twin) ids.add(twin.id);
    else if (layer.path !== undefined) addOverlapping(ids, masks, layer.path, size);
  }
  return ids;
}

/** The same click on the same view of the image that led to the same box. */
function isSameFind(mask: FoundMask, found: NonNullable<ExistingLayer['found']>): boolean {
  const same = (a: readonly number[], b: readonly number[]) =>
    a.length === b.length && a.every((value, i) => value === b[i]);
  return same(mask.point, found.point) && same(mask.cropBox, found.cropBox) && same(mask.box, found.box);
}

function addOverlapping(ids: Set<number>, masks: readonly FoundMask[], path: string, size: Size): void {
  const layer = runsFromPath(path, size);
  const { area, box } = measureRuns(layer);
  for (const mask of masks) {
    if (!mayOverlap(mask, { area, box }, size)) continue;
    if (iouOfRuns(layer, decodeRuns(mask.rle)) >= SAME_OVERLAP) ids.add(mask.id);
  }
}

/** What two masks can share at most, by their areas and boxes alone: most pairs need not be read. */
function mayOverlap(a: FoundMask, b: Pick<FoundMask, 'area' | 'box'>, { width, height }: Size): boolean {
  const [rows, columns] = a.rle.size;
  if (rows !== height || columns !== width || b.area === 0) return false;
  const overlapWidth = Math.min(a.box[2], b.box[2]) - Math.max(a.box[0], b.box[0]);
  const overlapHeight = Math.min(a.box[3], b.box[3]) - Math.max(a.box[1], b.box[1]);
  const boxes = overlapWidth > 0 && overlapHeight > 0 ? overlapWidth * overlapHeight : 0;
  return Math.min(a.area, b.area, boxes) >= SAME_OVERLAP * Math.max(a.area, b.area);
}
