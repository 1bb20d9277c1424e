/** What is known of each object of a session. */
import { chosenCandidate } from '../question.js';
import type { State } from '../state.js';
import { objectIds } from './shelf.js';

/** Every object that has something to see, the one that is worked on among them, in the order of their ids. */
export function outlinedObjects(state: State): { readonly id: number; readonly path: string }[] {
  return objectIds(state.shelf).flatMap((id) => {
    const path = chosenCandidate(withObject(state, id))?.outline.path;
    return path === undefined ? [] : [{ id, path }];
  });
}

/** The state as it would be with another object worked on. */
export function withObject(state: State, id: number): State {
  const object = state.shelf.objects.find((each) => each.id === id);
  if (!object) return state;
  const { log, answer, refined, openLayer } = object;
  return { ...state, log, answer, refined, openLayer, shelf: { ...state.shelf, currentId: id } };
}
