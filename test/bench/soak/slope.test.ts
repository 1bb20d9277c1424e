import { describe, expect, it } from 'vitest';
import { blockLength, fitLine, LEAST_SAMPLES, slopeOf } from '../../../bench/soak/slope.js';
import { seededRandom } from '../../../sidecar/eval/seeded-random.js';
import { noisyLine } from './series.js';

describe('the slope of a series', () => {
  it('is that of the line it lies on, with no doubt about it', () => {
    const xs = Array.from({ length: 40 }, (_, i) => i / 10);
    const ys = xs.map((x) => 7 - 2.5 * x);
    expect(fitLine(xs, ys).slope).toBeCloseTo(-2.5, 10);
    const slope = slopeOf(xs, ys, { random: seededRandom(1) })!;
    expect(slope.start).toBeCloseTo(7, 10);
    expect(slope.low).toBeCloseTo(-2.5, 8);
    expect(slope.high).toBeCloseTo(-2.5, 8);
  });

  it('is found in noise', () => {
    const { xs, ys } = noisyLine(seededRandom(2), { samples: 400, slope: 0.05, share: 0.6 });
    const { slope, low, high } = slopeOf(xs, ys, { random: seededRandom(3) })!;
    expect(Math.abs(slope - 0.05)).toBeLessThan(0.005);
    expect(low).toBeLessThan(0.05);
    expect(high).toBeGreaterThan(0.05);
  });

  it('is not told from too few samples', () => {
    const few = Array.from({ length: LEAST_SAMPLES - 1 }, (_, i) => i);
    expect(slopeOf(few, few, { random: Math.random })).toBeUndefined();
  });

  it.each([
    { share: 0, samples: 120, least: 0.9 },
    { share: 0.6, samples: 240, least: 0.88 },
    { share: 0.9, samples: 360, least: 0.84 },
  ])(
    'lies in its 95 % interval about that often when neighbours correlate by $share',
    ({ share, samples, least }) => {
      const random = seededRandom(11);
      const runs = 300;
      let held = 0;
      for (let run = 0; run < runs; run++) {
        const { xs, ys } = noisyLine(random, { samples, slope: -0.02, share });
        const { low, high } = slopeOf(xs, ys, { random, resamples: 300 })!;
        if (low <= -0.02 && -0.02 <= high) held++;
      }
      expect(held / runs).toBeGreaterThanOrEqual(least);
      expect(held / runs).toBeLessThanOrEqual(0.99);
    },
  );

  it('has a wider interval where neighbours resemble each other, in longer blocks', () => {
    const options = { samples: 300, slope: 0 };
    const loose = noisyLine(seededRandom(4), { ...options, share: 0 });
    const close = noisyLine(seededRandom(4), { ...options, share: 0.9 });
    const width = ({ xs, ys }: typeof loose) => {
      const { low, high } = slopeOf(xs, ys, { random: seededRandom(5) })!;
      return high - low;
    };
    expect(width(close)).toBeGreaterThan(3 * width(loose));
    expect(blockLength(close.ys)).toBeGreaterThan(blockLength(loose.ys));
    expect(blockLength(close.ys)).toBeLessThanOrEqual(300 / 6);
  });
});
