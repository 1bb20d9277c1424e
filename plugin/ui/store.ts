/** Holds the state: one value, one way to change it, listeners that hear of each change. */
import type { Disposable } from 'vscode-jsonrpc';
import { reduce } from './state.js';
import type { Action, State } from './state.js';

export class Store {
  private readonly listeners = new Set<(state: State, previous: State) => void>();

  constructor(private current: State) {}

  get state(): State {
    return this.current;
  }

  dispatch(action: Action): void {
    const previous = this.current;
    this.current = reduce(previous, action);
    if (this.current === previous) return;
    for (const listener of this.listeners) listener(this.current, previous);
  }

  subscribe(listener: (state: State, previous: State) => void): Disposable {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }
}
