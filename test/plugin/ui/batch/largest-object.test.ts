import { describe, expect, it } from 'vitest';
import { largestObject, prominenceOf } from '../../../../plugin/ui/batch/largest-object.js';
import type { Box } from '../../../../protocol/geometry.js';
import { foundBox, SIZE } from '../everything/support.js';

const { width, height } = SIZE;
const idOf = (...boxes: readonly Box[]) =>
  largestObject(boxes.map((box, i) => foundBox(i + 1, null, box)))?.id;

describe('the largest object', () => {
  it('is the larger of two that stand alike', () => {
    expect(idOf([20, 20, 40, 40], [45, 20, 75, 60])).toBe(2);
  });

  it.each<[string, Box]>([
    ['all of it', [0, 0, width, height]],
    ['a sky', [0, 0, width, 50]],
    ['a floor', [0, 30, width, height]],
    ['a wall at a side', [0, 0, 60, height]],
  ])('is not the background while there is something else: %s', (_, background) => {
    expect(idOf(background, [40, 30, 60, 50])).toBe(2);
  });

  it('is something cut off at one edge rather than something small in the middle', () => {
    expect(idOf([30, 30, 70, height], [46, 36, 54, 44])).toBe(1);
  });

  it('stands in the middle rather than in a corner, where both are as large', () => {
    expect(idOf([4, 4, 34, 34], [35, 25, 65, 55])).toBe(2);
  });

  it('is a body rather than the head that is on it', () => {
    expect(idOf([8, 34, 60, 78], [36, 26, 60, 50])).toBe(1);
  });

  it('is the larger part of the background where nothing else was found', () => {
    expect(idOf([0, 0, width, 30], [0, 30, width, height])).toBe(2);
  });

  it('is nothing where nothing was found', () => {
    expect(idOf()).toBeUndefined();
  });

  it('stands out as much mirrored either way', () => {
    const prominence = (x0: number, y0: number, x1: number, y1: number) =>
      prominenceOf(foundBox(1, null, [x0, y0, x1, y1]));
    const one = prominence(0, 10, 30, 50);
    expect(prominence(width - 30, 10, width, 50)).toBeCloseTo(one, 9);
    expect(prominence(0, height - 50, 30, height - 10)).toBeCloseTo(one, 9);
  });
});
