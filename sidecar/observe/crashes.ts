/** Hears of crashes of the process and of its compute thread, has each reported, and says where. */
import type { Logger } from 'pino';
import type { Disposable } from 'vscode-jsonrpc';
import { withinMs } from '../within-ms.js';
import { writeCrashReport } from './crash-report.js';
import type { CrashKind } from './crash-report.js';
import type { Requests } from './requests.js';

/** What a crashed process ends with. */
const CRASHED_STATUS = 1;

/** What the computation under way gets to end; most take a fraction of a second. */
const LET_GO_MS = 2_000;

/** A thread that dies of every job would otherwise push out what it died of first. */
const REPORTED_THREADS = 3;

export interface CrashOptions {
  /** CUTLINE_HOME. */
  readonly home: string;
  readonly logger: Logger;
  readonly requests: Requests;
  /** Numbers that say what was going on. */
  readonly counters: () => Readonly<Record<string, number>>;
  /** Ends what is being computed. */
  readonly letGo: () => Promise<void>;
}

export class Crashes {
  #threads = 0;

  constructor(private readonly options: CrashOptions) {}

  /** The thread is started again: the process goes on. */
  readonly threadDied = (error: unknown): void => {
    this.options.requests.metrics.addCrash();
    if (++this.#threads <= REPORTED_THREADS) this.#report('computeThread', error);
  };

  /** From now on a fault that nobody caught is reported before it ends the process. */
  watchProcess(): Disposable {
    const end = (error: unknown, origin: 'uncaughtException' | 'unhandledRejection') => {
      // Another fault while this one is reported must not keep the process.
      process.off('uncaughtException', end).on('uncaughtException', () => process.exit(CRASHED_STATUS));
      this.#report(origin, error);
      // A thread that is ended inside the runtime's native code aborts the process, with a status that says nothing.
      void withinMs(
        LET_GO_MS,
        this.options.letGo().catch(() => undefined),
      ).then(() => process.exit(CRASHED_STATUS));
    };
    process.on('uncaughtException', end);
    return { dispose: () => process.off('uncaughtException', end) };
  }

  #report(kind: CrashKind, error: unknown): void {
    const { home, logger, requests, counters } = this.options;
    const path = writeCrashReport(home, {
      kind,
      error,
      counters: { ...requests.outcomes, ...counters() },
      requests: requests.recent,
    });
    const lies =
      path === undefined ? 'No report of it could be written.' : `What is known of it lies in ${path}.`;
    logger.fatal({ kind, ...(path !== undefined && { report: path }) }, 'crashed');
    console.error(
      kind === 'computeThread' ? `The compute thread crashed. ${lies}` : `Cutline crashed. ${lies}`,
    );
  }
}
