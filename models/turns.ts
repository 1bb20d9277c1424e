/** Long work in turns, so that whoever shares the thread is heard between them: a message that cancels it, say. */
import { throwIfCancelled } from '../protocol/errors.js';

/** Node and browsers have it alike; their types disagree. */
declare function setTimeout(callback: () => void): unknown;

/** Longest that nobody is heard. */
const TURN_MS = 40;

/** One piece of long work. */
export class Turns {
  #end = performance.now() + TURN_MS;

  constructor(private readonly signal: AbortSignal | undefined) {}

  /**
   * Call now and then; lets others go first when a turn is over.
   *
   * @throws CodedError CANCELLED
   */
  async next(): Promise<void> {
    throwIfCancelled(this.signal);
    if (performance.now() < this.#end) return;
    await new Promise<void>((resolve) => setTimeout(resolve));
    throwIfCancelled(this.signal);
    this.#end = performance.now() + TURN_MS;
  }
}
