/** Single clicks as prompt sets, where the reference puts them. */
import type { Point, Size } from '../../protocol/geometry.js';
import type { PromptSet } from '../adapter.js';
import { toImageSpace } from '../coordinates.js';

/**
 * The reference takes its points for pixel indices, so the network sees them half a model pixel further on.
 *
 * @param points In pixels of what was encoded, as is the result.
 * @param encoded Size of what was encoded.
 */
export function clickSets(points: readonly Point[], encoded: Size): PromptSet[] {
  const [shiftX, shiftY] = toImageSpace([0.5, 0.5], encoded);
  return points.map(([x, y]) => ({ points: [{ point: [x + shiftX, y + shiftY], inside: true }] }));
}
