/** Masks from image files: white is inside. */
import type { Size } from '../../protocol/geometry.js';
import { decodeImage } from '../image.js';
import { readInput } from './io.js';

interface MaskFile extends Size {
  /** Uint8, height × width, 0 or 1. */
  readonly mask: Uint8Array;
}

/**
 * Says so on stderr when a file looks like a photograph.
 *
 * @throws CodedError FILE_MISSING, IMAGE_*.
 */
export async function readMaskFile(path: string): Promise<MaskFile> {
  const { data, width, height } = await decodeImage(await readInput(path), 'black');
  if (isShaded(data)) {
    console.error(`${path} is not black and white: what is lighter than mid-grey is taken for inside.`);
  }
  return { mask: whitePixels(data), width, height };
}

/** Anti-aliased edges are a few per cent of a mask; a photograph is mostly neither black nor white. */
const MOST_GREY_SHARE = 0.1;

function isShaded(rgb: Uint8Array): boolean {
  let grey = 0;
  for (let i = 0; i < rgb.length; i += 3) if (rgb[i]! > 48 && rgb[i]! < 208) grey++;
  return grey * 3 > rgb.length * MOST_GREY_SHARE;
}

/** @param rgb Uint8, height × width × 3. */
function whitePixels(rgb: Uint8Array): Uint8Array {
  const mask = new Uint8Array(rgb.length / 3);
  for (let i = 0; i < mask.length; i++)
    mask[i] = rgb[i * 3]! + rgb[i * 3 + 1]! + rgb[i * 3 + 2]! > 382 ? 1 : 0;
  return mask;
}
