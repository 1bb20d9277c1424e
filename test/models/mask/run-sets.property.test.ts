import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lassoRuns, strokeRuns } from '../../../models/mask/drawn-runs.js';
import { growRuns } from '../../../models/mask/grow-runs.js';
import { invertRuns, runsContain, subtractRuns, uniteRuns } from '../../../models/mask/run-sets.js';
import { maskFromRuns, runsFromMask } from '../../../models/mask/runs.js';
import type { Runs } from '../../../models/mask/runs.js';
import type { Point, Size } from '../../../protocol/geometry.js';
import { noiseMask } from './arbitrary-mask.js';

/** Two masks of one size. */
const pair = noiseMask.chain(({ mask, size }) =>
  fc
    .uint8Array({ min: 0, max: 1, minLength: mask.length, maxLength: mask.length })
    .map((other) => ({ mask, other, size })),
);

const ROUNDING = 1e-9;
const SIZE: Size = { width: 23, height: 17 };
const handPoint: fc.Arbitrary<Point> = fc.tuple(
  fc.double({ min: -4, max: 27, noNaN: true }),
  fc.double({ min: -4, max: 21, noNaN: true }),
);

/** Calls for every pixel's centre. */
function pixels({ width, height }: Size, inside: (x: number, y: number, k: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: width * height }, (_, k) =>
    inside((k % width) + 0.5, Math.floor(k / width) + 0.5, k) ? 1 : 0,
  );
}

const expectMask = (runs: Runs, mask: Uint8Array) => expect(maskFromRuns(runs)).toEqual(mask);

describe('masks as runs', () => {
  it('unite, subtract and invert as their pixels do', () => {
    fc.assert(
      fc.property(pair, ({ mask, other, size }) => {
        const [a, b] = [runsFromMask(mask, size), runsFromMask(other, size)];
        expectMask(
          uniteRuns(a, b),
          mask.map((value, k) => value | other[k]!),
        );
        expectMask(
          subtractRuns(a, b),
          mask.map((value, k) => value & (1 - other[k]!)),
        );
        expectMask(
          invertRuns(a),
          mask.map((value) => 1 - value),
        );
        expect(invertRuns(invertRuns(a))).toEqual(a);
      }),
    );
  });

  it('tell which pixels they contain', () => {
    fc.assert(
      fc.property(noiseMask, ({ mask, size }) => {
        const runs = runsFromMask(mask, size);
        const contained = pixels(size, (x, y) => runsContain(runs, [x, y]));
        expect(contained).toEqual(mask);
      }),
      { numRuns: 40 },
    );
  });

  it('grow to every pixel within the distance, and shrink by what their complement grows', () => {
    const distance = fc.constantFrom(0.4, 1, 1.5, 2, 3, 5);
    fc.assert(
      fc.property(noiseMask, distance, ({ mask, size }, distancePx) => {
        const runs = runsFromMask(mask, size);
        const isNear = (x: number, y: number) => {
          for (let k = 0; k < mask.length; k++) {
            const [column, row] = [k % size.width, Math.floor(k / size.width)];
            if (mask[k] && Math.hypot(column + 0.5 - x, row + 0.5 - y) <= distancePx + 0.5) return true;
          }
          return false;
        };
        expectMask(growRuns(runs, distancePx), distancePx < 0.5 ? mask : pixels(size, isNear));
        expect(growRuns(invertRuns(runs), -distancePx)).toEqual(invertRuns(growRuns(runs, distancePx)));
      }),
    );
  });
});

describe('what is drawn by hand', () => {
  it('a stroke covers the pixels within its radius', () => {
    fc.assert(
      fc.property(
        fc.array(handPoint, { minLength: 1, maxLength: 5 }),
        fc.double({ min: 0.5, max: 6, noNaN: true }),
        (points, radiusPx) => {
          const mask = maskFromRuns(strokeRuns(points, radiusPx, SIZE));
          const isWrong = (x: number, y: number, k: number) => {
            const excess = distanceToLine([x, y], points) - radiusPx;
            return mask[k] ? excess > ROUNDING : excess < -ROUNDING;
          };
          expect(pixels(SIZE, isWrong)).not.toContain(1);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('a stroke from top to bottom, and one that stands still, are no exceptions', () => {
    const upright = strokeRuns(
      [
        [10.5, 2],
        [10.5, 12],
      ],
      1.5,
      SIZE,
    );
    expect(maskFromRuns(upright).reduce((sum, value) => sum + value, 0)).toBe(3 * 10 + 2 * (2 + 1 + 1));
    const still = strokeRuns(
      [
        [5, 5],
        [5, 5],
      ],
      2,
      SIZE,
    );
    expect(still).toEqual(strokeRuns([[5, 5]], 2, SIZE));
  });

  it('a lasso covers what it goes around, however often', () => {
    fc.assert(
      fc.property(fc.array(handPoint, { minLength: 3, maxLength: 8 }), (points) => {
        const ring = points.map(([x, y]): Point => [
          Math.min(SIZE.width, Math.max(0, x)),
          Math.min(SIZE.height, Math.max(0, y)),
        ]);
        expectMask(
          lassoRuns(points, SIZE),
          pixels(SIZE, (x, y) => turnsAround([x, y], ring) !== 0),
        );
      }),
      { numRuns: 300 },
    );
  });
});

function distanceToLine([x, y]: Point, line: readonly Point[]): number {
  const [[firstX, firstY]] = line as [Point];
  let least = Math.hypot(x - firstX, y - firstY);
  for (let i = 1; i < line.length; i++) {
    const [[x0, y0], [x1, y1]] = [line[i - 1]!, line[i]!];
    const squared = (x1 - x0) ** 2 + (y1 - y0) ** 2;
    const along = squared === 0 ? 0 : ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / squared;
    const t = Math.min(1, Math.max(0, along));
    least = Math.min(least, Math.hypot(x - x0 - t * (x1 - x0), y - y0 - t * (y1 - y0)));
  }
  return least;
}

/** Winding number: crossings of the ray down from the point, by direction. */
function turnsAround([x, y]: Point, ring: readonly Point[]): number {
  let turns = 0;
  ring.forEach(([x1, y1], i) => {
    const [x0, y0] = ring[(i + ring.length - 1) % ring.length]!;
    if (x0 < x === x1 < x) return;
    if (y0 + ((x - x0) / (x1 - x0)) * (y1 - y0) <= y) turns += x1 > x0 ? 1 : -1;
  });
  return turns;
}
