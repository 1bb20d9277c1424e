import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fieldFromMask } from '../../../models/logit-field.js';
import { labelRegions, removeSmallRegions } from '../../../models/mask/regions.js';
import { decodeRle, decodeRleWithin, encodeRle, rleFromRings } from '../../../models/mask/rle.js';
import { contourField } from '../../../models/trace/contour.js';
import { dropSmallRings } from '../../../models/trace/nest.js';
import { noiseMask } from './arbitrary-mask.js';
import { printMask } from './text-mask.js';

it('RLE round-trips every mask', () => {
  fc.assert(
    fc.property(noiseMask, ({ mask, size }) => {
      expect(decodeRle(encodeRle(mask, size))).toEqual(mask);
    }),
  );
});

it('decoding a box gives what cutting it out of the whole mask gives', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      noiseMask,
      fc.tuple(share, share, share, share),
      ({ mask, size }, [left, top, right, bottom]) => {
        const { width, height } = size;
        const [x0, y0] = [Math.floor(left * (width - 1)), Math.floor(top * (height - 1))];
        const [x1, y1] = [x0 + Math.ceil(right * (width - x0)), y0 + Math.ceil(bottom * (height - y0))];
        const rows = Array.from({ length: y1 - y0 }, (_, y) =>
          Array.from(mask.subarray((y0 + y) * width + x0, (y0 + y) * width + x1)),
        );
        const within = decodeRleWithin(encodeRle(mask, size), [x0, y0, x1, y1]);
        expect(Array.from(within)).toEqual(rows.flat());
      },
    ),
    { numRuns: 300 },
  );
});

it('decoding any string gives a mask of its size or RLE_INVALID', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 12 }), (counts) => {
      try {
        expect(decodeRle({ size: [5, 4], counts })).toHaveLength(20);
      } catch (error) {
        expect(error).toMatchObject({ code: 'RLE_INVALID' });
      }
    }),
  );
});

it('filling the unsimplified rings of a mask at pixel centres returns the mask', () => {
  fc.assert(
    fc.property(noiseMask, ({ mask, size }) => {
      expect(rleFromRings(contourField(fieldFromMask(mask, size)), size).rle).toEqual(encodeRle(mask, size));
    }),
    { numRuns: 300 },
  );
});

it('removing small regions from the rings equals removing them from the mask', () => {
  fc.assert(
    fc.property(noiseMask, fc.integer({ min: 0, max: 25 }), ({ mask, size }, minAreaPx) => {
      const rings = dropSmallRings(contourField(fieldFromMask(mask, size)), minAreaPx);
      const fromRings = decodeRle(rleFromRings(rings, size).rle);
      expect(printMask(fromRings, size)).toBe(printMask(removeSmallRegions(mask, size, minAreaPx), size));
    }),
    { numRuns: 300 },
  );
});

it('a mask has one outer ring for each foreground region', () => {
  fc.assert(
    fc.property(noiseMask, ({ mask, size }) => {
      const rings = contourField(fieldFromMask(mask, size));
      const { values, parents } = labelRegions(mask, size);
      const foreground = values.filter((value) => value === 1).length;
      const holes = values.filter((value, region) => value === 0 && parents[region]! >= 0).length;
      expect(rings).toHaveLength(foreground + holes);
    }),
  );
});
