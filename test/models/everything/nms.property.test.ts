import fc from 'fast-check';
import { expect, it } from 'vitest';
import { boxIou, pickBest, rivalry } from '../../../models/everything/nms.js';
import type { Box } from '../../../protocol/geometry.js';

const side = fc.integer({ min: 0, max: 12 });
const box = fc
  .tuple(side, side, fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 8 }))
  .map(([x, y, width, height]): Box => [x, y, x + width, y + height]);
const scored = fc.record({ box, score: fc.integer({ min: 0, max: 3 }) });

/** By counting the cells of the plane. */
function countedIou(a: Box, b: Box): number {
  const has = ([x0, y0, x1, y1]: Box, x: number, y: number) => x >= x0 && x < x1 && y >= y0 && y < y1;
  let [both, either] = [0, 0];
  for (let y = 0; y < 20; y++) {
    for (let x = 0; x < 20; x++) {
      if (has(a, x, y) && has(b, x, y)) both++;
      if (has(a, x, y) || has(b, x, y)) either++;
    }
  }
  return both === 0 ? 0 : both / either;
}

it('measures the overlap of boxes as counting cells does, empty ones included', () => {
  fc.assert(
    fc.property(box, box, (a, b) => {
      expect(boxIou(a, b)).toBeCloseTo(countedIou(a, b), 12);
      expect(boxIou(a, b)).toBe(boxIou(b, a));
    }),
  );
});

it('keeps what taking the best and striking out its rivals, again and again, keeps', () => {
  fc.assert(
    fc.property(fc.array(scored, { maxLength: 25 }), fc.constantFrom(0, 0.3, 0.7, 1), (all, threshold) => {
      let left = [...all];
      const expected: typeof all = [];
      while (left.length > 0) {
        const most = Math.max(...left.map(({ score }) => score));
        const best = left.find(({ score }) => score === most)!;
        expected.push(best);
        left = left.filter((one) => one !== best && rivalry(one.box, best.box) <= threshold);
      }
      expect(pickBest(all, ({ score }) => score, threshold)).toEqual(expected);
    }),
  );
});

it('keeps nothing of nothing', () => {
  expect(pickBest([], () => 1, 0.7)).toEqual([]);
});
