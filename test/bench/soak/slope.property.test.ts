import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitLine, LEAST_SAMPLES, slopeOf } from '../../../bench/soak/slope.js';
import { seededRandom } from '../../../sidecar/eval/seeded-random.js';

const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const series = fc.array(value, { minLength: LEAST_SAMPLES, maxLength: 80 });
const places = (values: readonly number[]) => values.map((_, i) => i);
const slope = (ys: readonly number[]) =>
  slopeOf(places(ys), ys, { random: seededRandom(1), resamples: 100 })!;
const near = (a: number, b: number) => expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-6 * (1 + Math.abs(b)));

describe('any series', () => {
  it('has an interval around its slope that is finite and the right way round', () => {
    fc.assert(
      fc.property(series, (ys) => {
        const { low, high } = slope(ys);
        expect(Number.isFinite(low) && Number.isFinite(high)).toBe(true);
        expect(low).toBeLessThanOrEqual(high);
      }),
    );
  });

  it('rises as much wherever it begins, and so many times as much when it is so many times as large', () => {
    fc.assert(
      fc.property(series, value, fc.double({ min: 0.1, max: 10, noNaN: true }), (ys, offset, factor) => {
        const before = slope(ys);
        const after = slope(ys.map((y) => factor * y + offset));
        const scale = 1 + Math.max(...ys.map(Math.abs), Math.abs(offset));
        for (const part of ['slope', 'low', 'high'] as const) {
          expect(Math.abs(after[part] - factor * before[part])).toBeLessThanOrEqual(1e-6 * scale);
        }
      }),
    );
  });

  it('falls as much backwards as it rises forwards', () => {
    fc.assert(
      fc.property(series, (ys) => {
        near(fitLine(places(ys), ys.toReversed()).slope, -fitLine(places(ys), ys).slope);
      }),
    );
  });
});
