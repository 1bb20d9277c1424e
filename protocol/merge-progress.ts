/** Found masks as they come: new ones, better ones, those that gave way, and how they lie in each other. */
import type { EverythingProgress, FoundMask } from './everything.js';

/**
 * Takes one progress of mask/all in.
 *
 * @param known In painting order.
 * @returns All that stand now, in painting order; `known` itself when nothing has changed.
 */
export function mergeProgress(
  known: readonly FoundMask[],
  { masks = [], arrangement }: EverythingProgress,
): readonly FoundMask[] {
  if (!arrangement) return known;
  const byId = new Map([...known, ...masks].map((mask) => [mask.id, mask]));
  return arrangement.flatMap(({ id, parent }) => {
    const mask = byId.get(id);
    if (!mask) return [];
    return mask.parent === parent ? mask : { ...mask, parent };
  });
}
