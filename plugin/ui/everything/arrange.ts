/** Which of the found objects are shown, and in which tree, as the two sliders stand. */
import type { FoundMask } from '../../../protocol/everything.js';

/** Where the two sliders stand; each in [0, 1]. */
export interface Sliders {
  /** fewer ↔ more: this share of the objects is shown, the surest ones; 1 shows all. */
  readonly more: number;
  /** small ↔ large: 0 shows every size, 1 only the largest. */
  readonly large: number;
}

export const ALL_SHOWN: Sliders = { more: 1, large: 0 };

/** An object that is shown, where it stands in the tree of those that are. */
export interface ShownObject {
  readonly mask: FoundMask;
  /** The nearest object around it that is shown; undefined at the top. */
  readonly parent: ShownObject | undefined;
  /** 0 at the top. */
  readonly depth: number;
  /** It and those beside it in the same object, in painting order. */
  readonly siblings: readonly ShownObject[];
  /** In painting order. */
  readonly parts: readonly ShownObject[];
  /** All objects in it, however deep. */
  readonly partCount: number;
}

/** The shown objects as a list in which every object is followed by its parts. */
export type Arranged = readonly ShownObject[];

/** How sure it is that this is an object: what the model thinks of it, times how little its edge wavers. */
export function scoreOf({ predictedIou, stabilityScore }: FoundMask): number {
  return predictedIou * stabilityScore;
}

/**
 * Filters and sorts.
 *
 * @param masks In painting order, parents before their parts.
 */
export function arrange(masks: readonly FoundMask[], sliders: Sliders): Arranged {
  const shown = new Set(filterMasks(masks, sliders));
  const top: Growing[] = [];
  // By id, of objects that are not shown too: their parts go up to the nearest object that is.
  const nearest = new Map<number, Growing | undefined>();
  for (const mask of masks) {
    const parent = mask.parent === null ? undefined : nearest.get(mask.parent);
    nearest.set(mask.id, parent);
    if (!shown.has(mask)) continue;
    const siblings = parent?.parts ?? top;
    const depth = parent ? parent.depth + 1 : 0;
    const object: Growing = { mask, parent, depth, siblings, parts: [], partCount: 0 };
    siblings.push(object);
    nearest.set(mask.id, object);
  }
  const list: ShownObject[] = [];
  appendWithParts(list, top);
  return list;
}

/** A shown object while its parts come in. */
interface Growing extends ShownObject {
  readonly parts: Growing[];
  partCount: number;
}

function appendWithParts(list: ShownObject[], objects: readonly Growing[]): void {
  for (const object of objects) {
    const before = list.push(object);
    appendWithParts(list, object.parts);
    object.partCount = list.length - before;
  }
}

/** The smallest area, in pixels, that the slider lets through: as many times larger at every step of it. */
export function leastArea(masks: readonly FoundMask[], large: number): number {
  if (large <= 0 || masks.length === 0) return 0;
  let [least, most] = [Infinity, 1];
  for (const { area } of masks) {
    least = Math.min(least, Math.max(1, area));
    most = Math.max(most, area);
  }
  return least * (most / least) ** large;
}

/** How many of the masks the slider lets through. */
export function keptCount(masks: readonly FoundMask[], more: number): number {
  return Math.max(1, Math.round(more * masks.length));
}

function filterMasks(masks: readonly FoundMask[], { more, large }: Sliders): readonly FoundMask[] {
  const minArea = leastArea(masks, large);
  const kept = keptCount(masks, more);
  // Shares rather than scores: models differ in how sure they are, and a slider should move something everywhere.
  const best =
    kept >= masks.length ? masks : [...masks].sort((a, b) => scoreOf(b) - scoreOf(a)).slice(0, kept);
  // Powers of fractions end a little beside the area that they stand for.
  return best.filter(({ area }) => area >= minArea * (1 - 1e-9));
}
