import { describe, expect, it } from 'vitest';
import { coarseIou, coarseMask, connectedShare, explanation } from '../../models/click-evidence.js';
import { discLogits } from '../support/fake-model.js';

/** Four image pixels to a low-res sample, eight to one of a coarse mask. */
const IMAGE = { width: 1024, height: 1024 };
const disc = (x: number, y: number, radius: number) => coarseMask(discLogits(x, y, radius), IMAGE);
const click = (x: number, y: number, inside = true) => ({
  point: [4 * x, 4 * y] as [number, number],
  inside,
});
const both = (a: Float32Array, b: Float32Array) => a.map((value, k) => Math.max(value, b[k]!));

/** A mask of one pixel. */
const dot = (x: number, y: number) => {
  const logits = new Float32Array(256 * 256).fill(-1);
  logits[(2 * y + 1) * 256 + 2 * x + 1] = 1;
  return coarseMask(logits, IMAGE);
};

describe('a coarse mask', () => {
  it('is every other sample of every other row, from the second on', () => {
    const { pixels, width } = dot(10, 20);
    expect(width).toBe(128);
    expect(pixels.indexOf(1)).toBe(20 * 128 + 10);
    expect(pixels.lastIndexOf(1)).toBe(20 * 128 + 10);
  });
});

describe('how well a mask explains a click', () => {
  it('takes a click for the pixel that it is in or one next to it', () => {
    const columns = Array.from({ length: 128 }, (_, x) => x);
    const near = columns.filter(
      (x) => explanation(dot(10, 20), undefined, { point: [8 * x + 4, 8 * 20 + 4], inside: true }, IMAGE) > 0,
    );
    expect(near).toEqual([9, 10, 11]);
  });

  it('is all when the click is in its middle and nothing was shown before', () => {
    expect(explanation(disc(100, 100, 30), undefined, click(100, 100), IMAGE)).toBeCloseTo(1, 5);
  });

  it('falls towards the edge, and is nothing outside', () => {
    const mask = disc(100, 100, 30);
    const at = (x: number) => explanation(mask, undefined, click(x, 100), IMAGE);
    expect(at(115)).toBeGreaterThan(0.4);
    expect(at(115)).toBeLessThan(0.65);
    expect(at(125)).toBeLessThan(at(115));
    expect(at(140)).toBe(0);
  });

  it('is for the part that the click adds, not for what was there before', () => {
    const shown = discLogits(100, 100, 30);
    const meant = coarseMask(both(shown, discLogits(170, 100, 20)), IMAGE);
    const before = coarseMask(shown, IMAGE);
    expect(explanation(meant, before, click(170, 100), IMAGE)).toBeCloseTo(1, 1);
    expect(explanation(meant, before, click(100, 100), IMAGE)).toBe(0);
  });

  it('is for the part that a click outside takes away', () => {
    const meant = discLogits(100, 100, 30);
    const shown = coarseMask(both(meant, discLogits(170, 100, 20)), IMAGE);
    expect(explanation(coarseMask(meant, IMAGE), shown, click(170, 100, false), IMAGE)).toBeCloseTo(1, 1);
    expect(explanation(coarseMask(meant, IMAGE), shown, click(170, 100, true), IMAGE)).toBe(0);
  });

  it('is small when something larger would have been wrong elsewhere', () => {
    const shown = discLogits(60, 60, 20);
    const meant = both(both(shown, discLogits(160, 60, 10)), discLogits(160, 180, 40));
    const share = explanation(coarseMask(meant, IMAGE), coarseMask(shown, IMAGE), click(160, 60), IMAGE);
    expect(share).toBeGreaterThan(0.15);
    expect(share).toBeLessThan(0.35);
  });

  it('holds in the corners of an image that is not square', () => {
    const image = { width: 1024, height: 300 };
    const mask = coarseMask(discLogits(0, 0, 40), image);
    expect(mask).toMatchObject({ width: 128, height: 37 });
    expect(explanation(mask, undefined, { point: [0, 0], inside: true }, image)).toBeGreaterThan(0);
    expect(explanation(mask, undefined, { point: [1024, 300], inside: true }, image)).toBe(0);
  });
});

describe('the share of a mask that hangs together with clicks', () => {
  const two = coarseMask(both(discLogits(60, 60, 20), discLogits(180, 180, 40)), IMAGE);

  it('is the area of the pieces that were clicked', () => {
    expect(connectedShare(two, [click(60, 60)], IMAGE)).toBeCloseTo(0.2, 1);
    expect(connectedShare(two, [click(60, 60), click(180, 180)], IMAGE)).toBe(1);
  });

  it('holds for a stroke as thin as can be seen, clicked beside its samples', () => {
    expect(connectedShare(dot(10, 20), [{ point: [8 * 11 + 1, 8 * 19 + 7], inside: true }], IMAGE)).toBe(1);
  });

  it('is nothing for clicks outside, and for an empty mask', () => {
    expect(connectedShare(two, [click(60, 60, false)], IMAGE)).toBe(0);
    expect(connectedShare(disc(60, 60, -5), [click(60, 60)], IMAGE)).toBe(0);
  });

  it('does not reach around the edge of the image', () => {
    const columns = coarseMask(both(discLogits(0, 128, 10), discLogits(255, 128, 20)), IMAGE);
    expect(connectedShare(columns, [click(1, 128)], IMAGE)).toBeLessThan(0.3);
  });
});

describe('the overlap of coarse masks', () => {
  it('is that of the masks, and all for two empty ones', () => {
    expect(coarseIou(disc(128, 128, 40), disc(128, 128, 20))).toBeCloseTo(0.25, 1);
    expect(coarseIou(disc(60, 60, -5), disc(128, 128, -5))).toBe(1);
  });
});
