#!/usr/bin/env node
/** Entry point: signals in, exit status out. */
import { runProgram } from './cli/program.js';

/** Work that ignores its cancellation must not keep the process. */
const FORCED_EXIT_MS = 5000;

const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    // A second Ctrl-C means it.
    if (interrupted.signal.aborted) process.exit(130);
    interrupted.abort();
    setTimeout(() => process.exit(130), FORCED_EXIT_MS).unref();
  });
}

process.exit(await runProgram(process.argv, interrupted.signal));
