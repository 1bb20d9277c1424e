/** What is known of an image file before it is decoded, and the sentences that refuse one. */
import { CodedError } from '../../protocol/errors.js';
import type { Size } from '../../protocol/geometry.js';

/** The most that the sidecar takes of one image. */
export interface ImageLimits {
  readonly imageBytes: number;
  readonly imagePixels: number;
}

/** What the sidecar announces unless it was told otherwise; for images that are opened before it answers. */
export const DEFAULT_LIMITS: ImageLimits = { imageBytes: 25 * 1024 * 1024, imagePixels: 40_000_000 };

/** Formats that browsers show, by their first bytes. */
const SIGNATURES: readonly { readonly at: number; readonly bytes: readonly number[] }[] = [
  { at: 0, bytes: [0x89, 0x50, 0x4e, 0x47] },
  { at: 0, bytes: [0xff, 0xd8, 0xff] },
  { at: 8, bytes: [0x57, 0x45, 0x42, 0x50] },
  { at: 0, bytes: [0x47, 0x49, 0x46, 0x38] },
  { at: 4, bytes: [0x66, 0x74, 0x79, 0x70, 0x61, 0x76, 0x69] },
];

/** @throws CodedError IMAGE_TOO_LARGE when the file has more bytes than the sidecar takes. */
export function checkFileSize(bytes: number, { imageBytes }: ImageLimits): void {
  if (bytes <= imageBytes) return;
  // What arrived is rounded up, so that it never reads as large as the limit.
  throw new CodedError(
    'IMAGE_TOO_LARGE',
    `The image file has ${Math.ceil(megabytes(bytes))} MB; ${Math.floor(megabytes(imageBytes))} MB is the most.`,
    'Save it smaller, or as JPEG.',
  );
}

/** @throws CodedError IMAGE_TOO_LARGE when the image has more pixels than the sidecar takes. */
export function checkPixelCount({ width, height }: Size, { imagePixels }: ImageLimits): void {
  if (width * height <= imagePixels) return;
  throw new CodedError(
    'IMAGE_TOO_LARGE',
    `The image has ${width}×${height} pixels; ${imagePixels / 1e6} megapixels is the most.`,
    'Make it smaller.',
  );
}

/**
 * Why a file could not be decoded: one that begins as an image does is damaged, any other is none.
 *
 * @returns IMAGE_TRUNCATED or IMAGE_UNREADABLE.
 */
export function undecodable(bytes: Uint8Array, cause: unknown): CodedError {
  const begins = SIGNATURES.some(({ at, bytes: mark }) => mark.every((byte, i) => bytes[at + i] === byte));
  if (begins) {
    const message = 'The image file ends too early or is damaged.';
    return new CodedError('IMAGE_TRUNCATED', message, 'Save or copy it again.', { cause });
  }
  return new CodedError(
    'IMAGE_UNREADABLE',
    'The file is not an image that can be shown here.',
    'Use PNG, JPEG, WebP, GIF or AVIF; the command line reads TIFF, too.',
    { cause },
  );
}

function megabytes(bytes: number): number {
  return bytes / 1024 / 1024;
}
