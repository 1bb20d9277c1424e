/** Outlines' paths in other coordinates. */
import { readPath } from '../../protocol/outline-path.js';
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
  const mapped: string[] = [];
  readPath(path, 'Update the plugin and the sidecar to the same version.', (command, values) => {
    mapped.push(command);
    for (let k = 0; k < values.length; k += 2) {
      const [x, y] = [values[k]!, values[k + 1]!];
      mapped.push(formatNumber(a * x + c * y + tx), formatNumber(b * x + d * y + ty));
    }
  });
  return mapped.join(' ');
}

/** Multiples of 10⁻⁴ print without an exponent, and negative zero prints as 0. */
function formatNumber(value: number): string {
  return String(Math.round(value * DECIMALS) / DECIMALS);
}
