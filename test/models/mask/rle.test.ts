import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fieldFromMask } from '../../../models/logit-field.js';
import { decodeRle, encodeRle, rleFromRings } from '../../../models/mask/rle.js';
import { contourField } from '../../../models/trace/contour.js';
import { parseMask } from './text-mask.js';

/** Written by record-coco-rle.py. */
interface CocoRecord {
  readonly name: string;
  readonly size: [number, number];
  readonly counts: string;
  readonly area: number;
  /** Runs of ones in row-major order: start and length. */
  readonly ones: readonly [number, number][];
}

const records = JSON.parse(
  readFileSync(new URL('./coco-rle.json', import.meta.url), 'utf8'),
) as readonly CocoRecord[];

describe.each(records)('COCO RLE of $name', ({ size: [height, width], counts, area, ones }) => {
  const mask = new Uint8Array(height * width);
  for (const [start, length] of ones) mask.fill(1, start, start + length);
  const size = { width, height };

  it('is the string that pycocotools writes', () => {
    expect(encodeRle(mask, size)).toEqual({ size: [height, width], counts });
  });

  it('decodes to the mask', () => {
    expect(decodeRle({ size: [height, width], counts })).toEqual(mask);
  });

  it('comes out of the mask’s contour without a bitmap', () => {
    const traced = rleFromRings(contourField(fieldFromMask(mask, size)), size);
    expect(traced.rle.counts).toBe(counts);
    expect(traced.area).toBe(area);
  });
});

describe('rleFromRings', () => {
  it('gives the tight box, also where a run goes on from one column to the next', () => {
    const { mask, size } = parseMask(`
      ......
      ..###.
      ..###.
      ......`);
    expect(rleFromRings(contourField(fieldFromMask(mask, size)), size).box).toEqual([2, 1, 5, 3]);
    const column = parseMask(`
      .##.
      .##.`);
    expect(rleFromRings(contourField(fieldFromMask(column.mask, column.size)), column.size).box).toEqual([
      1, 0, 3, 2,
    ]);
  });

  it('gives an empty box for no rings', () => {
    expect(rleFromRings([], { width: 4, height: 3 })).toMatchObject({ area: 0, box: [0, 0, 0, 0] });
  });

  it('fills a ring that ends between pixel centres', () => {
    const ring = Float64Array.of(0.6, 0.2, 2.6, 0.2, 2.6, 1.4, 0.6, 1.4);
    const { rle } = rleFromRings([ring], { width: 4, height: 2 });
    expect(Array.from(decodeRle(rle))).toEqual([0, 1, 1, 0, 0, 0, 0, 0]);
  });
});

describe('decodeRle refuses', () => {
  const invalid = expect.objectContaining({ code: 'RLE_INVALID' }) as Error;
  const cases: readonly [string, string][] = [
    ['runs that are too short', '5'],
    ['runs that are too long', '=='],
    ['nothing at all', ''],
    ['a negative run', 'O0'],
    ['a number that does not end', 'o'],
    ['a number of endless length', 'oooooooooo'],
    ['a character that is no digit', '!'],
    ['a character beyond the digits', '\u00e9'],
  ];
  it.each(cases)('%s', (_, counts) => {
    expect(() => decodeRle({ size: [4, 4], counts })).toThrow(invalid);
  });

  it('a mask with no pixels', () => {
    expect(() => decodeRle({ size: [0, 4], counts: '0' })).toThrow(invalid);
  });
});

describe('encodeRle refuses', () => {
  it('a mask whose length is not its size', () => {
    expect(() => encodeRle(new Uint8Array(5), { width: 2, height: 3 })).toThrow(
      expect.objectContaining({ code: 'MASK_SHAPE' }) as Error,
    );
  });
});
