/** Masks → PNG: the mask itself, or the object cut out of its image. */
import sharp from 'sharp';
import { decodeRle, decodeRleWithin } from '../../models/mask/rle.js';
import { CodedError } from '../../protocol/errors.js';
import type { Box } from '../../protocol/geometry.js';
import type { Rle } from '../../protocol/outline.js';
import { decodeRgba, type RgbaImage } from '../image.js';

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
export async function toCutoutPng(bytes: Uint8Array, rle: Rle, box: Box): Promise<Uint8Array> {
  const [x0, y0, x1, y1] = box;
  if (x1 <= x0 || y1 <= y0) {
    throw new CodedError('MASK_EMPTY', 'The outline is empty.', 'Click on the object first.');
  }
  return cutOut(await decodeRgba(bytes), rle, box);
}

/**
 * As `toCutoutPng`, for an image whose pixels are at hand. Takes memory for the box, not for the image.
 *
 * @param box Whole pixels, within the image.
 * @throws CodedError RLE_INVALID.
 */
export async function cutOut(image: RgbaImage, rle: Rle, box: Box): Promise<Uint8Array> {
  const [x0, y0, x1, y1] = box;
  const [width, height] = [x1 - x0, y1 - y0];
  const mask = decodeRleWithin(rle, box);
  const cropped = new Uint32Array(mask.length);
  const pixels = wholePixels(image);
  for (let y = 0, to = 0; y < height; y++) {
    let from = (y0 + y) * image.width + x0;
    for (const end = to + width; to < end; to++, from++) {
      if (mask[to]) cropped[to] = pixels[from]!;
    }
  }
  return encodePng({ data: new Uint8Array(cropped.buffer), width, height });
}

export async function encodePng({ data, width, height }: RgbaImage): Promise<Uint8Array> {
  return sharp(data, { raw: { width, height, channels: 4 } })
    .png()
    .toBuffer();
}

/** The four channels of each pixel as one number, in whatever order the machine reads them. */
function wholePixels({ data }: RgbaImage): Uint32Array {
  const aligned = data.byteOffset % 4 === 0 ? data : data.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4);
}
