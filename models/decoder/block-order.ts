/** The decoders draw a mask block by block, as upscaling makes it; everything else wants it row by row. */
import { LOW_RES_LENGTH, LOW_RES_SIDE } from '../coordinates.js';

/** Cells along each side of the embedding; each is drawn as 4×4 samples. */
export const CELLS_SIDE = LOW_RES_SIDE / 4;
const SAMPLES_PER_CELL = 16;

/** All cells, row by row. */
export function allCells(): Int32Array {
  return Int32Array.from({ length: CELLS_SIDE * CELLS_SIDE }, (_, cell) => cell);
}

/**
 * Where the samples of a drawing belong: cell by cell, in a cell by quarters, in a quarter by samples.
 *
 * @param cells The cells that are drawn, in order.
 * @returns Int32, 16 a cell: the index of each drawn sample in a row-by-row mask of 256×256.
 */
export function drawnOrder(cells: Int32Array): Int32Array {
  const order = new Int32Array(cells.length * SAMPLES_PER_CELL);
  for (let i = 0; i < order.length; i++) {
    const cell = cells[Math.floor(i / SAMPLES_PER_CELL)]!;
    const [quarter, sample] = [(i >> 2) & 3, i & 3];
    const y = Math.floor(cell / CELLS_SIDE) * 4 + (quarter >> 1) * 2 + (sample >> 1);
    const x = (cell % CELLS_SIDE) * 4 + (quarter & 1) * 2 + (sample & 1);
    order[i] = y * LOW_RES_SIDE + x;
  }
  return order;
}

/**
 * @param blocks Any number of masks, one after another, each drawn in the given order.
 * @param undrawn Logit of the samples that were not drawn.
 * @returns The masks of 256×256, row by row.
 */
export function toRows(blocks: Float32Array, order: Int32Array, undrawn: number): Float32Array {
  const masks = blocks.length / order.length;
  const rows = new Float32Array(masks * LOW_RES_LENGTH);
  if (order.length < LOW_RES_LENGTH) rows.fill(undrawn);
  for (let mask = 0; mask < masks; mask++) {
    const from = mask * order.length;
    const to = mask * LOW_RES_LENGTH;
    for (let i = 0; i < order.length; i++) rows[to + order[i]!] = blocks[from + i]!;
  }
  return rows;
}
