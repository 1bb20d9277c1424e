/** Masks as column-major runs, the form in which COCO stores them and in which we count them. */
import type { Box, Size } from '../../protocol/geometry.js';
import type { Ring } from '../trace/ring.js';

/** Run lengths of a mask, column by column, zeros first; they add up to height × width. */
export interface Runs {
  readonly size: Size;
  readonly lengths: Uint32Array;
}

/** Part of a column: from a row to one below, half-open. */
export type Span = [number, number];

/** Runs of a mask given as Uint8, height × width, 0 or 1. */
export function runsFromMask(mask: Uint8Array, size: Size): Runs {
  const { width, height } = size;
  const toggles: number[] = [];
  let value = 0;
  for (let x = 0; x < width; x++) {
    for (let y = 0, k = x; y < height; y++, k += width) {
      if (mask[k] !== value) {
        toggles.push(x * height + y);
        value = mask[k]!;
      }
    }
  }
  return runsFromToggles(toggles, size);
}

/**
 * Fills rings by the even-odd rule, without a bitmap: a pixel is inside when its centre is. Costs one step for
 * each pixel column that an edge passes.
 *
 * @param rings Image space, within the image.
 */
export function runsFromRings(rings: readonly Ring[], size: Size): Runs {
  const { width, height } = size;
  // How many edges cross each column's centre line, then where each column's crossings start.
  const starts = new Uint32Array(width + 1);
  forEachCrossing(rings, width, (column) => starts[column + 1]!++);
  for (let x = 0; x < width; x++) starts[x + 1]! += starts[x]!;
  const toggles = new Uint32Array(starts[width]!);
  const next = starts.slice();
  forEachCrossing(rings, width, (column, y) => {
    const row = Math.min(height, Math.max(0, Math.ceil(y - 0.5)));
    insertSorted(toggles, starts[column]!, next[column]!++, column * height + row);
  });
  return runsFromToggles(toggles, size);
}

/** Runs → Uint8, height × width, 0 or 1. */
export function maskFromRuns(runs: Runs): Uint8Array {
  return maskWithin(runs, [0, 0, runs.size.width, runs.size.height]);
}

/**
 * Runs → the part of the mask in a box. Costs one step a run and one a pixel inside, and no memory outside the box.
 *
 * @param box Whole pixels, within the mask.
 * @returns Uint8, height × width of the box, 0 or 1.
 */
export function maskWithin({ size: { height }, lengths }: Runs, [x0, y0, x1, y1]: Box): Uint8Array {
  const width = x1 - x0;
  const mask = new Uint8Array(width * (y1 - y0));
  const end = x1 * height;
  let position = 0;
  for (let i = 0; i < lengths.length && position < end; i++) {
    const runEnd = Math.min(end, position + lengths[i]!);
    if (i % 2 === 1 && runEnd > x0 * height) {
      // A run goes on from the foot of one column to the head of the next.
      for (let x = Math.max(x0, Math.floor(position / height)); x * height < runEnd; x++) {
        const bottom = Math.min(y1, runEnd - x * height);
        let y = Math.max(y0, position - x * height);
        for (let k = (y - y0) * width + x - x0; y < bottom; y++, k += width) mask[k] = 1;
      }
    }
    position = runEnd;
  }
  return mask;
}

/** Pixel count of a mask and its tight box; an empty mask has the box [0, 0, 0, 0]. */
export function measureRuns({ size, lengths }: Runs): { readonly area: number; readonly box: Box } {
  const { height } = size;
  let [x0, y0, x1, y1] = [Infinity, Infinity, 0, 0];
  let area = 0;
  let position = 0;
  for (let i = 0; i < lengths.length; i++) {
    const length = lengths[i]!;
    if (i % 2 === 1 && length > 0) {
      area += length;
      const [first, last] = [position, position + length - 1];
      const [firstColumn, lastColumn] = [Math.floor(first / height), Math.floor(last / height)];
      const spansColumns = lastColumn > firstColumn;
      x0 = Math.min(x0, firstColumn);
      x1 = Math.max(x1, lastColumn + 1);
      y0 = Math.min(y0, spansColumns ? 0 : first % height);
      y1 = Math.max(y1, spansColumns ? height : (last % height) + 1);
    }
    position += length;
  }
  return { area, box: area > 0 ? [x0, y0, x1, y1] : [0, 0, 0, 0] };
}

/** Sorted positions at which a column-major mask changes value → runs. Equal pairs cancel. */
export function runsFromToggles(toggles: ArrayLike<number>, size: Size): Runs {
  const count = toggles.length;
  const total = size.width * size.height;
  const lengths = new Uint32Array(count + 1);
  let n = 0;
  let previous = 0;
  for (let i = 0; i < count; i++) {
    const position = toggles[i]!;
    if (i + 1 < count && toggles[i + 1] === position) {
      i++;
      continue;
    }
    if (position === total) break;
    lengths[n++] = position - previous;
    previous = position;
  }
  lengths[n++] = total - previous;
  return { size, lengths: lengths.slice(0, n) };
}

/** Adds where a column changes to toggles, of spans in no order. */
export function pushUnion(toggles: number[], spans: Span[], offset: number): void {
  spans.sort((a, b) => a[0] - b[0]);
  let [top, bottom] = spans[0] ?? [0, 0];
  for (const [nextTop, nextBottom] of spans) {
    if (nextTop > bottom) {
      toggles.push(offset + top, offset + bottom);
      top = nextTop;
      bottom = nextBottom;
    } else if (nextBottom > bottom) bottom = nextBottom;
  }
  // A column that is full to its foot may go on at the next one's head: equal toggles cancel.
  if (bottom > top) toggles.push(offset + top, offset + bottom);
}

function insertSorted(values: Uint32Array, start: number, end: number, value: number): void {
  let k = end;
  while (k > start && values[k - 1]! > value) {
    values[k] = values[k - 1]!;
    k--;
  }
  values[k] = value;
}

/** Calls back with every pixel column whose centre line an edge crosses, the height at which it does, and its direction. */
export function forEachCrossing(
  rings: readonly Ring[],
  width: number,
  visit: (column: number, y: number, isRightwards: boolean) => void,
): void {
  for (const ring of rings) {
    let x0 = ring[ring.length - 2]!;
    let y0 = ring[ring.length - 1]!;
    for (let k = 0; k < ring.length; k += 2) {
      const x1 = ring[k]!;
      const y1 = ring[k + 1]!;
      // Half-open from the lower end, so that a vertex on a centre line counts once.
      const first = Math.max(0, Math.ceil(Math.min(x0, x1) - 0.5));
      const end = Math.min(width, Math.ceil(Math.max(x0, x1) - 0.5));
      for (let column = first; column < end; column++) {
        visit(column, y0 + ((column + 0.5 - x0) / (x1 - x0)) * (y1 - y0), x1 > x0);
      }
      x0 = x1;
      y0 = y1;
    }
  }
}
