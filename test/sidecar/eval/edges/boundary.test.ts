import { expect, it } from 'vitest';
import { TrueBoundary } from '../../../../sidecar/eval/edges/boundary.js';

const SIZE = { width: 40, height: 40 };

function square(left: number, side: number): Uint8Array {
  return Uint8Array.from({ length: 1600 }, (_, k) => {
    const [x, y] = [k % 40, Math.floor(k / 40)];
    return x >= left && x < left + side && y >= 10 && y < 10 + side ? 1 : 0;
  });
}

it('is 1 for a mask against itself, at the border of the image too', () => {
  expect(new TrueBoundary(square(0, 20), SIZE).score(square(0, 20), [1, 2])).toEqual([1, 1]);
});

it('counts edges that are off by no more than the distance', () => {
  const [within1, within2] = new TrueBoundary(square(10, 20), SIZE).score(square(12, 20), [1, 2]);
  expect(within2).toBe(1);
  // Upper and lower sides still agree, the left and the right one do not.
  expect(within1).toBeGreaterThan(0.5);
  expect(within1).toBeLessThan(0.7);
});

it('is 0 where one of the two is empty', () => {
  expect(new TrueBoundary(square(10, 20), SIZE).score(new Uint8Array(1600), [2])).toEqual([0]);
});
