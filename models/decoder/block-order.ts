/** The decoders give a mask block by block, as upscaling makes it; everything else wants it row by row. */
import { LOW_RES_SIDE } from '../coordinates.js';

const CELLS = LOW_RES_SIDE / 4;

/**
 * Where each sample of a row-by-row mask is found: cell by cell, in a cell by quarters, in a quarter by samples.
 *
 * @returns Int32, 256×256.
 */
export function blockOrder(): Int32Array {
  const order = new Int32Array(LOW_RES_SIDE * LOW_RES_SIDE);
  for (let y = 0; y < LOW_RES_SIDE; y++) {
    for (let x = 0; x < LOW_RES_SIDE; x++) {
      const cell = (y >> 2) * CELLS + (x >> 2);
      const quarter = ((y >> 1) & 1) * 2 + ((x >> 1) & 1);
      const sample = (y & 1) * 2 + (x & 1);
      order[y * LOW_RES_SIDE + x] = (cell * 4 + quarter) * 4 + sample;
    }
  }
  return order;
}

/** @param blocks Any number of masks of 256×256, block by block. */
export function toRows(blocks: Float32Array, order: Int32Array): Float32Array {
  const rows = new Float32Array(blocks.length);
  for (let start = 0; start < blocks.length; start += order.length) {
    for (let i = 0; i < order.length; i++) rows[start + i] = blocks[start + order[i]!]!;
  }
  return rows;
}
