/** Masks grown or shrunk by a distance, as runs. */
import { invertRuns } from './run-sets.js';
import { pushUnion, runsFromToggles } from './runs.js';
import type { Runs, Span } from './runs.js';

/** A pixel whose centre is this much farther than the distance still counts: its edge is within. */
const HALF_PIXEL = 0.5;

/**
 * Moves a mask's edge outwards, or inwards for a negative distance. Corners grow round. Where the image ends, so does
 * the mask: its border is no edge to shrink from.
 *
 * @param distancePx Rounded to whole pixels by what it means for pixels. Costs a step for each run of the mask and each
 *   pixel of the distance.
 */
export function growRuns(runs: Runs, distancePx: number): Runs {
  if (distancePx >= HALF_PIXEL) return dilate(runs, distancePx + HALF_PIXEL);
  if (distancePx <= -HALF_PIXEL) return invertRuns(dilate(invertRuns(runs), HALF_PIXEL - distancePx));
  return runs;
}

/** Every pixel within a radius of one inside, centre to centre. */
function dilate(runs: Runs, radius: number): Runs {
  const { width, height } = runs.size;
  const columns = spansOf(runs);
  const reach = Math.floor(radius);
  const halves = Array.from({ length: 2 * reach + 1 }, (_, k) =>
    Math.floor(Math.sqrt(radius * radius - (k - reach) ** 2)),
  );
  const toggles: number[] = [];
  for (let x = 0; x < width; x++) {
    const spans: Span[] = [];
    for (let k = 0; k <= 2 * reach; k++) {
      const near = columns[x + k - reach];
      const half = halves[k]!;
      near?.forEach(([top, bottom]) =>
        spans.push([Math.max(0, top - half), Math.min(height, bottom + half)]),
      );
    }
    pushUnion(toggles, spans, x * height);
  }
  return runsFromToggles(toggles, runs.size);
}

/** For each column, where the mask is inside. */
function spansOf({ size: { width, height }, lengths }: Runs): Span[][] {
  const columns = Array.from({ length: width }, (): Span[] => []);
  let position = 0;
  lengths.forEach((length, i) => {
    const end = position + length;
    if (i % 2 === 1) {
      // A run goes on from the foot of one column to the head of the next.
      for (let x = Math.floor(position / height); x * height < end; x++) {
        columns[x]!.push([Math.max(0, position - x * height), Math.min(height, end - x * height)]);
      }
    }
    position = end;
  });
  return columns;
}
