/** Several objects of one image: one is worked on, the others lie aside as they were left. */
import type { Prompt } from '../../../protocol/prompt.js';
import type { LayerRef } from '../../bridge.js';
import * as log from '../prompt-log.js';
import type { Answer, Refined } from '../question.js';

/** All that belongs to one object. */
interface ObjectWork {
  readonly log: log.PromptLog;
  readonly answer: Answer | undefined;
  readonly refined: Refined | undefined;
  readonly openLayer: LayerRef | undefined;
}

interface ShelvedObject extends ObjectWork {
  /** From 1, in the order in which objects were begun; says its colour, too. */
  readonly id: number;
}

export interface Shelf {
  /** Those that are not worked on, by id. */
  readonly objects: readonly ShelvedObject[];
  /** Id of the one that is worked on. */
  readonly currentId: number;
  /** What was there before objects were merged or split, for undo. */
  readonly regrouped: Regrouped | undefined;
  /** What they were merged or split into before that was undone, for redo. */
  readonly ungrouped?: Regrouped | undefined;
}

interface Regrouped {
  /** What the object that is worked on had marked right after: with anything else marked, it is not the last step. */
  readonly prompts: readonly Prompt[];
  readonly other: ObjectWork & { readonly shelf: Shelf };
}

/** The part of the state that is about objects. */
export interface Session extends ObjectWork {
  readonly shelf: Shelf;
}

const NOTHING_REGROUPED = { regrouped: undefined, ungrouped: undefined };

export const EMPTY_SHELF: Shelf = { objects: [], currentId: 1, ...NOTHING_REGROUPED };

export const NO_WORK: ObjectWork = {
  log: log.EMPTY_LOG,
  answer: undefined,
  refined: undefined,
  openLayer: undefined,
};

/** Ids of all objects, the one that is worked on among them, in the order in which they were begun. */
export function objectIds({ objects, currentId }: Shelf): number[] {
  return [...objects.map(({ id }) => id), currentId].sort((a, b) => a - b);
}

/** Puts the object that is worked on aside and begins another; nothing while nothing is marked. */
export function addObject<S extends Session>(session: S): S {
  if (session.log.prompts.length === 0) return session;
  const currentId = Math.max(...objectIds(session.shelf)) + 1;
  return { ...session, ...NO_WORK, shelf: { ...putAside(session), currentId } };
}

/** Goes on with another object. One on which nothing was ever marked is not worth keeping. */
export function chooseObject<S extends Session>(session: S, id: number): S {
  const chosen = session.shelf.objects.find((object) => object.id === id);
  if (!chosen) return session;
  const { prompts, past } = session.log;
  const shelf = prompts.length > 0 || past.length > 0 ? putAside(session) : session.shelf;
  return takeUp(session, chosen, shelf);
}

/** Takes what was found for an object that lies aside. */
export function answerAside<S extends Session>(session: S, id: number, found: Partial<ObjectWork>): S {
  const { shelf } = session;
  const objects = shelf.objects.map((object) => (object.id === id ? { ...object, ...found } : object));
  return { ...session, shelf: { ...shelf, objects } };
}

/** Lets an object go. In the place of the one that is worked on comes the newest of the others. */
export function removeObject<S extends Session>(session: S, id: number): S {
  const { shelf } = session;
  if (id !== shelf.currentId) {
    return { ...session, shelf: { ...shelf, objects: without(shelf, id), ...NOTHING_REGROUPED } };
  }
  const next = shelf.objects.at(-1);
  return next ? takeUp(session, next, { ...shelf, ...NOTHING_REGROUPED }) : session;
}

/**
 * Puts objects in the place of others, as one step of undo.
 *
 * @param gone Ids of those that they come of, the one that is worked on among them.
 * @param made At least one; the first is worked on.
 */
export function regroup<S extends Session>(session: S, gone: readonly number[], made: readonly Answer[]): S {
  const { shelf } = session;
  const [first, ...others] = made.map(({ prompts, ...rest }) => ({
    ...NO_WORK,
    log: log.startFrom(session.log, prompts),
    answer: { ...rest, prompts },
  }));
  const nextId = Math.max(...objectIds(shelf)) + 1;
  const kept = shelf.objects.filter(({ id }) => !gone.includes(id));
  return {
    ...session,
    ...first!,
    shelf: {
      objects: [
        ...kept,
        // An undo of their own would bring back what they came of once more.
        ...others.map((work, i) => ({ ...work, log: { ...work.log, past: [] }, id: nextId + i })),
      ],
      currentId: shelf.currentId,
      regrouped: { prompts: first!.log.prompts, other: { ...workOf(session), shelf } },
    },
  };
}

/** As it was before objects were merged or split, where that is what was done last. */
export function undoRegroup<S extends Session>(session: S): S | undefined {
  const { regrouped } = session.shelf;
  if (regrouped?.prompts !== session.log.prompts) return undefined;
  const before = regrouped.other;
  const ungrouped = {
    prompts: before.log.prompts,
    other: { ...workOf(session), shelf: session.shelf },
  };
  return {
    ...session,
    ...before,
    // What was undone before they were regrouped is not what comes next.
    log: { ...before.log, future: [] },
    shelf: { ...before.shelf, ungrouped },
  };
}

/** Whether merging or splitting was what was undone last. */
export function canRegroupAgain({ log: { prompts, future }, shelf: { ungrouped } }: Session): boolean {
  return future.length === 0 && ungrouped?.prompts === prompts;
}

/** As it was after objects were merged or split, where that is what was undone last. */
export function redoRegroup<S extends Session>(session: S): S | undefined {
  return canRegroupAgain(session) ? { ...session, ...session.shelf.ungrouped!.other } : undefined;
}

function putAside(session: Session): Shelf {
  const { shelf } = session;
  const objects = [...shelf.objects, { ...workOf(session), id: shelf.currentId }];
  return { ...shelf, objects: objects.sort((a, b) => a.id - b.id), ...NOTHING_REGROUPED };
}

/** Without whatever else the object at hand holds. */
export function workOf(session: ObjectWork): ObjectWork {
  return {
    log: session.log,
    answer: session.answer,
    refined: session.refined,
    openLayer: session.openLayer,
  };
}

function takeUp<S extends Session>(session: S, { id, ...work }: ShelvedObject, shelf: Shelf): S {
  return { ...session, ...work, shelf: { ...shelf, objects: without(shelf, id), currentId: id } };
}

function without({ objects }: Shelf, id: number): ShelvedObject[] {
  return objects.filter((object) => object.id !== id);
}
