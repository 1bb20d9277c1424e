import { describe, expect, it } from 'vitest';
import { measureDeviation } from '../../../models/trace/deviation.js';
import { traceField } from '../../../models/trace/outline.js';
import { annulus, disc, fieldOf } from './shapes.js';

const SQUARE = Float64Array.from([0, 0, 10, 0, 10, 10, 0, 10]);
const circle = (radius: number, count = 720) =>
  Float64Array.from({ length: 2 * count }, (_, k) => {
    const angle = (Math.PI * (k - (k % 2))) / count;
    return 50 + radius * (k % 2 ? Math.sin(angle) : Math.cos(angle));
  });

describe('the deviation of an outline', () => {
  it('is nothing when outline and ring are the same', () => {
    const { meanPx, maxPx } = measureDeviation('M 0 0 L 10 0 L 10 10 L 0 10 Z', [SQUARE]);
    expect(meanPx).toBe(0);
    expect(maxPx).toBe(0);
  });

  it('is the distance between circles about one centre', () => {
    const handle = (20 * 4 * (Math.SQRT2 - 1)) / 3;
    const path = [
      'M 70 50',
      `C 70 ${50 + handle} ${50 + handle} 70 50 70`,
      `C ${50 - handle} 70 30 ${50 + handle} 30 50`,
      `C 30 ${50 - handle} ${50 - handle} 30 50 30`,
      `C ${50 + handle} 30 70 ${50 - handle} 70 50 Z`,
    ].join(' ');
    const { meanPx, maxPx } = measureDeviation(path, [circle(21.5)]);
    expect(meanPx).toBeCloseTo(1.5, 1);
    expect(maxPx).toBeCloseTo(1.5, 1);
  });

  it('weighs every stretch by its length', () => {
    // One of four equal sides lies 1 px out: a quarter of the length, and half as much beyond its two ends.
    const { meanPx, maxPx } = measureDeviation('M 0 0 L 100 0 L 100 100 L 0 100 Z', [
      Float64Array.from([0, -1, 100, -1, 100, 100, 0, 100]),
    ]);
    expect(meanPx).toBeCloseTo(0.25, 2);
    expect(maxPx).toBe(1);
  });

  it('sees what the outline leaves out and what it makes up', () => {
    const spike = Float64Array.from([0, 0, 5, 0, 5, -40, 5, 0, 10, 0, 10, 10, 0, 10]);
    expect(measureDeviation('M 0 0 L 10 0 L 10 10 L 0 10 Z', [spike]).maxPx).toBe(40);
    expect(measureDeviation('M 0 0 L 5 0 L 5 -40 L 5 0 L 10 0 L 10 10 L 0 10 Z', [SQUARE]).maxPx).toBe(40);
  });

  it('agrees with what tracing reports, over several rings', () => {
    const field = fieldOf(
      (x, y) => Math.max(annulus(60, 60, 40, 20)(x, y), disc(170, 90, 25)(x, y)),
      { width: 240, height: 200 },
      4,
    );
    const { outline, rings } = traceField(field, { tolerancePx: 1, minRegionPx: 0 });
    const { meanPx, maxPx } = measureDeviation(outline.path, rings);
    expect(rings).toHaveLength(3);
    expect(maxPx).toBeLessThan(outline.maxDeviationPx + 0.01);
    expect(maxPx).toBeGreaterThan(outline.maxDeviationPx - 0.05);
    expect(meanPx).toBeGreaterThan(0);
    expect(meanPx).toBeLessThan(maxPx);
  });

  it('is nothing between nothing and nothing, and infinite between nothing and something', () => {
    expect(measureDeviation('', [])).toEqual({ meanPx: 0, maxPx: 0 });
    expect(measureDeviation('', [SQUARE]).maxPx).toBe(Infinity);
  });
});
