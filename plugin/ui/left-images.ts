/** What was marked and found on images that were left for another: it is there again when they come back. */
import { NO_OBJECTS, whatThereIs, withoutObjects } from './everything/state.js';
import type { Everything } from './everything/state.js';
import { EMPTY_SHELF, NO_WORK, workOf } from './objects/shelf.js';
import type { Session } from './objects/shelf.js';

/** All that the person has done on an image. */
export interface ImageWork extends Session {
  readonly everything: Everything;
}

export interface LeftImage {
  /** The image's. */
  readonly key: string;
  readonly work: ImageWork;
}

export const NOTHING_DONE: ImageWork = {
  ...NO_WORK,
  shelf: EMPTY_SHELF,
  everything: NO_OBJECTS,
};

/** Found objects are the heaviest: some megabytes an image. */
const KEPT_IMAGES = 12;

/** @returns With the work on an image, the newest last; work that there is none of is not kept. */
export function leaveImage(left: readonly LeftImage[], key: string, work: ImageWork): readonly LeftImage[] {
  const others = left.filter((image) => image.key !== key);
  const { log, shelf } = work;
  const everything = whatThereIs(work.everything);
  const isWorth = log.prompts.length > 0 || shelf.objects.length > 0 || everything.masks.length > 0;
  return isWorth
    ? [...others, { key, work: { ...workOf(work), shelf, everything } }].slice(-KEPT_IMAGES)
    : others;
}

/** @returns The work on an image as it was left, in the way that is chosen now; nothing done where it is new. */
export function workOn(left: readonly LeftImage[], key: string | undefined, choices: Everything): ImageWork {
  const work = left.find((image) => image.key === key)?.work;
  if (!work) return { ...NOTHING_DONE, everything: withoutObjects(choices) };
  const { style, format, sharedEdges } = choices;
  return { ...work, everything: atRest({ ...work.everything, style, format, sharedEdges }) };
}

/** A run that was cut off goes on when the person says so. */
function atRest(everything: Everything): Everything {
  const { kind } = everything.run;
  const run =
    kind === 'running' || kind === 'wanted' ? ({ kind: 'stopped', why: 'person' } as const) : everything.run;
  return { ...everything, run, hover: undefined, delivery: { kind: 'idle' } };
}
