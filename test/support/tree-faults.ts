import type { FoundMask } from '../../protocol/everything.js';

/** What is wrong with a list of masks that should be a tree in painting order; nothing when all is well. */
export function treeFaults(masks: readonly Pick<FoundMask, 'id' | 'parent' | 'area'>[]): string[] {
  const seen = new Set<number>();
  return masks.flatMap(({ id, parent, area }) => {
    const faults: string[] = [];
    if (seen.has(id)) faults.push(`${id} comes twice`);
    if (parent !== null && !seen.has(parent)) faults.push(`${id} comes before ${parent}, which it lies in`);
    if (area <= 0) faults.push(`${id} has no pixel`);
    seen.add(id);
    return faults;
  });
}
