/** Chosen masks → what a person gets: outlines, areas and boxes in image space, ranked. */
import type { Size } from '../protocol/geometry.js';
import type { Candidate } from '../protocol/outline.js';
import type { LabelledPoint, RgbImage } from './adapter.js';
import { lowResField, lowResGrid } from './coordinates.js';
import type { LogitField } from './logit-field.js';
import { rleFromRings } from './mask/rle.js';
import { maskFromRuns, runsFromRings } from './mask/runs.js';
import { refineMask } from './refine/refine-mask.js';
import { retouchField } from './retouch.js';
import type { Retouch } from './retouch.js';
import type { Selection } from './select.js';
import { contourField } from './trace/contour.js';
import { dropSmallRings } from './trace/nest.js';
import { traceField } from './trace/outline.js';
import type { Ring } from './trace/ring.js';

/** A candidate with the contour that its outline was fitted to. */
export interface TracedCandidate extends Candidate {
  readonly rle: NonNullable<Candidate['rle']>;
  /** Dense and unsimplified. */
  readonly contour: readonly Ring[];
}

/**
 * Specks and pin-holes below this many low-res samples are the network's noise on texture, not parts of things:
 * three samples square is the finest detail its masks show reliably.
 */
const SMALLEST_REGION_SAMPLES = 9;

/** What the edges of the shown candidate are to be found in. */
export interface Refinement {
  readonly pixels: RgbImage;
  /** The same mask on a finer grid, where a closer look gave one. */
  readonly closer?: LogitField | undefined;
  readonly clicks: readonly LabelledPoint[];
  /** Of an outline whose edges were found there. */
  readonly tolerancePx: number;
  readonly signal?: AbortSignal | undefined;
}

/** What becomes of masks on their way to outlines. */
export interface TracingOptions {
  /** Largest deviation of an outline from its contour, image pixels. */
  readonly tolerancePx: number;
  /** For the chosen candidate alone. */
  readonly refinement?: Refinement | undefined;
  /** For every candidate. */
  readonly retouch?: Retouch | undefined;
}

/**
 * Traces candidates one at a time: first the chosen one, which is waited for, then the others in the selection's order.
 *
 * @returns All of them; an empty mask has an empty outline.
 */
export function* traceCandidates(
  selection: Selection,
  image: Size,
  options: TracingOptions,
): Generator<TracedCandidate, void> {
  const { candidates, chosen } = selection;
  yield traceCandidate(selection, chosen, image, options);
  for (let index = 0; index < candidates.length; index++) {
    if (index !== chosen)
      yield traceCandidate(selection, index, image, { ...options, refinement: undefined });
  }
}

/** As `traceCandidates`, one of them. */
export function traceCandidate(
  selection: Selection,
  index: number,
  image: Size,
  { tolerancePx, refinement, retouch }: TracingOptions,
): TracedCandidate {
  const candidate = selection.candidates[index]!;
  const found = { field: lowResField(candidate.logits, image), minRegionPx: smallestRegionPx(image) };
  const refined = refinement && refine(found.field, refinement, found.minRegionPx);
  const best = refined ? { ...found, field: refined } : found;
  // Edges found in the image are better than those of the mask that they were looked for around.
  const byHand = retouch && (refined ? { ...retouch, start: undefined } : retouch);
  const { field, minRegionPx } = byHand ? retouchField(best.field, byHand, best.minRegionPx) : best;
  const { outline, rings } = traceField(field, {
    tolerancePx: refined ? refinement!.tolerancePx : tolerancePx,
    minRegionPx,
  });
  const { rle, area, box } = rleFromRings(rings, image);
  const { predictedIou, stabilityScore } = candidate;
  return { rank: index + 1, predictedIou, stabilityScore, area, box, outline, rle, contour: rings };
}

function refine(field: LogitField, { pixels, closer, clicks, signal }: Refinement, minRegionPx: number) {
  return (
    (closer && refineMask(closer, pixels, clicks, minRegionPx, signal)) ??
    refineMask(field, pixels, clicks, minRegionPx, signal)
  );
}

/**
 * The pixels of a mask, specks and pin-holes left out: what its outline would fill.
 *
 * @param logits Float32, 256×256, model space.
 * @returns Uint8, height × width, 0 or 1.
 */
export function fillLogits(
  logits: Float32Array,
  image: Size,
  minRegionPx = smallestRegionPx(image),
): Uint8Array {
  const rings = dropSmallRings(contourField(lowResField(logits, image)), minRegionPx);
  return maskFromRuns(runsFromRings(rings, image));
}

/** Islands and holes of fewer pixels are noise. */
export function smallestRegionPx(image: Size): number {
  const { stepX, stepY } = lowResGrid(image);
  return SMALLEST_REGION_SAMPLES * stepX * stepY;
}
