import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clampPath, transformPath, transformShape } from '../../../plugin/main/path.js';
import { compose, IDENTITY, scaling, translation } from '../../../plugin/main/placement.js';
import type { Matrix } from '../../../plugin/main/placement.js';
import { readPath } from '../../support/figma/paths.js';

const coordinate = fc.integer({ min: -40_960_000, max: 40_960_000 }).map((units) => units / 1e4);
const point = fc.tuple(coordinate, coordinate);
const segment = fc.oneof(
  point.map((to) => `L ${to.join(' ')}`),
  fc.tuple(point, point, point).map((points) => `C ${points.flat().join(' ')}`),
);
const ring = fc
  .tuple(point, fc.array(segment, { minLength: 1, maxLength: 6 }))
  .map(([start, segments]) => `M ${start.join(' ')} ${segments.join(' ')} Z`);
const path = fc.array(ring, { minLength: 1, maxLength: 4 }).map((rings) => rings.join(' '));

const matrix: fc.Arbitrary<Matrix> = fc
  .record({
    turn: fc.double({ min: -4, max: 4, noNaN: true }),
    scale: fc.double({ min: 0.01, max: 8, noNaN: true }),
    x: coordinate,
    y: coordinate,
  })
  .map(({ turn, scale, x, y }) =>
    compose(
      translation(x, y),
      compose(
        [
          [Math.cos(turn), -Math.sin(turn), 0],
          [Math.sin(turn), Math.cos(turn), 0],
        ],
        scaling(scale, -scale),
      ),
    ),
  );

const numbersOf = (text: string): number[] => readPath(text).flatMap(([, ...numbers]) => numbers);

describe('transformPath', () => {
  it('gives back what the identity is applied to', () => {
    fc.assert(
      fc.property(path, (text) => {
        expect(transformPath(text, IDENTITY)).toBe(text);
      }),
    );
  });

  it('writes nothing that Figma’s grammar refuses, with the same commands', () => {
    fc.assert(
      fc.property(path, matrix, (text, map) => {
        const commands = (data: string): string[] => readPath(data).map(([command]) => command);
        expect(commands(transformPath(text, map))).toEqual(commands(text));
      }),
    );
  });

  it('maps in one step what two steps map', () => {
    fc.assert(
      fc.property(path, matrix, (text, map) => {
        const once = numbersOf(transformPath(text, compose(translation(3, -7), map)));
        const twice = numbersOf(transformPath(transformPath(text, map), translation(3, -7)));
        // Single precision keeps about 2⁻²³ of the largest value here.
        once.forEach((value, i) => expect(Math.abs(value - twice[i]!)).toBeLessThan(6e-8 * 4e7 + 2e-4));
      }),
    );
  });

  it.each([
    ['nothing at all', ''],
    ['a relative command', 'm 0 0 l 1 1 z'],
    ['a command that Figma lacks', 'M 0 0 A 1 1 0 0 0 2 2 Z'],
    ['commas', 'M 0,0 L 1,1 Z'],
    ['an exponent', 'M 0 0 L 1e3 1 Z'],
    ['two spaces', 'M 0 0  L 1 1 Z'],
    ['a subpath left open', 'M 0 0 L 1 1'],
    ['a subpath that starts inside another', 'M 0 0 L 1 1 M 2 2 L 3 3 Z'],
    ['a line before a start', 'L 0 0 Z'],
    ['a number missing', 'M 0 0 L 1 Z'],
    ['a number too long for Figma', `M 0 0 L ${'9'.repeat(40)} 1 Z`],
    ['not a number', 'M 0 0 L NaN 1 Z'],
    ['infinity', 'M 0 0 L Infinity 1 Z'],
    ['a property of every object', 'M 0 0 constructor Z'],
  ])('refuses %s', (_, text) => {
    expect(() => transformPath(text, IDENTITY)).toThrow(expect.objectContaining({ code: 'PARAMS_INVALID' }));
  });
});

describe('a path that is drawn back into a box', () => {
  const size = fc.record({
    width: fc.integer({ min: 1, max: 4096 }),
    height: fc.integer({ min: 1, max: 4096 }),
  });

  it('leaves what is inside where it was, and moves the rest to the nearest edge', () => {
    fc.assert(
      fc.property(path, size, (data, box) => {
        const [before, after] = [numbersOf(data), numbersOf(clampPath(data, box))];
        before.forEach((value, i) => {
          const most = i % 2 === 0 ? box.width : box.height;
          expect(after[i]).toBeCloseTo(Math.min(Math.max(value, 0), most), 4);
        });
      }),
    );
  });
});

describe('a shape that Figma has made', () => {
  it('is mapped as a path of ours is, however tightly it is written', () => {
    fc.assert(
      fc.property(path, matrix, fc.boolean(), (data, map, isTight) => {
        const written = isTight ? data.replace(/ ?([MLCZ]) ?/g, '$1') : data;
        expect(transformShape(written, map)).toBe(transformPath(data, map));
      }),
    );
  });

  it.each([
    ['exponents', 'M1e-7 0L10 2e1L0 5Z', 'M 0 0 L 10 20 L 0 5 Z'],
    ['numbers that touch', 'M0-1L.5.25L0 5Z', 'M 0 -1 L 0.5 0.25 L 0 5 Z'],
    ['quadratic curves', 'M0 0Q5 5 10 0Z', 'M 0 0 Q 5 5 10 0 Z'],
  ])('may have %s', (_, data, expected) => {
    expect(transformShape(data, IDENTITY)).toBe(expected);
  });

  it.each(['', 'L 1 1', 'M 0 0 A 1 1 0 0 0 5 5 Z', 'm 0 0 l 1 1 z', 'M 0 0 L 1 Z', 'M 0 0 H 5 Z'])(
    'is none that can be drawn: %j',
    (data) => expect(transformShape(data, IDENTITY)).toBeUndefined(),
  );
});
