/**
 * Image space ↔ SAM's model space: the image scaled so that its longest side is 1024, at the top left of a padded
 * 1024×1024 square. Both spaces are continuous here (pixel i covers [i, i + 1)), so no half pixels are lost.
 */
import type { Point, Size } from '../protocol/geometry.js';
import type { LogitField, SampleGrid } from './logit-field.js';

/** Side of the square the encoder sees. */
export const MODEL_SIDE = 1024;
/** Side of the grid of logits the decoder answers on, and its samples. */
export const LOW_RES_SIDE = 256;
export const LOW_RES_LENGTH = LOW_RES_SIDE * LOW_RES_SIDE;
const MODEL_PIXELS_PER_SAMPLE = MODEL_SIDE / LOW_RES_SIDE;

/**
 * Size of the image inside the square. Rounded to whole pixels, so the two axes scale a little differently.
 *
 * @source segment-anything, ResizeLongestSide: each side rounded half up.
 */
export function scaledSize(image: Size): Size {
  const scale = MODEL_SIDE / Math.max(image.width, image.height);
  return {
    width: Math.max(1, Math.floor(image.width * scale + 0.5)),
    height: Math.max(1, Math.floor(image.height * scale + 0.5)),
  };
}

/** Image space → model space. */
export function toModelSpace([x, y]: Point, image: Size): Point {
  const scaled = scaledSize(image);
  return [(x * scaled.width) / image.width, (y * scaled.height) / image.height];
}

/** Model space → image space. */
export function toImageSpace([x, y]: Point, image: Size): Point {
  const scaled = scaledSize(image);
  return [(x * image.width) / scaled.width, (y * image.height) / scaled.height];
}

/** Where the samples of low-res logits lie in an image, those over the padding included. */
export function lowResGrid(image: Size): SampleGrid {
  const [stepX, stepY] = toImageSpace([MODEL_PIXELS_PER_SAMPLE, MODEL_PIXELS_PER_SAMPLE], image);
  const [columns, rows] = [LOW_RES_SIDE, LOW_RES_SIDE];
  return { columns, rows, originX: stepX / 2, originY: stepY / 2, stepX, stepY };
}

/**
 * Low-res logits as a field over the image. Samples over the padding stay in it: the border of the image
 * interpolates between both sides, just as upsampling the whole square would.
 *
 * @param logits Float32, 256×256, model space.
 */
export function lowResField(logits: Float32Array, image: Size): LogitField {
  return { ...lowResGrid(image), logits, image };
}

/** A fifth of a sample is less than the network's masks waver by along a straight edge. */
const DEFAULT_TOLERANCE_SAMPLES = 0.2;
const LEAST_DEFAULT_TOLERANCE_PX = 0.5;

/**
 * Tolerance of an outline when none is asked for: it follows what the network means and not how it wavers.
 *
 * @returns Image pixels.
 */
export function defaultTolerancePx(image: Size): number {
  const samplePx = Math.max(image.width, image.height) / LOW_RES_SIDE;
  return Math.max(LEAST_DEFAULT_TOLERANCE_PX, DEFAULT_TOLERANCE_SAMPLES * samplePx);
}

/** Where a sample of the grid is no larger, it says as much as the pixels do. */
const FINE_SAMPLE_PX = 2;

/** Whether the image's own pixels can tell more about an edge than the grid does. */
export function isRefinable(image: Size): boolean {
  const { stepX, stepY } = lowResGrid(image);
  return Math.max(stepX, stepY) > FINE_SAMPLE_PX;
}

/** Once the image's own edges are followed, what is left to waver is a fraction of that. */
const REFINED_TOLERANCE_SAMPLES = 0.1;

/** As `defaultTolerancePx`, for a mask whose edges were found in the image's pixels. */
export function refinedTolerancePx(image: Size): number {
  const samplePx = Math.max(image.width, image.height) / LOW_RES_SIDE;
  return Math.max(LEAST_DEFAULT_TOLERANCE_PX, REFINED_TOLERANCE_SAMPLES * samplePx);
}

/** Low-res samples that show the image and not padding: columns × rows from the top left. */
export function lowResExtent(image: Size): { readonly columns: number; readonly rows: number } {
  const scaled = scaledSize(image);
  return {
    columns: Math.max(1, Math.round(scaled.width / MODEL_PIXELS_PER_SAMPLE)),
    rows: Math.max(1, Math.round(scaled.height / MODEL_PIXELS_PER_SAMPLE)),
  };
}
