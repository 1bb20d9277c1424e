import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fieldFromMask } from '../../../models/logit-field.js';
import { makeSearchable, maskContains } from '../../../models/mask/hit-test.js';
import { countInside, iouOfRuns, sharedPixels } from '../../../models/mask/overlap.js';
import { runsFromPath } from '../../../models/mask/path-runs.js';
import { decodeRuns, encodeRle } from '../../../models/mask/rle.js';
import { maskFromRuns, runsFromMask } from '../../../models/mask/runs.js';
import { traceField } from '../../../models/trace/outline.js';
import type { Size } from '../../../protocol/geometry.js';
import { blobMask, noiseMask } from './arbitrary-mask.js';

/** Two masks of one size. */
const pair = noiseMask.chain((first) =>
  fc
    .array(fc.integer({ min: 0, max: 1 }), { minLength: first.mask.length, maxLength: first.mask.length })
    .map((values) => ({ ...first, other: Uint8Array.from(values) })),
);

it('counts shared pixels and overlap as comparing bitmaps does', () => {
  fc.assert(
    fc.property(pair, ({ mask, other, size }) => {
      const [a, b] = [runsFromMask(mask, size), runsFromMask(other, size)];
      const shared = mask.filter((value, i) => value && other[i]).length;
      const union = mask.filter((value, i) => value || other[i]).length;
      expect(sharedPixels(a, b)).toBe(shared);
      expect(iouOfRuns(a, b)).toBeCloseTo(union === 0 ? 0 : shared / union, 12);
      expect(countInside(a)).toBe(mask.reduce((sum, value) => sum + value, 0));
    }),
  );
});

it('refuses to compare masks of different sizes', () => {
  const runs = (width: number, height: number) =>
    runsFromMask(new Uint8Array(width * height), { width, height });
  expect(() => sharedPixels(runs(2, 3), runs(3, 2))).toThrow(expect.objectContaining({ code: 'MASK_SHAPE' }));
});

it('finds every pixel of the bitmap in the runs, and nothing outside the image', () => {
  fc.assert(
    fc.property(noiseMask, ({ mask, size }) => {
      const searchable = makeSearchable(decodeRuns(encodeRle(mask, size)));
      for (let y = -1; y <= size.height; y++) {
        for (let x = -1; x <= size.width; x++) {
          const inImage = x >= 0 && y >= 0 && x < size.width && y < size.height;
          const inside = inImage && mask[y * size.width + x] === 1;
          expect(maskContains(searchable, x + 0.5, y + 0.5)).toBe(inside);
          expect(maskContains(searchable, x, y + 0.99)).toBe(inside);
        }
      }
    }),
  );
});

it('fills a traced outline back to the mask that it came from, but for pixels on the edge', () => {
  fc.assert(
    fc.property(blobMask, ({ mask, size }) => {
      const { outline } = traceField(fieldFromMask(mask, size), { tolerancePx: 0.5, minRegionPx: 0 });
      const filled = maskFromRuns(runsFromPath(outline.path, size));
      // Half a pixel of tolerance reaches no centre that does not have the edge beside it.
      const changed = [...filled.keys()].filter((k) => filled[k] !== mask[k]);
      expect(changed.filter((k) => !isOnEdge(mask, size, k))).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

/** Whether one of a pixel's four neighbours, those outside the image counted as 0, has another value. */
function isOnEdge(mask: Uint8Array, { width, height }: Size, k: number): boolean {
  const [x, y] = [k % width, Math.floor(k / width)];
  const neighbours = [
    x > 0 ? mask[k - 1]! : 0,
    x < width - 1 ? mask[k + 1]! : 0,
    y > 0 ? mask[k - width]! : 0,
    y < height - 1 ? mask[k + width]! : 0,
  ];
  return neighbours.some((value) => value !== mask[k]);
}

it.each(['', 'nonsense', 'M 1 2', 'M 1 2 L x 4 L 5 5 Z', 'M 0 0 H 4 Z'])(
  'encloses nothing with %j',
  (path) => {
    expect(countInside(runsFromPath(path, { width: 5, height: 5 }))).toBe(0);
  },
);
