/** A mask from the decoder's coarse grid → its pixels, edges where the image has them. */
import { throwIfCancelled } from '../../protocol/errors.js';
import type { Size } from '../../protocol/geometry.js';
import type { LabelledPoint, RgbImage } from '../adapter.js';
import { isRefinable, lowResGrid } from '../coordinates.js';
import { sampleField, type LogitField } from '../logit-field.js';
import { fieldFromRuns } from '../mask/field-from-runs.js';
import { runsFromRings } from '../mask/runs.js';
import { contourField } from '../trace/contour.js';
import { dropSmallRings } from '../trace/nest.js';
import { ringArea, type Ring } from '../trace/ring.js';
import { snapRing } from './snap-ring.js';

/** The decoder's edges are seldom farther off than this many of the samples over the whole image. */
const REACH_COARSE_SAMPLES = 1.5;

/** Where it has looked closer, they are seldom farther off than this many of its samples there, or so many pixels. */
const REACH_SAMPLES = 2.5;
const LEAST_REACH_PX = 4;

/** Beyond the image, rings are led so many reaches away from its border: out of reach. */
const BEYOND_REACHES = 3;

/** A ring whose area changes by more than this factor has folded up, and stays as it was. */
const LEAST_KEPT = 0.5;

/**
 * Every ring of the mask is moved onto the image's edge; those that would fold up stay as they are.
 *
 * @param field What the network answered, over the whole image or closer.
 * @param clicks Clicks on the right side stay there: where the image says otherwise, it is not believed.
 * @param minRegionPx Rings around less are dropped.
 * @returns A field of ±0.5 at the pixels around the mask, as from `fieldFromMask`; undefined where the mask had better
 *   stay as it is.
 * @throws CodedError CANCELLED
 */
export function refineMask(
  field: LogitField,
  image: RgbImage,
  clicks: readonly LabelledPoint[],
  minRegionPx: number,
  signal?: AbortSignal,
): LogitField | undefined {
  if (!isRefinable(image)) return undefined;
  const reachPx = reachOf(field, image);
  const coarse = dropSmallRings(contourField(field), minRegionPx);
  if (coarse.length === 0) return undefined;
  const rings = coarse.map((ring) => {
    throwIfCancelled(signal);
    const beyond = extendBeyond(ring, image, BEYOND_REACHES * reachPx);
    const snapped = clampRing(snapRing(beyond, image, { reachPx, field }), image);
    const kept = ringArea(snapped) / ringArea(ring);
    return kept > LEAST_KEPT && kept < 1 / LEAST_KEPT ? snapped : ring;
  });
  const refined = fieldFromRuns(runsFromRings(rings, { width: image.width, height: image.height }));
  const keepsClicks = clicks.every(({ point, inside }) => {
    const wasRight = sampleField(field, ...point) > 0 === inside;
    return !wasRight || sampleField(refined, ...point) > 0 === inside;
  });
  return keepsClicks ? refined : undefined;
}

function reachOf(field: LogitField, image: Size): number {
  const samplePx = Math.max(field.stepX, field.stepY);
  const { stepX, stepY } = lowResGrid(image);
  return Math.max(
    LEAST_REACH_PX,
    Math.min(REACH_SAMPLES * samplePx, REACH_COARSE_SAMPLES * Math.max(stepX, stepY)),
  );
}

/**
 * What runs along the image's border is no edge of the object. Led round far beyond it, the ring crosses the border where
 * the object does, and comes back onto it when it is clamped.
 */
function extendBeyond(ring: Ring, { width, height }: Size, distancePx: number): Ring {
  return ring.map((value, k) => {
    if (value <= 0) return -distancePx;
    const end = k % 2 === 0 ? width : height;
    return value >= end ? end + distancePx : value;
  });
}

function clampRing(ring: Ring, { width, height }: Size): Ring {
  return ring.map((value, k) => Math.min(k % 2 === 0 ? width : height, Math.max(0, value)));
}
