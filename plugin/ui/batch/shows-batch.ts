/** When the window is about a list of images rather than about one. */
import type { State } from '../state.js';
import { readSelected } from './list.js';
import type { Selected } from './list.js';

/** What can be worked through of what is selected; undefined where a single image is worked on, or nothing. */
export function selectedList({ source }: Pick<State, 'source'>): Selected | undefined {
  return source.kind === 'several' ? readSelected(source) : undefined;
}

export function showsBatch(state: Pick<State, 'source' | 'batch'>): boolean {
  return state.batch.run !== undefined || selectedList(state) !== undefined;
}
