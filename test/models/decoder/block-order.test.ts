import { describe, expect, it } from 'vitest';
import { blockOrder, toRows } from '../../../models/decoder/block-order.js';

describe('blockOrder', () => {
  it('finds every sample once', () => {
    const seen = new Set(blockOrder());
    expect(seen.size).toBe(256 * 256);
  });

  it('starts with the sixteen samples of the first cell: quarter by quarter, sample by sample', () => {
    const blocks = Float32Array.from({ length: 256 * 256 }, (_, i) => i);
    const rows = toRows(blocks, blockOrder());
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
