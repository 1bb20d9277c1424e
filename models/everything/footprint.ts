/** A mask on the coarse grid that all masks of an image share, as bits: what tells containment and likeness. */
import type { Size } from '../../protocol/geometry.js';
import { lowResExtent, lowResGrid } from '../coordinates.js';
import type { LogitField, SampleGrid } from '../logit-field.js';
import { sampleField } from '../logit-field.js';
import { makeSearchable, maskContains } from '../mask/hit-test.js';
import type { Runs } from '../mask/runs.js';

export interface Footprint {
  /** Uint32, a bit a sample, row by row. */
  readonly bits: Uint32Array;
  /** Bits that are set. */
  readonly count: number;
}

/** Where the samples of an image's footprints are: those of the network's own masks that show the image. */
export function footprintGrid(image: Size): SampleGrid {
  return { ...lowResGrid(image), ...lowResExtent(image) };
}

/** @param shape Logits of a part of the image, or the pixels of all of it. */
export function footprintOf(grid: SampleGrid, shape: LogitField | Runs): Footprint {
  return 'logits' in shape ? footprintOfField(grid, shape) : footprintOfRuns(grid, shape);
}

/** @param field Logits of a part of the image, which decides what is inside there; outside of it nothing is. */
function footprintOfField(grid: SampleGrid, field: LogitField): Footprint {
  const { columns, rows } = grid;
  const bits = emptyBits(grid);
  let count = 0;
  const left = field.originX - field.stepX / 2;
  const above = field.originY - field.stepY / 2;
  const [first, end] = span(grid.originX, grid.stepX, columns, left, field.stepX * field.columns);
  const [top, bottom] = span(grid.originY, grid.stepY, rows, above, field.stepY * field.rows);
  for (let row = top; row < bottom; row++) {
    const y = grid.originY + row * grid.stepY;
    for (let column = first; column < end; column++) {
      if (sampleField(field, grid.originX + column * grid.stepX, y) <= 0) continue;
      setBit(bits, row * columns + column);
      count++;
    }
  }
  return { bits, count };
}

/** Which grid samples along an axis lie over a field that starts at `from` and is `length` long. */
function span(origin: number, step: number, samples: number, from: number, length: number): [number, number] {
  const first = Math.ceil((from - origin) / step);
  const end = Math.ceil((from + length - origin) / step);
  return [Math.max(0, first), Math.min(samples, end)];
}

/** @param runs Of a mask the size of the image. */
function footprintOfRuns(grid: SampleGrid, runs: Runs): Footprint {
  const { width, height } = runs.size;
  const mask = makeSearchable(runs);
  const bits = emptyBits(grid);
  let count = 0;
  for (let row = 0, k = 0; row < grid.rows; row++) {
    const y = Math.min(height - 1, grid.originY + row * grid.stepY);
    for (let column = 0; column < grid.columns; column++, k++) {
      const x = Math.min(width - 1, grid.originX + column * grid.stepX);
      if (!maskContains(mask, x, y)) continue;
      setBit(bits, k);
      count++;
    }
  }
  return { bits, count };
}

/** A bit for each sample of a grid, row by row, none of them set. */
export function emptyBits({ columns, rows }: SampleGrid): Uint32Array {
  return new Uint32Array((columns * rows + 31) >> 5);
}

export function setBit(bits: Uint32Array, index: number): void {
  bits[index >> 5]! |= 1 << (index & 31);
}

export function hasBit(bits: Uint32Array, index: number): boolean {
  return ((bits[index >> 5]! >> (index & 31)) & 1) === 1;
}

/** Samples in both. */
export function intersection(a: Uint32Array, b: Uint32Array): number {
  let count = 0;
  for (let i = 0; i < a.length; i++) {
    const both = a[i]! & b[i]!;
    if (both !== 0) count += countBits(both);
  }
  return count;
}

/** @source Henry S. Warren, Hacker's Delight, 5–1: counting 1-bits in parallel. */
export function countBits(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return (((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
