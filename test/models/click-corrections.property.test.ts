import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LabelledPoint } from '../../models/adapter.js';
import { fillLogits } from '../../models/candidates.js';
import { honourClicks, isHonoured } from '../../models/click-corrections.js';
import { lowResField } from '../../models/coordinates.js';
import { discLogits } from '../support/fake-model.js';

const IMAGE = { width: 1600, height: 900 };
const SAMPLE_PX = 1600 / 256;

const click: fc.Arbitrary<LabelledPoint> = fc
  .record({
    x: fc.double({ min: 0, max: IMAGE.width, noNaN: true }),
    y: fc.double({ min: 0, max: IMAGE.height, noNaN: true }),
    inside: fc.boolean(),
  })
  .map(({ x, y, inside }) => ({ point: [x, y], inside }));

/** Clicks that a mask can honour all: no two of them within a few samples. */
const clicks = fc
  .array(click, { minLength: 1, maxLength: 8 })
  .filter((list) =>
    list.every(({ point: [x, y] }, i) =>
      list.every(({ point: [u, v] }, j) => i === j || Math.hypot(x - u, y - v) > 6 * SAMPLE_PX),
    ),
  );

const disc = fc
  .record({
    x: fc.integer({ min: 20, max: 236 }),
    y: fc.integer({ min: 20, max: 120 }),
    r: fc.integer({ min: 3, max: 60 }),
  })
  .map(({ x, y, r }) => discLogits(x, y, r));

describe('honourClicks', () => {
  it('has every click on its side, whatever the masks say, and keeps it when specks are dropped', () => {
    fc.assert(
      fc.property(disc, fc.array(disc, { maxLength: 3 }), clicks, (logits, others, list) => {
        const corrected = honourClicks(logits, list, others, IMAGE);
        const pixels = fillLogits(corrected, IMAGE);
        for (const each of list) {
          expect(isHonoured(lowResField(corrected, IMAGE), each)).toBe(true);
          const [x, y] = each.point.map(Math.floor) as [number, number];
          const isInner = x > 20 && y > 20 && x < IMAGE.width - 20 && y < IMAGE.height - 20;
          if (isInner) expect(pixels[y * IMAGE.width + x] === 1).toBe(each.inside);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('is not dropped as a speck where the network is very sure of the opposite', () => {
    const click: LabelledPoint = { point: [204.34, 222.76], inside: true };
    const sure = new Float32Array(256 * 256).fill(-40);
    const pixels = fillLogits(honourClicks(sure, [click], [], IMAGE), IMAGE);
    expect(pixels[222 * IMAGE.width + 204]).toBe(1);
  });

  it('leaves a mask alone that honours its clicks already', () => {
    const logits = discLogits(128, 72, 30);
    expect(honourClicks(logits, [{ point: [800, 450], inside: true }], [], IMAGE)).toBe(logits);
  });

  it('does not undo one click for the sake of another', () => {
    const list: LabelledPoint[] = [
      { point: [110 * SAMPLE_PX, 70 * SAMPLE_PX], inside: true },
      { point: [140 * SAMPLE_PX, 70 * SAMPLE_PX], inside: false },
    ];
    const corrected = honourClicks(discLogits(125, 70, 40), list, [discLogits(30, 30, 10)], IMAGE);
    expect(list.map((each) => isHonoured(lowResField(corrected, IMAGE), each))).toEqual([true, true]);
  });

  it('takes over no more than the part of another mask that the click is in', () => {
    const logits = discLogits(60, 70, 20);
    const apart = discLogits(180, 70, 20);
    const other = discLogits(60, 70, 30).map((value, k) => Math.max(value, apart[k]!));
    const corrected = honourClicks(
      logits,
      [{ point: [180 * SAMPLE_PX, 70 * SAMPLE_PX], inside: true }],
      [other],
      IMAGE,
    );
    expect(corrected[70 * 256 + 195]!).toBeGreaterThan(0);
    expect(corrected[70 * 256 + 60 + 25]!).toBeLessThan(0);
  });
});
