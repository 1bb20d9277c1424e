/** Union, difference and complement of masks as runs: one step a run, no bitmap. */
import type { Point } from '../../protocol/geometry.js';
import { runsFromToggles } from './runs.js';
import type { Runs } from './runs.js';

/** What is in either. Both of one size. */
export function uniteRuns(a: Runs, b: Runs): Runs {
  return combine(a, b, (inA, inB) => inA || inB);
}

/** What is in the first and not in the second. Both of one size. */
export function subtractRuns(a: Runs, b: Runs): Runs {
  return combine(a, b, (inA, inB) => inA && !inB);
}

/** What is not in it. */
export function invertRuns({ size, lengths }: Runs): Runs {
  // Zeros come first: no zeros at all, or one run less of them.
  if (lengths[0] === 0) return { size, lengths: lengths.slice(1) };
  const inverted = new Uint32Array(lengths.length + 1);
  inverted.set(lengths, 1);
  return { size, lengths: inverted };
}

/** Whether the pixel under a point is inside; past the border, the nearest one. */
export function runsContain({ size: { width, height }, lengths }: Runs, [x, y]: Point): boolean {
  const column = Math.min(width - 1, Math.max(0, Math.floor(x)));
  const row = Math.min(height - 1, Math.max(0, Math.floor(y)));
  const position = column * height + row;
  let end = 0;
  for (let i = 0; i < lengths.length; i++) {
    end += lengths[i]!;
    if (position < end) return i % 2 === 1;
  }
  return false;
}

/** Goes through both at once, from one change of either to the next. */
function combine(a: Runs, b: Runs, isInside: (inA: boolean, inB: boolean) => boolean): Runs {
  const toggles: number[] = [];
  let [i, j] = [0, 0];
  let [endA, endB] = [a.lengths[0]!, b.lengths[0]!];
  let position = 0;
  let inside = false;
  const total = a.size.width * a.size.height;
  while (position < total) {
    if (isInside(i % 2 === 1, j % 2 === 1) !== inside) {
      inside = !inside;
      toggles.push(position);
    }
    position = Math.min(endA, endB);
    // Runs of no length are passed at once.
    while (endA === position && i + 1 < a.lengths.length) endA += a.lengths[++i]!;
    while (endB === position && j + 1 < b.lengths.length) endB += b.lengths[++j]!;
    if (endA === position) endA = total;
    if (endB === position) endB = total;
  }
  return runsFromToggles(toggles, a.size);
}
