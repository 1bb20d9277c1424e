/** An outline's path → closed rings of straight lines. */
import { flattenCubic, MAX_PIECES } from './polyline.js';
import type { Ring } from './ring.js';
import { readPath } from '../../protocol/outline-path.js';

/** Finer than any file states its coordinates. */
const FINEST_PX = 0.001;

/**
 * Straightens the curves of a path. A curve comes to the same points whichever way round it is passed, so that
 * neighbours which share an edge still do.
 *
 * @param path As `readPath` takes it, or empty.
 * @param errorPx Farthest a line may lie from its curve.
 * @returns One ring a subpath.
 * @throws CodedError PARAMS_INVALID when the path leaves the grammar.
 */
export function flattenPath(path: string, errorPx: number): Ring[] {
  if (path === '') return [];
  const flattener = new Flattener(Math.max(FINEST_PX, errorPx));
  const rings: Ring[] = [];
  let points: number[] = [];
  readPath(path, 'Send outlines as the sidecar answered them.', (command, values) => {
    if (command === 'M') points = values;
    else if (command === 'L') points.push(...values);
    else if (command === 'C') flattener.pushCurve(points, values);
    else rings.push(toRing(points));
  });
  return rings;
}

class Flattener {
  private readonly curve = new Float64Array(8);
  private readonly flat = new Float64Array(2 * (MAX_PIECES + 1));

  constructor(private readonly errorPx: number) {}

  /** Appends a curve from the last of some points, without that point. */
  pushCurve(points: number[], values: readonly number[]): void {
    const { curve, flat } = this;
    curve[0] = points.at(-2)!;
    curve[1] = points.at(-1)!;
    curve.set(values, 2);
    // Sums of floating-point numbers depend on their order, so every curve is cut in one direction.
    const isTurned = runsBackwards(curve);
    if (isTurned) turn(curve);
    const count = flattenCubic(curve, this.errorPx, flat);
    for (let k = 1; k < count; k++) {
      const from = 2 * (isTurned ? count - 1 - k : k);
      points.push(flat[from]!, flat[from + 1]!);
    }
  }
}

/** Whether a curve comes after its own reverse, number by number. */
function runsBackwards(curve: Float64Array): boolean {
  for (let k = 0; k < 4; k++) {
    const mirrored = curve[k % 2 === 0 ? 6 - k : 8 - k]!;
    if (curve[k] !== mirrored) return curve[k]! > mirrored;
  }
  return false;
}

function turn(curve: Float64Array): void {
  curve.reverse();
  for (let k = 0; k < 8; k += 2) [curve[k], curve[k + 1]] = [curve[k + 1]!, curve[k]!];
}

/** A last point on the first one closes the ring once more than needed. */
function toRing(points: readonly number[]): Ring {
  const isClosed = points.length > 2 && points[0] === points.at(-2) && points[1] === points.at(-1);
  return Float64Array.from(isClosed ? points.slice(0, -2) : points);
}
