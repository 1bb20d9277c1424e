/** Image files → RGB pixels, by sharp. What is not an image, or too much of one, gets a typed error. */
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import type { RgbImage } from '../models/adapter.js';
import { CodedError } from '../protocol/errors.js';
import type { Size } from '../protocol/geometry.js';
import { MAX_IMAGE_BYTES, MAX_IMAGE_PIXELS } from './image-file.js';
import type { RgbaImage } from './image-reader.js';

/** Below this there is nothing to outline. */
const MIN_IMAGE_SIDE = 8;
/** Longest a decode may take, in seconds. */
const DECODE_TIMEOUT_S = 10;

// No image is read twice, so libvips need not keep any.
sharp.cache(false);

/**
 * Formats that are let through to the decoder, as sharp names them, by all of the marks that their files bear. SVG
 * and PDF, which can reach out, are not.
 */
const SIGNATURES: readonly { readonly format: string; readonly marks: Readonly<Record<number, string>> }[] = [
  { format: 'png', marks: { 0: '\x89PNG' } },
  { format: 'jpeg', marks: { 0: '\xff\xd8\xff' } },
  { format: 'gif', marks: { 0: 'GIF8' } },
  { format: 'webp', marks: { 0: 'RIFF', 8: 'WEBP' } },
  { format: 'tiff', marks: { 0: 'II\x2a\0' } },
  { format: 'tiff', marks: { 0: 'MM\0\x2a' } },
  // AVIF; bytes 0 to 3 are a length.
  { format: 'heif', marks: { 4: 'ftypavi' } },
];

/** What libvips calls the loaders of those formats, from memory. */
const LOADERS = ['Png', 'Jpeg', 'Nsgif', 'Webp', 'Tiff', 'Heif'].map((name) => `VipsForeignLoad${name}`);

/**
 * Leaves this process no other loaders than those of the formats let through, so that a file which passes for one of
 * them still cannot reach any other.
 */
export function blockOtherLoaders(): void {
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: LOADERS });
}

/**
 * Reads an image's size without decoding its pixels.
 *
 * @returns Size after EXIF orientation.
 * @throws CodedError IMAGE_UNREADABLE, IMAGE_TOO_LARGE or IMAGE_TOO_SMALL.
 */
export async function inspectImage(bytes: Uint8Array): Promise<Size> {
  const signed = checkFile(bytes);
  // The header alone is read here, so a bomb can say how large it is without going off.
  const { format, autoOrient } = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch(rethrowUnreadable);
  // The decoder judges by more than the first bytes; where it takes the file for another format, it is a trick.
  if (format !== signed) throw unreadable();
  checkSize(autoOrient);
  return autoOrient;
}

/**
 * Decodes an image: EXIF orientation applied, grey, palette, CMYK and 16 bits made 8-bit sRGB, the first frame of an
 * animation.
 *
 * @param background What transparency lies over; a mask's is black.
 * @throws CodedError IMAGE_UNREADABLE, IMAGE_TRUNCATED, IMAGE_TOO_LARGE or IMAGE_TOO_SMALL.
 */
export async function decodeImage(
  bytes: Uint8Array,
  background: 'white' | 'black' = 'white',
): Promise<RgbImage> {
  return decodeRgb(bytes, (image) => image.flatten({ background }));
}

/**
 * A small picture of an image, whatever its shape: Uint8, rows × columns × 3.
 *
 * @throws CodedError as `decodeImage`.
 */
export async function shrinkImage(
  bytes: Uint8Array,
  { columns, rows }: { readonly columns: number; readonly rows: number },
): Promise<Uint8Array> {
  const { data } = await decodeRgb(bytes, (image) =>
    image.flatten({ background: 'white' }).resize(columns, rows, { fit: 'fill', kernel: 'linear' }),
  );
  return data;
}

/** As `decodeImage`, with the image's own transparency. */
export async function decodeRgba(bytes: Uint8Array): Promise<RgbaImage> {
  const image = await decodeWith(bytes, (file) => file.toColourspace('srgb').ensureAlpha());
  return { data: image.data, width: image.width, height: image.height };
}

/** @param flatten Lays the image over a background, among other things. */
async function decodeRgb(bytes: Uint8Array, flatten: (image: Sharp) => Sharp): Promise<RgbImage> {
  const { data, width, height, channels } = await decodeWith(bytes, (image) =>
    flatten(image).toColourspace('srgb').removeAlpha(),
  );
  // A grey image stays one channel; the rest of the product knows RGB only.
  return { data: channels === 1 ? greyToRgb(data) : data, width, height };
}

async function decodeWith(bytes: Uint8Array, convert: (image: Sharp) => Sharp) {
  await inspectImage(bytes);
  const { data, info } = await convert(open(bytes).autoOrient())
    .raw({ depth: 'uchar' })
    .timeout({ seconds: DECODE_TIMEOUT_S })
    .toBuffer({ resolveWithObject: true })
    .catch(rethrowUnreadable);
  return { data, width: info.width, height: info.height, channels: info.channels };
}

function open(bytes: Uint8Array): Sharp {
  return sharp(bytes, { limitInputPixels: MAX_IMAGE_PIXELS, failOn: 'truncated', pages: 1 });
}

/** @returns The format that the file's first bytes say it has. */
function checkFile(bytes: Uint8Array): string {
  if (bytes.length > MAX_IMAGE_BYTES) {
    throw new CodedError(
      'IMAGE_TOO_LARGE',
      `The image file has ${megabytes(bytes.length)} MB; ${megabytes(MAX_IMAGE_BYTES)} MB is the most.`,
      'Save it smaller, or as JPEG.',
    );
  }
  const head = Buffer.from(bytes.subarray(0, 16)).toString('latin1');
  const known = SIGNATURES.find(({ marks }) =>
    Object.entries(marks).every(([at, mark]) => head.startsWith(mark, Number(at))),
  );
  if (!known) throw unreadable();
  return known.format;
}

function checkSize({ width, height }: Size): void {
  if (width * height > MAX_IMAGE_PIXELS) {
    throw new CodedError(
      'IMAGE_TOO_LARGE',
      `The image has ${width}×${height} pixels; ${MAX_IMAGE_PIXELS / 1e6} megapixels is the most.`,
      'Make it smaller.',
    );
  }
  if (Math.min(width, height) >= MIN_IMAGE_SIDE) return;
  throw new CodedError(
    'IMAGE_TOO_SMALL',
    `The image has ${width}×${height} pixels, too few to find anything in.`,
    `Use an image of at least ${MIN_IMAGE_SIDE} pixels each way.`,
  );
}

/** Its first bytes were those of an image, so what cannot be read of it is damaged. */
function rethrowUnreadable(cause: unknown): never {
  if (cause instanceof Error && /timeout/i.test(cause.message)) {
    throw new CodedError(
      'IMAGE_TOO_LARGE',
      `Reading the image took longer than ${DECODE_TIMEOUT_S} s.`,
      'Save it smaller, or as PNG or JPEG.',
      { cause },
    );
  }
  const message = 'The image file ends too early or is damaged.';
  throw new CodedError('IMAGE_TRUNCATED', message, 'Save or copy it again.', { cause });
}

function unreadable(): CodedError {
  const message = 'The file is not an image that can be read.';
  return new CodedError('IMAGE_UNREADABLE', message, 'Use PNG, JPEG, WebP, GIF, AVIF or TIFF.');
}

function megabytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(0);
}

function greyToRgb(grey: Uint8Array): Uint8Array {
  const rgb = new Uint8Array(grey.length * 3);
  for (let i = 0; i < grey.length; i++) rgb.fill(grey[i]!, i * 3, i * 3 + 3);
  return rgb;
}
