/** Some of the found objects as a tree of their own. */
import type { FoundMask } from '../../../protocol/everything.js';

/**
 * Each one's parent becomes the nearest object around it that is chosen, too.
 *
 * @param masks All of them, in painting order.
 */
export function withinChosen(masks: readonly FoundMask[], isChosen: (mask: FoundMask) => boolean) {
  const byId = new Map(masks.map((mask) => [mask.id, mask]));
  const nearest = (id: number | null): number | null => {
    const above = id === null ? undefined : byId.get(id);
    return above ? (isChosen(above) ? above.id : nearest(above.parent)) : null;
  };
  return masks.filter(isChosen).map((mask) => ({ ...mask, parent: nearest(mask.parent) }));
}
