/** One piece of work that several ask for: done once, and stopped only when the last of them has lost interest. */
import { cancelledError } from '../../protocol/errors.js';

interface Task<T> {
  readonly promise: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
}

export class SharedTasks<T> {
  readonly #tasks = new Map<string, Task<T>>();

  /**
   * Joins the task of this name, or starts it. A task that ended, either way, is forgotten.
   *
   * @throws CodedError CANCELLED when this caller's signal aborts; the others wait on.
   */
  async join(name: string, signal: AbortSignal, start: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const task = this.#tasks.get(name) ?? this.#start(name, start);
    task.waiting++;
    try {
      return await Promise.race([task.promise, aborted(signal)]);
    } finally {
      if (--task.waiting === 0) this.#abandon(name, task);
    }
  }

  #start(name: string, start: (signal: AbortSignal) => Promise<T>): Task<T> {
    const controller = new AbortController();
    const promise = start(controller.signal);
    const task: Task<T> = { promise, controller, waiting: 0 };
    this.#tasks.set(name, task);
    // Also keeps a failure that everybody stopped waiting for from counting as unhandled.
    promise.catch(() => undefined).finally(() => this.#forget(name, task));
    return task;
  }

  #abandon(name: string, task: Task<T>): void {
    task.controller.abort();
    this.#forget(name, task);
  }

  #forget(name: string, task: Task<T>): void {
    if (this.#tasks.get(name) === task) this.#tasks.delete(name);
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(cancelledError());
    signal.addEventListener('abort', () => reject(cancelledError()), { once: true });
  });
}
