import { describe, expect, it } from 'vitest';
import {
  IGNORED,
  INSIDE,
  iouWithTruth,
  nextClick,
  OUTSIDE,
  type Truth,
} from '../../../../sidecar/eval/clicks/next-click.js';
import { parseMask } from '../../../models/mask/text-mask.js';

function truthOf(text: string): Truth {
  const { mask, size } = parseMask(text.replaceAll('?', '.'));
  const ignored = [...text.replace(/\s/g, '')].map((character) => character === '?');
  return { ...size, pixels: mask.map((value, k) => (ignored[k] ? IGNORED : value ? INSIDE : OUTSIDE)) };
}

const SQUARE = truthOf(`
  .......
  .#####.
  .#####.
  .#####.
  .#####.
  .#####.
  .......`);
const NOTHING = new Uint8Array(49);

describe('nextClick', () => {
  it('clicks into the middle of the object first', () => {
    expect(nextClick(SQUARE, NOTHING, [])).toEqual({ point: [3.5, 3.5], inside: true });
  });

  it('clicks outside where more is too much than is missing', () => {
    const everything = new Uint8Array(49).fill(1);
    const { inside, point } = nextClick(SQUARE, everything, [])!;
    expect(inside).toBe(false);
    expect(SQUARE.pixels[Math.floor(point[1]) * 7 + Math.floor(point[0])]).toBe(OUTSIDE);
  });

  it('does not click the same pixel twice', () => {
    const first = nextClick(SQUARE, NOTHING, [])!;
    expect(nextClick(SQUARE, NOTHING, [first])!.point).not.toEqual(first.point);
  });

  it('has nothing to click on once all that counts is right', () => {
    const truth = truthOf(`
      ?##?
      ?##?`);
    expect(nextClick(truth, Uint8Array.from([1, 1, 1, 0, 0, 1, 1, 0]), [])).toBeUndefined();
  });

  it('clicks anywhere in an error when asked to, and the same place for the same number', () => {
    const clicks = [0, 0.5, 0.999].map((value) => nextClick(SQUARE, NOTHING, [], () => value)!.point);
    expect(clicks).toEqual([
      [1.5, 1.5],
      [3.5, 3.5],
      [5.5, 5.5],
    ]);
  });
});

describe('iouWithTruth', () => {
  it('leaves out what is ignored', () => {
    const truth = truthOf('##?.');
    expect(iouWithTruth(truth, Uint8Array.from([1, 0, 1, 0]))).toBe(0.5);
    expect(iouWithTruth(truth, Uint8Array.from([1, 1, 0, 1]))).toBeCloseTo(2 / 3);
  });
});
