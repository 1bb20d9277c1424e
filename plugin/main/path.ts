/** Outlines' paths in other coordinates. */
import { readPath } from '../../protocol/outline-path.js';
import type { Size } from '../../protocol/geometry.js';
import type { Matrix } from './placement.js';

/** 10⁻⁴ Figma units is a hundredth of what the eye can tell at the highest zoom. */
const DECIMALS = 1e4;

/**
 * Maps every point of a path.
 *
 * @param path As `readPath` takes it.
 * @returns The same commands with mapped points: no exponents, at most four decimals.
 * @throws CodedError PARAMS_INVALID when the path is empty or leaves the grammar.
 */
export function transformPath(path: string, [[a, c, tx], [b, d, ty]]: Matrix): string {
  return mapPath(path, (x, y) => [a * x + c * y + tx, b * x + d * y + ty]);
}

/**
 * Draws what lies outside of a box back to its edge: a curve stays inside where its control points do.
 *
 * @param path As `readPath` takes it.
 */
export function clampPath(path: string, { width, height }: Size): string {
  const clamp = (value: number, most: number): number => Math.min(Math.max(value, 0), most);
  return mapPath(path, (x, y) => [clamp(x, width), clamp(y, height)]);
}

function mapPath(path: string, map: (x: number, y: number) => readonly [number, number]): string {
  const mapped: string[] = [];
  readPath(path, 'Update the plugin and the sidecar to the same version.', (command, values) => {
    mapped.push(command);
    for (let k = 0; k < values.length; k += 2) {
      mapped.push(...map(values[k]!, values[k + 1]!).map(formatNumber));
    }
  });
  return mapped.join(' ');
}

/** Commands of the paths that Figma itself hands out, with spaces around them or without. */
const SHAPE_TOKENS = /[A-Za-z]|-?\d*\.?\d+(?:e[-+]?\d+)?/gi;

/**
 * Maps a path that Figma has made.
 *
 * @returns Undefined for one with other commands than those that Figma takes.
 */
export function transformShape(path: string, [[a, c, tx], [b, d, ty]]: Matrix): string | undefined {
  const mapped: string[] = [];
  let x: number | undefined;
  for (const token of path.match(SHAPE_TOKENS) ?? []) {
    if (/[A-Za-z]/.test(token[0]!)) {
      if (!'MLQCZ'.includes(token) || x !== undefined) return undefined;
      mapped.push(token);
    } else if (x === undefined) x = Number(token);
    else {
      const y = Number(token);
      mapped.push(formatNumber(a * x + c * y + tx), formatNumber(b * x + d * y + ty));
      x = undefined;
    }
  }
  return mapped[0] === 'M' && x === undefined ? mapped.join(' ') : undefined;
}

/** Multiples of 10⁻⁴ print without an exponent, and negative zero prints as 0. */
function formatNumber(value: number): string {
  return String(Math.round(value * DECIMALS) / DECIMALS);
}
