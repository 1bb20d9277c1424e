/** Ctrl-C and its kin. */

/** Work that ignores its cancellation must not keep the process; a compute thread gets eight seconds of it to let go. */
const FORCED_EXIT_MS = 9500;
/** What shells expect of a program that was interrupted. */
export const INTERRUPTED_STATUS = 130;

/**
 * On Windows SIGINT is Ctrl-C and SIGBREAK is Ctrl-Break; SIGHUP is the closing of the console window, after which
 * Windows ends the process within ten seconds whatever it does; and nobody can send SIGTERM, since ending a process from
 * outside asks it nothing. Elsewhere SIGBREAK does not exist, and listening for it does no harm.
 */
const INTERRUPTIONS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'] as const;

export interface Interruption {
  /** Aborted by the first interruption. */
  readonly signal: AbortSignal;
  /** Says that it was heard: what is left to do, such as writing a result, may take its time. */
  heed(): void;
}

/**
 * From now on the first interruption aborts the signal instead of ending the process; a second one, or work that does
 * not heed it, still ends it. Commands that compute without a pause do not call this: they could not hear it.
 */
export function listenForInterruption(): Interruption {
  const interrupted = new AbortController();
  let forcedExit: NodeJS.Timeout | undefined;
  const exit = () => process.exit(INTERRUPTED_STATUS);
  for (const name of INTERRUPTIONS) {
    process.on(name, () => {
      if (interrupted.signal.aborted) exit();
      interrupted.abort();
      forcedExit = setTimeout(exit, FORCED_EXIT_MS).unref();
    });
  }
  return { signal: interrupted.signal, heed: () => clearTimeout(forcedExit) };
}
