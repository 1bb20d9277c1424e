/** Fills outlines by the even-odd rule at many samples a pixel, by other means than the code that draws them. */
import type { Size } from '../../protocol/geometry.js';
import { parsePath } from '../models/trace/path-geometry.js';

/** Straight pieces that a curve is drawn with. */
const PIECES = 96;

/**
 * @param path In image space, in Figma's grammar.
 * @param perPixel Samples along each side of a pixel, at the centres of as many squares.
 * @returns Uint8, height · perPixel × width · perPixel: 1 where a sample is inside.
 */
export function fillPath(path: string, { width, height }: Size, perPixel: number): Uint8Array {
  const [columns, rows] = [width * perPixel, height * perPixel];
  const crossings: number[][] = Array.from({ length: rows }, () => []);
  for (const { points } of parsePath(path).flat()) {
    const line = flatten(points);
    for (let k = 0; k + 2 < line.length; k += 2) {
      const [x0, y0, x1, y1] = line.slice(k, k + 4).map((value) => value * perPixel - 0.5) as Piece;
      const [top, bottom] = [Math.min(y0, y1), Math.max(y0, y1)];
      // Half-open from above, so that a row through a vertex is crossed once.
      for (let row = Math.max(0, Math.ceil(top)); row < Math.min(rows, bottom); row++) {
        crossings[row]!.push(x0 + ((row - y0) / (y1 - y0)) * (x1 - x0));
      }
    }
  }
  const filled = new Uint8Array(columns * rows);
  crossings.forEach((xs, row) => {
    xs.sort((a, b) => a - b);
    for (let k = 0; k + 1 < xs.length; k += 2) {
      const start = Math.min(columns, Math.max(0, Math.ceil(xs[k]!)));
      const end = Math.min(columns, Math.max(0, Math.ceil(xs[k + 1]!)));
      filled.fill(1, row * columns + start, row * columns + Math.max(start, end));
    }
  });
  return filled;
}

type Piece = [number, number, number, number];

/** A segment as a polyline that is the same whichever way the segment is drawn. */
function flatten(points: readonly number[]): number[] {
  const n = points.length;
  const isBackward =
    points[0]! > points[n - 2]! || (points[0] === points[n - 2] && points[1]! > points[n - 1]!);
  const pairs = Array.from({ length: n / 2 }, (_, k) => [points[2 * k]!, points[2 * k + 1]!] as const);
  const [p0, p1, p2, p3] = isBackward ? pairs.reverse() : pairs;
  if (n === 4) return [...p0!, ...p1!];
  return Array.from({ length: PIECES + 1 }, (_, k) => {
    const t = k / PIECES;
    const s = 1 - t;
    const at = (axis: 0 | 1) =>
      s * s * s * p0![axis] + 3 * s * s * t * p1![axis] + 3 * s * t * t * p2![axis] + t * t * t * p3![axis];
    return [at(0), at(1)];
  }).flat();
}
