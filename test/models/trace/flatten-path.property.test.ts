import fc from 'fast-check';
import { expect, it } from 'vitest';
import { flattenPath } from '../../../models/trace/flatten-path.js';
import { farthestFrom, parsePath, samplePath, type PathSegment } from './path-geometry.js';

const coordinate = fc.integer({ min: 0, max: 400_000 }).map((thousandths) => thousandths / 1000);
const values = (count: number) => fc.array(coordinate, { minLength: count, maxLength: count });
const command = fc.oneof(
  values(2).map((xy) => `L ${xy.join(' ')}`),
  values(6).map((xys) => `C ${xys.join(' ')}`),
);
const subpath = fc
  .tuple(values(2), fc.array(command, { minLength: 1, maxLength: 8 }))
  .map(([start, commands]) => `M ${start.join(' ')} ${commands.join(' ')} Z`);
const loop = fc
  .tuple(values(2), values(4))
  .map(([start, handles]) => `M ${start.join(' ')} C ${[...handles, ...start].join(' ')} Z`);
const path = fc
  .array(fc.oneof({ arbitrary: subpath, weight: 4 }, loop), { maxLength: 3 })
  .map((subpaths) => subpaths.join(' '));
const error = fc.double({ min: 0.02, max: 8, noNaN: true });

const pairs = (ring: ArrayLike<number>) =>
  Array.from({ length: ring.length / 2 }, (_, k) => [ring[2 * k]!, ring[2 * k + 1]!]);

/** The same subpath, passed the other way round. */
function turn(segments: readonly PathSegment[]): string {
  const turned = [...segments].reverse().map(({ kind, points }) => {
    const back = pairs(points).reverse();
    return { start: back[0]!, text: `${kind} ${back.slice(1).flat().join(' ')}` };
  });
  return `M ${turned[0]!.start.join(' ')} ${turned.map(({ text }) => text).join(' ')} Z`;
}

it('comes to the very same points whichever way round a path is passed', () => {
  fc.assert(
    fc.property(path, error, (there, errorPx) => {
      const back = parsePath(there).map(turn).join(' ');
      const sorted = (text: string) =>
        flattenPath(text, errorPx).map((ring) => pairs(ring).map(String).sort());
      expect(sorted(back)).toEqual(sorted(there));
    }),
  );
});

it('stays as close to the curves as it was told', () => {
  fc.assert(
    fc.property(path, error, (curved, errorPx) => {
      const rings = flattenPath(curved, errorPx);
      parsePath(curved).forEach((segments, k) => {
        const limitPx = Math.max(errorPx, 0.2);
        expect(farthestFrom(samplePath(segments), pairs(rings[k]!))).toBeLessThanOrEqual(limitPx);
      });
    }),
  );
});

it('leaves lines as they are', () => {
  const rings = flattenPath('M 1 2 L 5.5 2 L 5.5 7 L 1 2 Z M 0 0 L -3 0.125 L 2 9 Z', 1);
  expect(rings.map(pairs)).toEqual([
    [
      [1, 2],
      [5.5, 2],
      [5.5, 7],
    ],
    [
      [0, 0],
      [-3, 0.125],
      [2, 9],
    ],
  ]);
});

it.each([
  'M 0 0 L 1 1',
  'L 1 1 Z',
  'M 0 0 M 1 1 Z',
  'M 0 0 L 1 Z',
  'M 0 0 L 1 1e400 Z',
  'M 0 0 L NaN 1 Z',
  'M 0 0 C 1 1 2 2 3',
  'M 0  0 Z',
  'm 0 0 Z',
  ' ',
])('refuses %j', (text) => {
  expect(() => flattenPath(text, 1)).toThrow(expect.objectContaining({ code: 'PARAMS_INVALID' }) as Error);
});
