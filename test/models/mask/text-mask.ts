/** Masks that can be read in a test: `#` inside, `.` outside, one row a line. */
import type { Size } from '../../../protocol/geometry.js';

export interface TextMask {
  readonly size: Size;
  readonly mask: Uint8Array;
}

export function parseMask(text: string): TextMask {
  const rows = text
    .split('\n')
    .map((row) => row.trim())
    .filter((row) => row !== '');
  const size = { width: rows[0]!.length, height: rows.length };
  return { size, mask: Uint8Array.from(rows.join(''), (character) => (character === '#' ? 1 : 0)) };
}

export function printMask(mask: Uint8Array, { width, height }: Size): string {
  const rows: string[] = [];
  for (let y = 0; y < height; y++) {
    rows.push(Array.from(mask.subarray(y * width, (y + 1) * width), (value) => (value ? '#' : '.')).join(''));
  }
  return rows.join('\n');
}

/** The same mask turned a quarter clockwise. */
export function turnMask({ mask, size: { width, height } }: TextMask): TextMask {
  const turned = new Uint8Array(mask.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) turned[x * height + (height - 1 - y)] = mask[y * width + x]!;
  }
  return { mask: turned, size: { width: height, height: width } };
}
