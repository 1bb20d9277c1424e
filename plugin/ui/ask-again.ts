/** Asks once more when the sidecar is busy and says how soon it will not be. */
import { CodedError, throwIfCancelled } from '../../protocol/errors.js';
import { wait } from './wait.js';

/** Whoever waits longer than this without a word takes it for a fault. */
const MOST_WAIT_MS = 5_000;
const MOST_TRIES = 3;

/** @throws CodedError whatever the last try failed with; CANCELLED when aborted between two. */
export async function askAgainWhenTold<T>(ask: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      const waitMs = error instanceof CodedError && error.code === 'BUSY' ? error.retryAfterMs : undefined;
      if (waitMs === undefined || waitMs > MOST_WAIT_MS || tries === MOST_TRIES) throw error;
      await wait(waitMs, signal);
      throwIfCancelled(signal);
    }
  }
}
