/** COCO's compressed run-length encoding, byte for byte as pycocotools writes and reads it. */
import { CodedError } from '../../protocol/errors.js';
import type { Box, Size } from '../../protocol/geometry.js';
import type { Rle } from '../../protocol/outline.js';
import type { Ring } from '../trace/ring.js';
import { maskFromRuns, maskWithin, measureRuns, runsFromMask, runsFromRings, type Runs } from './runs.js';

/** Characters carry 5 bits above this code, 32 saying that more follow; a count needs at most this many. */
const FIRST_CODE = 48;
const MAX_CHARACTERS = 7;

/**
 * Encodes a mask.
 *
 * @param mask Uint8, height × width, 0 or 1.
 * @throws CodedError MASK_SHAPE when length and size disagree.
 */
export function encodeRle(mask: Uint8Array, size: Size): Rle {
  if (mask.length !== size.width * size.height) {
    throw new CodedError(
      'MASK_SHAPE',
      `A mask of ${size.width}×${size.height} px came with ${mask.length} values.`,
      'Pass height × width values, row by row.',
    );
  }
  return encodeRuns(runsFromMask(mask, size));
}

/**
 * Decodes a mask.
 *
 * @returns Uint8, height × width, 0 or 1.
 * @throws CodedError RLE_INVALID when the counts are malformed or do not add up to height × width.
 */
export function decodeRle(rle: Rle): Uint8Array {
  return maskFromRuns(decodeRuns(rle));
}

/**
 * Decodes the part of a mask in a box, without a bitmap of the whole.
 *
 * @param box Whole pixels, within the mask.
 * @returns Uint8, height × width of the box, 0 or 1.
 * @throws CodedError RLE_INVALID as `decodeRle`.
 */
export function decodeRleWithin(rle: Rle, box: Box): Uint8Array {
  return maskWithin(decodeRuns(rle), box);
}

/**
 * Fills rings at pixel centres by the even-odd rule and measures the mask, all without a bitmap.
 *
 * @returns The mask, its pixel count and its tight box ([0, 0, 0, 0] when empty).
 */
export function rleFromRings(
  rings: readonly Ring[],
  size: Size,
): { readonly rle: Rle; readonly area: number; readonly box: Box } {
  const runs = runsFromRings(rings, size);
  return { rle: encodeRuns(runs), ...measureRuns(runs) };
}

/** Runs → compressed string: each count less the one two before it, in groups of 5 bits, lowest first. */
export function encodeRuns({ size, lengths }: Runs): Rle {
  const codes: number[] = [];
  for (let i = 0; i < lengths.length; i++) {
    let rest = i > 2 ? lengths[i]! - lengths[i - 2]! : lengths[i]!;
    let more = true;
    while (more) {
      const group = rest & 31;
      rest >>= 5;
      // Bit 16 of the last group is the sign.
      more = group & 16 ? rest !== -1 : rest !== 0;
      codes.push(FIRST_CODE + group + (more ? 32 : 0));
    }
  }
  let counts = '';
  for (let i = 0; i < codes.length; i += 4096) counts += String.fromCharCode(...codes.slice(i, i + 4096));
  return { size: [size.height, size.width], counts };
}

/**
 * Compressed string → runs.
 *
 * @throws CodedError RLE_INVALID when the counts are malformed or do not add up to height × width.
 */
export function decodeRuns({ size: [height, width], counts }: Rle): Runs {
  const total = height * width;
  if (!Number.isSafeInteger(total) || height < 1 || width < 1)
    throw invalid(`its size is ${height}×${width}`);
  const lengths: number[] = [];
  let sum = 0;
  let position = 0;
  while (position < counts.length) {
    const { value, next } = readNumber(counts, position);
    const n = lengths.length;
    const length = n > 2 ? value + lengths[n - 2]! : value;
    if (length < 0) throw invalid(`run ${n} has the length ${length}`);
    sum += length;
    if (sum > total) throw invalid(`its runs exceed ${height} × ${width} pixels`);
    lengths.push(length);
    position = next;
  }
  if (sum !== total) throw invalid(`its runs cover ${sum} of ${height} × ${width} pixels`);
  return { size: { width, height }, lengths: Uint32Array.from(lengths) };
}

function readNumber(counts: string, start: number): { readonly value: number; readonly next: number } {
  let value = 0;
  for (let k = 0; k < MAX_CHARACTERS; k++) {
    const code = counts.charCodeAt(start + k) - FIRST_CODE;
    if (!(code >= 0 && code < 64)) throw invalid(`character ${start + k} does not belong there`);
    value += (code & 31) * 2 ** (5 * k);
    if ((code & 32) === 0) {
      const isNegative = (code & 16) !== 0;
      return { value: isNegative ? value - 2 ** (5 * (k + 1)) : value, next: start + k + 1 };
    }
  }
  throw invalid(`the number at character ${start} does not end`);
}

function invalid(reason: string): CodedError {
  return new CodedError(
    'RLE_INVALID',
    `The run-length encoding is not valid: ${reason}.`,
    'Send COCO’s compressed form: size [height, width] and the counts string that pycocotools writes.',
  );
}
