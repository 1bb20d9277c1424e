/** One piece of work that several ask for: done once, and stopped only when the last of them has lost interest. */
import { untilAborted } from '../until-aborted.js';

/** Someone who waits for a task. */
export interface Joiner<P> {
  readonly signal: AbortSignal;
  /** Hears how far the task is, from joining until it ends or this joiner leaves. */
  readonly onProgress?: ((progress: P) => void) | undefined;
}

/** Does the work for everybody, under a signal of its own. */
export type SharedWork<T, P> = (signal: AbortSignal, report: (progress: P) => void) => Promise<T>;

interface Task<T, P> {
  readonly promise: Promise<T>;
  readonly controller: AbortController;
  readonly joiners: Set<Joiner<P>>;
}

export class SharedTasks<T, P> {
  readonly #tasks = new Map<string, Task<T, P>>();

  /**
   * Joins the task of this name, or starts it. A task that ended, either way, is forgotten.
   *
   * @throws CodedError CANCELLED when this joiner's signal aborts; the others wait on.
   */
  async join(name: string, { signal, onProgress }: Joiner<P>, work: SharedWork<T, P>): Promise<T> {
    const task = this.#tasks.get(name) ?? this.#start(name, work);
    const joiner = { signal, onProgress };
    task.joiners.add(joiner);
    try {
      return await untilAborted(signal, task.promise);
    } finally {
      task.joiners.delete(joiner);
      if (task.joiners.size === 0) this.#abandon(name, task);
    }
  }

  #start(name: string, work: SharedWork<T, P>): Task<T, P> {
    const controller = new AbortController();
    const joiners = new Set<Joiner<P>>();
    const report = (progress: P) => {
      for (const joiner of joiners) if (!joiner.signal.aborted) joiner.onProgress?.(progress);
    };
    // A turn later, so that whoever starts it has joined by the first report.
    const promise = Promise.resolve().then(() => work(controller.signal, report));
    const task: Task<T, P> = { promise, controller, joiners };
    this.#tasks.set(name, task);
    // Also keeps a failure that everybody stopped waiting for from counting as unhandled.
    promise.catch(() => undefined).finally(() => this.#forget(name, task));
    return task;
  }

  #abandon(name: string, task: Task<T, P>): void {
    task.controller.abort();
    this.#forget(name, task);
  }

  #forget(name: string, task: Task<T, P>): void {
    if (this.#tasks.get(name) === task) this.#tasks.delete(name);
  }
}
