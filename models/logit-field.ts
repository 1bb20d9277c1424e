/** A grid of mask logits together with where it lies in image space. Everything that traces starts from one. */
import type { Size } from '../protocol/geometry.js';

/** Where samples lie in image space. */
export interface SampleGrid {
  readonly columns: number;
  readonly rows: number;
  /** Image-space position of the first sample, and the distance between neighbours, in image pixels. */
  readonly originX: number;
  readonly originY: number;
  readonly stepX: number;
  readonly stepY: number;
}

/**
 * Logits sampled on a regular grid. Between samples the field is bilinear; past the outermost samples it keeps
 * their value, as interpolation with clamped borders does; outside the image there is nothing.
 *
 * A decoder answers on 256×256 samples over its padded square, so this is where model space ends: sample
 * (column i, row j) sits at image point (originX + i · stepX, originY + j · stepY).
 */
export interface LogitField extends SampleGrid {
  /** Float32, rows × columns, row-major; above 0 is inside. */
  readonly logits: Float32Array;
  /** The image the field belongs to; contours close along its border. */
  readonly image: Size;
}

/**
 * A mask as a field: one sample at each pixel centre, ±0.5, so that its contour runs midway between unlike
 * pixels.
 *
 * @param mask Uint8, height × width, 0 or 1.
 */
export function fieldFromMask(mask: Uint8Array, image: Size): LogitField {
  const logits = new Float32Array(mask.length);
  for (let i = 0; i < mask.length; i++) logits[i] = mask[i] ? 0.5 : -0.5;
  return {
    logits,
    columns: image.width,
    rows: image.height,
    originX: 0.5,
    originY: 0.5,
    stepX: 1,
    stepY: 1,
    image,
  };
}

/**
 * The field's value at one image-space point.
 *
 * @returns Bilinear between samples, clamped past the outermost ones.
 */
export function sampleField(field: LogitField, x: number, y: number): number {
  const { logits, columns, rows } = field;
  const u = Math.min(Math.max((x - field.originX) / field.stepX, 0), columns - 1);
  const v = Math.min(Math.max((y - field.originY) / field.stepY, 0), rows - 1);
  const i = Math.min(Math.floor(u), Math.max(columns - 2, 0));
  const j = Math.min(Math.floor(v), Math.max(rows - 2, 0));
  const right = columns > 1 ? 1 : 0;
  const down = rows > 1 ? columns : 0;
  const at = j * columns + i;
  const top = logits[at]! + (logits[at + right]! - logits[at]!) * (u - i);
  const bottom = logits[at + down]! + (logits[at + down + right]! - logits[at + down]!) * (u - i);
  return top + (bottom - top) * (v - j);
}
