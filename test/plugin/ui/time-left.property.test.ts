import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TimeLeft } from '../../../plugin/ui/time-left.js';

/** What is said every 100 ms of work that takes this long, if each fraction is off by so much. */
function follow(totalMs: number, errors: readonly number[] = [0]): (number | undefined)[] {
  const left = new TimeLeft();
  const said: (number | undefined)[] = [];
  for (let ms = 0; ms <= totalMs; ms += 100) {
    const error = errors[(ms / 100) % errors.length]!;
    said.push(left.update(Math.min(1, Math.max(0, ms / totalMs + error)), ms));
  }
  return said;
}

const seconds = (said: readonly (number | undefined)[]) =>
  said.filter((ms) => ms !== undefined).map((ms) => Math.round(ms / 1_000));

describe('the time left', () => {
  it('says nothing of what is over in a moment', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2_000 }), (totalMs) => {
        expect(seconds(follow(totalMs))).toEqual([]);
      }),
    );
  });

  it('says nothing before it can know', () => {
    const left = new TimeLeft();
    expect(left.update(0, 0)).toBeUndefined();
    expect(left.update(0, 60_000)).toBeUndefined();
    expect(new TimeLeft().update(0.5, 0)).toBeUndefined();
  });

  it('is right about steady work, and counts down a second at a time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4_000, max: 60_000 }), (totalMs) => {
        const said = follow(totalMs);
        said.forEach((ms, i) => {
          if (ms !== undefined && Math.abs(ms - (totalMs - 100 * i)) > 1) throw new Error(`${ms} at ${i}`);
        });
        const shown = seconds(said);
        expect(shown.length).toBeGreaterThan(0);
        const steps = shown.slice(1).map((now, i) => shown[i]! - now);
        expect(steps.filter((step) => step !== 0 && step !== 1)).toEqual([]);
      }),
    );
  });

  it('never goes up when fractions are only a little unsteady', () => {
    const error = fc.double({ min: -0.01, max: 0.01, noNaN: true });
    fc.assert(
      fc.property(
        fc.integer({ min: 5_000, max: 20_000 }),
        fc.array(error, { minLength: 7, maxLength: 13 }),
        (totalMs, errors) => {
          const shown = seconds(follow(totalMs, errors)).slice(10);
          for (let i = 1; i < shown.length; i++) expect(shown[i]!).toBeLessThanOrEqual(shown[i - 1]!);
        },
      ),
    );
  });

  it('takes back what was far from true', () => {
    const left = new TimeLeft();
    left.update(0, 0);
    expect(left.update(0.5, 4_000)).toBe(4_000);
    expect(left.update(0.55, 11_000)).toBeCloseTo(9_000);
  });

  it('stays at less than a second when work does not end that was said to be over', () => {
    const left = new TimeLeft();
    left.update(0, 0);
    left.update(0.5, 2_000);
    for (let ms = 4_000; ms < 10_000; ms += 100) expect(left.update(0.95, ms)).toBeLessThan(1_000);
  });
});
