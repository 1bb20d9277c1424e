/** An outline's path → the mask that it encloses. */
import type { Size } from '../../protocol/geometry.js';
import { runsFromRings } from './runs.js';
import type { Runs } from './runs.js';

/** Lines that a curve is drawn as at most, and how long each may be in image pixels. */
const MAX_LINES = 32;
const LINE_PX = 4;

/**
 * Fills an outline at pixel centres by the even-odd rule.
 *
 * @param path As in `Outline.path`: absolute `M L C Z`, tokens separated by spaces, image space.
 * @returns Its runs; what is no such path encloses nothing.
 */
export function runsFromPath(path: string, size: Size): Runs {
  return runsFromRings(flattenPath(path), size);
}

/** Path → closed polylines, its curves as lines. */
function flattenPath(path: string): Float64Array[] {
  const tokens = path.split(' ');
  const rings: Float64Array[] = [];
  let ring: number[] = [];
  let position = 0;
  const next = () => Number(tokens[position++]);
  while (position < tokens.length) {
    switch (tokens[position++]) {
      case 'M':
        ring = [next(), next()];
        break;
      case 'L':
        ring.push(next(), next());
        break;
      case 'C':
        pushCurve(ring, [next(), next(), next(), next(), next(), next()]);
        break;
      case 'Z':
        if (ring.length >= 6) rings.push(Float64Array.from(ring));
        ring = [];
        break;
      default:
        return [];
    }
  }
  return rings.every((points) => points.every(Number.isFinite)) ? rings : [];
}

/** Points of a cubic Bézier curve, its start left out. */
function pushCurve(ring: number[], curve: readonly number[]): void {
  const [x1, y1, x2, y2, x3, y3] = curve as [number, number, number, number, number, number];
  const x0 = ring.at(-2)!;
  const y0 = ring.at(-1)!;
  const hullPx = Math.hypot(x1 - x0, y1 - y0) + Math.hypot(x2 - x1, y2 - y1) + Math.hypot(x3 - x2, y3 - y2);
  const lines = Math.max(1, Math.min(MAX_LINES, Math.ceil(hullPx / LINE_PX)));
  for (let i = 1; i <= lines; i++) {
    const t = i / lines;
    const s = 1 - t;
    const [a, b, c, d] = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t];
    ring.push(a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3);
  }
}
