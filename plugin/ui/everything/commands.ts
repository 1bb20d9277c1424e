/** What a person can ask for of all the objects at once, and of those under the pointer. */
import type { Point } from '../../../protocol/geometry.js';
import type { State } from '../state.js';
import type { Store } from '../store.js';
import { strings } from '../strings.js';
import type { ShownObject } from './arrange.js';
import type { EverythingController } from './controller.js';
import { hoveredObject } from './state.js';
import type { EverythingChange } from './state.js';

export interface EverythingCommands extends Pick<
  EverythingController,
  'find' | 'stop' | 'stopDelivery' | 'pointAt' | 'pointAtObject'
> {
  change(change: EverythingChange): void;
  /** Inserts or saves what is chosen. */
  deliver(): void;
  /** Makes the object under a point the one that is worked on. @returns false when none is known there. */
  takeAt(at: Point): boolean;
  take(object: ShownObject): void;
  /** What is pointed at, for a screen reader. */
  hoveredName(): string | undefined;
}

export function createEverythingCommands(store: Store, controller: EverythingController): EverythingCommands {
  const take = ({ mask }: ShownObject) => store.dispatch({ type: 'objectTaken', mask });
  return {
    change: (change) => store.dispatch({ type: 'everything', change }),
    find: (resumes) => controller.find(resumes),
    stop: () => controller.stop(),
    deliver: () => void controller.deliver(),
    stopDelivery: () => controller.stopDelivery(),
    pointAt: (at) => controller.pointAt(at),
    pointAtObject: (object) => controller.pointAtObject(object),
    takeAt(at) {
      if (!showsHover(store.state)) return false;
      // A finger comes without having hovered.
      controller.pointAt(at);
      const object = hoveredObject(store.state.everything);
      if (object) take(object);
      return object !== undefined;
    },
    take,
    hoveredName() {
      const { everything } = store.state;
      const { hover } = everything;
      const object = hoveredObject(everything);
      if (!hover || !object) return undefined;
      return strings.everything.spoken.object(object.mask.name, hover.index + 1, hover.chain.length);
    },
  };
}

/**
 * Whether a click takes the object that is pointed at. Once something is marked, clicks refine that instead.
 */
export function showsHover({ tab, tool, log, everything }: State): boolean {
  if (everything.shown.length === 0) return false;
  return tab === 'everything' || (tool === 'point' && log.prompts.length === 0);
}
