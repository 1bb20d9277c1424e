/** Masks → PNG: the mask itself, or the object cut out of its image. */
import sharp from 'sharp';
import { decodeRle } from '../../models/mask/rle.js';
import type { Box, Size } from '../../protocol/geometry.js';
import { CodedError } from '../../protocol/errors.js';
import type { Rle } from '../../protocol/outline.js';
import { decodeRgba } from '../image.js';

/** @returns A grey PNG the size of the image: 255 inside, 0 outside. */
export async function toMaskPng(rle: Rle): Promise<Uint8Array> {
  const [height, width] = rle.size;
  return sharp(
    decodeRle(rle).map((inside) => inside * 255),
    { raw: { width, height, channels: 1 } },
  )
    .png()
    .toBuffer();
}

/**
 * @param bytes The image file.
 * @param box Part of the image to keep; the mask's own box.
 * @returns A PNG of that part, transparent outside the mask.
 * @throws CodedError MASK_EMPTY when there is nothing to cut out, IMAGE_* when the file cannot be read.
 */
export async function toCutoutPng(bytes: Uint8Array, rle: Rle, box: Box, image: Size): Promise<Uint8Array> {
  const [x0, y0, x1, y1] = box;
  if (x1 <= x0 || y1 <= y0) {
    throw new CodedError('MASK_EMPTY', 'The outline is empty.', 'Click on the object first.');
  }
  const rgba = cropAndMask(await decodeRgba(bytes), decodeRle(rle), box, image.width);
  return sharp(rgba, { raw: { width: x1 - x0, height: y1 - y0, channels: 4 } })
    .png()
    .toBuffer();
}

/** RGBA and mask of the whole image → RGBA of the box, transparent outside the mask. */
function cropAndMask(
  rgba: Uint8Array,
  mask: Uint8Array,
  [x0, y0, x1, y1]: Box,
  imageWidth: number,
): Uint8Array {
  const cropped = new Uint8Array((x1 - x0) * (y1 - y0) * 4);
  let to = 0;
  for (let y = y0; y < y1; y++) {
    for (let from = y * imageWidth + x0; from < y * imageWidth + x1; from++, to += 4) {
      if (mask[from]) cropped.set(rgba.subarray(from * 4, from * 4 + 4), to);
    }
  }
  return cropped;
}
