/** Asks once more when the sidecar is busy and says how soon it will not be. */
import { cancelledError, CodedError } from '../../protocol/errors.js';

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
      await pause(waitMs, signal);
    }
  }
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(cancelledError());
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, ms);
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort, { once: true });
  });
}
