/** The border of the image as lines. */
import type { FittedPath } from './fit-arc.js';
import type { Segment } from './segment.js';

/**
 * Goes along the border, from corner to corner of the image.
 *
 * @param points The middles of pixel sides along the way; unless closed, between both ends.
 */
export function alongBorder(points: Float64Array, isClosed: boolean): FittedPath {
  const segments: Segment[] = [];
  for (let k = 0; k < points.length; k += 2) {
    const next = k + 2 < points.length ? k + 2 : 0;
    if (next === 0 && !isClosed) break;
    const [x, y, nextX, nextY] = [points[k]!, points[k + 1]!, points[next]!, points[next + 1]!];
    // The corner of the image lies between the last point on one side and the first on the next.
    if (x === nextX || y === nextY) continue;
    segments.push(Number.isInteger(x) ? [x, nextY] : [nextX, y]);
  }
  if (!isClosed) segments.push([...points.subarray(-2)]);
  const [startX, startY] = isClosed ? segments.at(-1)! : points;
  return { startX: startX!, startY: startY!, segments, maxDeviationPx: 0 };
}
