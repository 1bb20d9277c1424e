/** Masks → PNG: the mask itself, or the object cut out of its image. */
import sharp from 'sharp';
import { growBox } from '../../models/crop.js';
import { decodeRle, decodeRleWithin } from '../../models/mask/rle.js';
import type { RgbImage } from '../../models/adapter.js';
import { reachOfBand, softenEdge } from '../../models/refine/soft-edge.js';
import { CodedError } from '../../protocol/errors.js';
import type { Box } from '../../protocol/geometry.js';
import type { Rle } from '../../protocol/outline.js';
import type { RgbaImage } from '../image-reader.js';

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

export interface CutoutOptions {
  /** How far out hairs may reach; left out, every pixel is either the object's or not. */
  readonly softEdgePx?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Cutout {
  readonly png: Uint8Array;
  /** The part of the image that it shows. */
  readonly box: Box;
}

/**
 * @param readPixels Reads the image; not called when there is nothing to cut out.
 * @param box Part of the image to keep; the mask's own box. A soft edge takes some more.
 * @returns A PNG of what was kept, transparent outside the mask.
 * @throws CodedError MASK_EMPTY when there is nothing to cut out, IMAGE_* when the file cannot be read, CANCELLED.
 */
export async function toCutoutPng(
  readPixels: () => Promise<RgbaImage>,
  rle: Rle,
  box: Box,
  { softEdgePx, signal }: CutoutOptions = {},
): Promise<Cutout> {
  const [x0, y0, x1, y1] = box;
  if (x1 <= x0 || y1 <= y0) {
    throw new CodedError('MASK_EMPTY', 'The outline is empty.', 'Click on the object first.');
  }
  const image = await readPixels();
  if (softEdgePx === undefined) return { png: await cutOut(image, rle, box), box };
  const room = growBox(box, Math.ceil(softEdgePx), image);
  return { png: await cutOutSoftly(image, rle, room, softEdgePx, signal), box: room };
}

/** @param box With room for the band. */
async function cutOutSoftly(
  image: RgbaImage,
  rle: Rle,
  box: Box,
  bandPx: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const around = growBox(box, reachOfBand(bandPx), image);
  const seen = overWhite(image, around);
  const soft = await softenEdge(seen, decodeRleWithin(rle, around), bandPx, signal);
  const [width, height] = [box[2] - box[0], box[3] - box[1]];
  const data = new Uint8Array(4 * width * height);
  for (let y = 0, to = 0; y < height; y++) {
    let k = (box[1] - around[1] + y) * seen.width + box[0] - around[0];
    let from = 4 * ((box[1] + y) * image.width + box[0]);
    for (let x = 0; x < width; x++, to += 4, k++, from += 4) {
      const transparency = image.data[from + 3]!;
      // What the image itself lets through has its own colour already.
      const isWhole = transparency === 255;
      for (let channel = 0; channel < 3; channel++) {
        data[to + channel] = isWhole ? soft.colours[3 * k + channel]! : image.data[from + channel]!;
      }
      data[to + 3] = Math.round((soft.alpha[k]! * transparency) / 255);
    }
  }
  return encodePng({ data, width, height });
}

/** A part of an image as it was segmented: transparency lies over white. */
function overWhite({ data, width }: RgbaImage, [x0, y0, x1, y1]: Box): RgbImage {
  const size = { width: x1 - x0, height: y1 - y0 };
  const colours = new Uint8Array(3 * size.width * size.height);
  for (let y = y0, to = 0; y < y1; y++) {
    for (let from = 4 * (y * width + x0), x = x0; x < x1; x++, from += 4) {
      const share = data[from + 3]! / 255;
      for (let channel = 0; channel < 3; channel++, to++) {
        colours[to] = Math.round(share * data[from + channel]! + (1 - share) * 255);
      }
    }
  }
  return { data: colours, ...size };
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
