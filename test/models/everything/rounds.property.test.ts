import fc from 'fast-check';
import { expect, it } from 'vitest';
import { surveyRounds } from '../../../models/everything/rounds.js';

it('visits every click of a grid exactly once, whatever its side', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 128 }), (side) => {
      const visited = surveyRounds(side).flat();
      expect(visited).toHaveLength(side * side);
      expect(new Set(visited).size).toBe(side * side);
      expect(Math.max(...visited)).toBe(side * side - 1);
    }),
    { numRuns: 40 },
  );
});

it('has no empty round, which would end none of the survey', () => {
  for (let side = 1; side <= 40; side++)
    expect(surveyRounds(side).map(({ length }) => length)).not.toContain(0);
});

it('has been in every part of the image after the first round, and everywhere more closely after the second', () => {
  const side = 32;
  const rounds = surveyRounds(side);
  const visited = (indices: readonly number[], parts: number) =>
    new Set(
      indices.map((index) => {
        const [x, y] = [index % side, Math.floor(index / side)];
        return Math.floor((x * parts) / side) + parts * Math.floor((y * parts) / side);
      }),
    ).size;
  expect(rounds[0]!.length).toBeLessThanOrEqual(64);
  expect(visited(rounds[0]!, 8)).toBe(64);
  for (const round of rounds.slice(0, -1)) expect(visited(round, 4)).toBeGreaterThanOrEqual(12);
});
