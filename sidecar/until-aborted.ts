import { cancelledError } from '../protocol/errors.js';

/**
 * Waits for work, or until the signal aborts; the work itself may go on, and how it ends then interests nobody.
 *
 * @throws CodedError CANCELLED when aborted first.
 */
export async function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  let abort!: () => void;
  const aborted = new Promise<never>((_, reject) => (abort = () => reject(cancelledError())));
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
