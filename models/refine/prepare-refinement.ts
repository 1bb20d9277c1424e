/** Everything that refining an answer takes. */
import type { LabelledPoint, RgbImage, SegmentationModel } from '../adapter.js';
import { smallestRegionPx, type Refinement } from '../candidates.js';
import { refinedTolerancePx } from '../coordinates.js';
import type { Selection } from '../select.js';
import { lookCloser, type CloserLookOptions } from './look-closer.js';

export interface RefinementOptions extends Pick<CloserLookOptions, 'embed'> {
  /** By the image when left out. */
  readonly tolerancePx?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Looks closer at the chosen candidate.
 *
 * @throws CodedError CANCELLED
 */
export async function prepareRefinement(
  model: SegmentationModel,
  { candidates, chosen }: Selection,
  pixels: RgbImage,
  clicks: readonly LabelledPoint[],
  { embed, tolerancePx = refinedTolerancePx(pixels), signal }: RefinementOptions,
): Promise<Refinement> {
  const closer = await lookCloser(model, candidates[chosen]!.logits, clicks, pixels, {
    embed,
    minRegionPx: smallestRegionPx(pixels),
    ...(signal && { signal }),
  });
  return { pixels, closer, clicks, tolerancePx, signal };
}
