/** What is known of each object of a session. */
import { isForOne } from '../delivery.js';
import type { DeliveryKind } from '../delivery.js';
import { awaitsAnswer, chosenCandidate, isAnswered } from '../question.js';
import type { State } from '../state.js';
import { objectIds, workOf } from './shelf.js';

/** Every object that has something to see, the one that is worked on among them, in the order of their ids. */
export function outlinedObjects(state: State): { readonly id: number; readonly path: string }[] {
  return objectIds(state.shelf).flatMap((id) => {
    const path = chosenCandidate(withObject(state, id))?.outline.path;
    return path === undefined ? [] : [{ id, path }];
  });
}

/** The state as it would be with another object worked on. */
function withObject(state: State, id: number): State {
  const object = state.shelf.objects.find((each) => each.id === id);
  if (!object) return state;
  return { ...state, ...workOf(object), shelf: { ...state.shelf, currentId: id } };
}

/** The state as it is with each object that would be delivered, in the order in which they were begun. */
export function objectsToDeliver(state: State, kind: DeliveryKind): readonly State[] {
  if (isForOne(kind)) return [state];
  return objectIds(state.shelf)
    .map((id) => withObject(state, id))
    .filter(({ log }) => log.prompts.length > 0);
}

/** Whether there is something to deliver, now or once it is there, and nothing that could not be. */
export function canDeliver(state: State, kind: DeliveryKind): boolean {
  const objects = objectsToDeliver(state, kind);
  return (
    objects.some((each) => awaitsAnswer(each)) ||
    (objects.every((each) => isAnswered(each)) && objects.some((each) => chosenCandidate(each) !== undefined))
  );
}
