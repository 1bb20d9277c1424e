/** A mask that a search found worth keeping: what is needed of it until the best are known, and no more. */
import type { EverythingParameters } from '../../protocol/everything.js';
import type { Box, Point, Size } from '../../protocol/geometry.js';
import type { DecodedMasks } from '../adapter.js';
import { LOW_RES_LENGTH, LOW_RES_SIDE, lowResExtent, lowResField } from '../coordinates.js';
import type { LogitField } from '../logit-field.js';
import { measureRuns, runsFromRings } from '../mask/runs.js';
import type { Runs } from '../mask/runs.js';
import { contourField } from '../trace/contour.js';
import type { PixelCount, PixelCounter, SampleBounds } from './pixel-counter.js';

export interface Finding {
  /** The logits around the mask, with their place in the image; its pixels where a search was resumed. */
  readonly shape: LogitField | Runs;
  /** Image space, of the pixels inside. */
  readonly box: Box;
  /** Pixels inside. */
  readonly area: number;
  readonly predictedIou: number;
  readonly stabilityScore: number;
  /** The click that found it, image space. */
  readonly point: Point;
  /** What the encoder saw, image space. */
  readonly cropBox: Box;
}

/** Where and how a mask was found. */
export interface FindingContext {
  readonly image: Size;
  readonly cropBox: Box;
  readonly parameters: EverythingParameters;
  readonly counter: PixelCounter;
}

/** Masks 1–3 answer a single click. */
export const MASKS_OF_A_CLICK = [1, 2, 3];

/** Boxes that end this close to a crop's edge inside the image are cut off there, image pixels. */
const CROP_EDGE_PX = 20;

/** Samples around a mask that its field keeps: enough for the contour to close within it. */
const MARGIN = 2;

/** Masks over more pixels than this are measured by their contours. */
const MOST_COUNTED_PX = 500_000;

/** How far counting samples may be off the stability that counting pixels gives. */
const ROUGHNESS = 0.2;

/**
 * The masks of one answer that pass the thresholds on score, stability and size and are not cut off by their crop.
 *
 * @param point The click, image space.
 * @source segment-anything, SamAutomaticMaskGenerator: the order of its filters.
 */
export function findingsOf(answer: DecodedMasks, point: Point, context: FindingContext): Finding[] {
  const findings: Finding[] = [];
  for (const token of MASKS_OF_A_CLICK) {
    const logits = answer.logits.subarray(token * LOW_RES_LENGTH, (token + 1) * LOW_RES_LENGTH);
    const finding = examine(logits, answer.predictedIou[token]!, point, context);
    if (finding) findings.push(finding);
  }
  return findings;
}

function examine(
  logits: Float32Array,
  predictedIou: number,
  point: Point,
  { image, cropBox, parameters, counter }: FindingContext,
): Finding | undefined {
  const { predictedIouThreshold, stabilityThreshold, stabilityOffset, maxAreaShare } = parameters;
  if (!(predictedIou > predictedIouThreshold)) return undefined;
  const crop = { width: cropBox[2] - cropBox[0], height: cropBox[3] - cropBox[1] };
  const { roughStability, nearlyInside } = measure(logits, crop, stabilityOffset);
  if (nearlyInside.right < 0 || roughStability < stabilityThreshold - ROUGHNESS) return undefined;
  const field = windowOf(nearlyInside, lowResField(logits, crop), cropBox, image);
  const { low, area, high, box } =
    counter.extent(nearlyInside) <= MOST_COUNTED_PX
      ? within(cropBox, counter.count(logits, nearlyInside, stabilityOffset))
      : countByContour(field, stabilityOffset);
  const stabilityScore = low === 0 ? 0 : high / low;
  if (stabilityScore < stabilityThreshold) return undefined;
  if (area === 0 || area >= maxAreaShare * image.width * image.height) return undefined;
  if (isCutOff(box, cropBox, image)) return undefined;
  return { shape: field, box, area, predictedIou, stabilityScore, point, cropBox };
}

/** Stability by counting samples, and the bounds of the samples that the lower cut takes in. */
function measure(logits: Float32Array, crop: Size, offset: number) {
  const extent = lowResExtent(crop);
  let high = 0;
  let low = 0;
  const nearlyInside = { left: Infinity, right: -1, top: Infinity, bottom: -1 };
  for (let j = 0; j < extent.rows; j++) {
    for (let i = 0; i < extent.columns; i++) {
      const value = logits[j * LOW_RES_SIDE + i]!;
      if (value <= -offset) continue;
      low++;
      if (value > offset) high++;
      if (i < nearlyInside.left) nearlyInside.left = i;
      if (i > nearlyInside.right) nearlyInside.right = i;
      if (j < nearlyInside.top) nearlyInside.top = j;
      nearlyInside.bottom = j;
    }
  }
  return { roughStability: low === 0 ? 0 : high / low, nearlyInside };
}

/** Crop's pixels → the image's. */
function within([left, top]: Box, count: PixelCount): PixelCount {
  const [x0, y0, x1, y1] = count.box;
  return { ...count, box: [x0 + left, y0 + top, x1 + left, y1 + top] };
}

/** For masks of so many pixels that how they are interpolated makes no difference. */
function countByContour(field: LogitField, offset: number): PixelCount {
  const { area, box } = fillPixels(field, 0);
  return { low: fillPixels(field, -offset).area, area, high: fillPixels(field, offset).area, box };
}

/** Pixels whose centres are above a cut-off. */
function fillPixels(field: LogitField, cutOff: number): { readonly area: number; readonly box: Box } {
  const shifted = { ...field, logits: field.logits.map((value) => value - cutOff) };
  return measureRuns(runsFromRings(contourField(shifted), field.image));
}

/** Whether a box ends at an edge of its crop that is not an edge of the image. */
function isCutOff(box: Box, crop: Box, { width, height }: Size): boolean {
  const imageBox: Box = [0, 0, width, height];
  return box.some(
    (edge, side) =>
      Math.abs(edge - crop[side]!) <= CROP_EDGE_PX && Math.abs(edge - imageBox[side]!) > CROP_EDGE_PX,
  );
}

function windowOf(bounds: SampleBounds, whole: LogitField, cropBox: Box, image: Size): LogitField {
  const left = Math.max(0, bounds.left - MARGIN);
  const top = Math.max(0, bounds.top - MARGIN);
  const width = Math.min(LOW_RES_SIDE, bounds.right + 1 + MARGIN) - left;
  const height = Math.min(LOW_RES_SIDE, bounds.bottom + 1 + MARGIN) - top;
  const logits = new Float32Array(width * height);
  for (let row = 0; row < height; row++) {
    const from = (top + row) * LOW_RES_SIDE + left;
    logits.set(whole.logits.subarray(from, from + width), row * width);
  }
  return {
    logits,
    columns: width,
    rows: height,
    originX: cropBox[0] + whole.originX + left * whole.stepX,
    originY: cropBox[1] + whole.originY + top * whole.stepY,
    stepX: whole.stepX,
    stepY: whole.stepY,
    image,
  };
}
