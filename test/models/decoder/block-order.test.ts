import { describe, expect, it } from 'vitest';
import { allCells, drawnOrder, toRows } from '../../../models/decoder/block-order.js';

describe('drawnOrder', () => {
  it('places every sample once', () => {
    expect(new Set(drawnOrder(allCells())).size).toBe(256 * 256);
  });

  it('starts with the sixteen samples of the first cell: quarter by quarter, sample by sample', () => {
    const blocks = Float32Array.from({ length: 256 * 256 }, (_, i) => i);
    const rows = toRows(blocks, drawnOrder(allCells()), 0);
    const corner = [0, 1, 2, 3].map((y) => [...rows.subarray(y * 256, y * 256 + 4)]);
    expect(corner).toEqual([
      [0, 1, 4, 5],
      [2, 3, 6, 7],
      [8, 9, 12, 13],
      [10, 11, 14, 15],
    ]);
    expect(rows[4]).toBe(16);
    expect(rows[4 * 256]).toBe(64 * 16);
  });
});

describe('toRows', () => {
  it('puts masks that were drawn in part where they belong, and says of the rest that it was not drawn', () => {
    const order = drawnOrder(Int32Array.of(65));
    const rows = toRows(
      Float32Array.from({ length: 32 }, (_, i) => i + 1),
      order,
      -9,
    );
    expect(rows).toHaveLength(2 * 256 * 256);
    expect(rows[4 * 256 + 4]).toBe(1);
    expect(rows[256 * 256 + 7 * 256 + 7]).toBe(32);
    expect(rows.filter((value) => value === -9)).toHaveLength(2 * (256 * 256 - 16));
  });
});
