/** The choices that are kept between two uses, and how they come back. */
import type { Settings } from './host.js';
import type { Action, State } from './state.js';

/** What of the state is kept. */
export function rememberedOf({ toleranceFactor, preferred, refine, originalAfter }: State): Settings {
  return { toleranceFactor, delivery: preferred, refine, originalAfter };
}

/** Whether something is to be kept anew. */
export function isChanged(now: Settings, before: Settings): boolean {
  return (Object.keys(now) as (keyof Settings)[]).some((name) => now[name] !== before[name]);
}

/** @returns What to dispatch to go on with the choices of the last time. */
export function restoring({ toleranceFactor, delivery, refine, originalAfter }: Settings): readonly Action[] {
  return [
    ...(toleranceFactor !== undefined
      ? [{ type: 'toleranceChanged', factor: toleranceFactor } as const]
      : []),
    ...(delivery !== undefined ? [{ type: 'deliveryPreferred', preferred: delivery } as const] : []),
    ...(refine !== undefined ? [{ type: 'refineChosen', refine } as const] : []),
    ...(originalAfter !== undefined ? [{ type: 'originalAfterChosen', originalAfter } as const] : []),
  ];
}
