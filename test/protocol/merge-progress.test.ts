import { describe, expect, it } from 'vitest';
import type { EverythingProgress } from '../../protocol/everything.js';
import { mergeProgress } from '../../protocol/merge-progress.js';
import { foundScene } from '../support/found-scene.js';

const [table, plate, pea] = foundScene({ width: 90, height: 90 }, { columns: 1, rows: 1 });
const known = [table!, plate!, pea!];
const looking = (more: Partial<EverythingProgress>): EverythingProgress => ({
  stage: 'looking',
  fraction: 0.5,
  ...more,
});
const arrange = (...pairs: [number, number | null][]) => pairs.map(([id, parent]) => ({ id, parent }));

describe('mergeProgress', () => {
  it('gives back the very same list when nothing has changed', () => {
    expect(mergeProgress(known, looking({ remainingMs: 5 }))).toBe(known);
  });

  it('adds what is new in painting order', () => {
    const masks = mergeProgress(
      [plate!],
      looking({ masks: [table!], arrangement: arrange([1, null], [2, 1]) }),
    );
    expect(masks.map(({ id, parent }) => [id, parent])).toEqual([
      [1, null],
      [2, 1],
    ]);
  });

  it('lets what gave way go, and moves its parts to where they lie now, without changing what it was given', () => {
    const before = structuredClone(known);
    const masks = mergeProgress(known, looking({ dropped: [2], arrangement: arrange([1, null], [3, 1]) }));
    expect(masks).toEqual([table, { ...pea!, parent: 1 }]);
    expect(masks[0]).toBe(table);
    expect(known).toEqual(before);
  });

  it('puts a better mask in the place of the one with the same id', () => {
    const better = { ...pea!, area: pea!.area + 1 };
    const arrangement = arrange([1, null], [2, 1], [3, 2]);
    expect(mergeProgress(known, looking({ masks: [better], arrangement }))).toEqual([table, plate, better]);
  });

  it('leaves out what is arranged but was never sent', () => {
    expect(mergeProgress([], looking({ masks: [table!], arrangement: arrange([1, null], [2, 1]) }))).toEqual([
      table,
    ]);
  });
});
