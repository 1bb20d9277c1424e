import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  boxFromShares,
  INSET_BOX,
  sharesFromText,
  sharesOf,
  textFromShares,
} from '../../../../plugin/ui/batch/box-shares.js';
import type { Box } from '../../../../protocol/geometry.js';

const size = fc.record({
  width: fc.integer({ min: 1, max: 5000 }),
  height: fc.integer({ min: 1, max: 5000 }),
});
const pair = fc
  .tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);

it('comes back to within a pixel, through the settings too', () => {
  fc.assert(
    fc.property(size, pair, pair, (image, [x0, x1], [y0, y1]) => {
      const box: Box = [x0 * image.width, y0 * image.height, x1 * image.width, y1 * image.height];
      const shares = sharesOf(box, image);
      const kept = sharesFromText(textFromShares(shares));
      fc.pre(kept !== undefined);
      expect(kept).toEqual(shares);
      boxFromShares(shares, image).forEach((value, i) =>
        expect(Math.abs(value - box[i]!)).toBeLessThanOrEqual(1.5),
      );
    }),
  );
});

it('has an inside in every image and stays in it', () => {
  fc.assert(
    fc.property(size, pair, pair, ({ width, height }, [x0, x1], [y0, y1]) => {
      const [left, top, right, bottom] = boxFromShares([x0, y0, x1, y1], { width, height });
      expect([right - left >= 1 - 1e-9, bottom - top >= 1 - 1e-9]).toEqual([true, true]);
      expect([left >= 0, top >= 0, right <= width, bottom <= height]).toEqual([true, true, true, true]);
    }),
  );
});

it.each([undefined, 7, '', '0 0 1', '0 0 1 2', '0.5 0 0.5 1', 'a b c d', '0 0 1 1 1'])(
  'is none when the settings hold something else: %j',
  (text) => {
    expect(sharesFromText(text)).toBeUndefined();
  },
);

it('is the whole image but for 5 % at first', () => {
  expect(boxFromShares(INSET_BOX, { width: 200, height: 100 })).toEqual([10, 5, 190, 95]);
});
