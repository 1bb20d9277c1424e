/** Masks → PNG: the mask itself, or the object cut out of its image. */
import sharp from 'sharp';
import { decodeRle } from '../../models/mask/rle.js';
import type { Box, Size } from '../../protocol/geometry.js';
import { CodedError } from '../../protocol/errors.js';
import type { Rle } from '../../protocol/outline.js';
import { decodeImage } from '../image.js';

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
  const { data } = await decodeImage(bytes);
  const rgba = cropWithAlpha(data, decodeRle(rle), box, image.width);
  return sharp(rgba, { raw: { width: x1 - x0, height: y1 - y0, channels: 4 } })
    .png()
    .toBuffer();
}

/** RGB and mask of the whole image → RGBA of the box. */
function cropWithAlpha(
  rgb: Uint8Array,
  mask: Uint8Array,
  [x0, y0, x1, y1]: Box,
  imageWidth: number,
): Uint8Array {
  const rgba = new Uint8Array((x1 - x0) * (y1 - y0) * 4);
  let to = 0;
  for (let y = y0; y < y1; y++) {
    for (let from = y * imageWidth + x0; from < y * imageWidth + x1; from++, to += 4) {
      rgba[to] = rgb[from * 3]!;
      rgba[to + 1] = rgb[from * 3 + 1]!;
      rgba[to + 2] = rgb[from * 3 + 2]!;
      rgba[to + 3] = mask[from] ? 255 : 0;
    }
  }
  return rgba;
}
