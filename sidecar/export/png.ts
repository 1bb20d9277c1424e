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
  return sharp(alphaFromMask(decodeRle(rle)), { raw: { width, height, channels: 1 } })
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
  const alpha = alphaFromMask(decodeRle(rle));
  const { width, height } = image;
  return sharp(data, { raw: { width, height, channels: 3 } })
    .joinChannel(Buffer.from(alpha.buffer), { raw: { width, height, channels: 1 } })
    .extract({ left: x0, top: y0, width: x1 - x0, height: y1 - y0 })
    .png()
    .toBuffer();
}

function alphaFromMask(mask: Uint8Array): Uint8Array {
  return mask.map((inside) => (inside ? 255 : 0));
}
