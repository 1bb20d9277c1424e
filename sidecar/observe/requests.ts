/** Follows requests from their arrival to their answer: a line in the log, the numbers, and what a crash report tells. */
import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import { CodedError } from '../../protocol/errors.js';
import type { ErrorName } from '../../protocol/errors.js';
import type { RequestWatch } from '../../protocol/rpc.js';
import type { Metrics } from './metrics.js';

/** One of the latest requests. Neither who asked nor what for. */
export interface RecentRequest {
  readonly id: string;
  readonly method: string;
  /** `ok`, the name of the error, or `running`. */
  outcome: string;
  ms?: number;
}

/** Enough to see what led up to a crash. */
const MOST_RECENT = 20;

/** Faults of the sidecar or its machine, which whoever runs it should see without being asked. */
const FAULTS: ReadonlySet<ErrorName> = new Set<ErrorName>([
  'MODEL_MISSING',
  'MODEL_CHECKSUM',
  'MODEL_GRAPH',
  'MODEL_FOLDER',
  'MODEL_REFUSED',
  'DEVICE_UNAVAILABLE',
  'FILE_READ',
  'FILE_WRITE',
  'DEADLINE',
]);

/** Methods whose requests carry an image. */
const UPLOADS = ['image/upload', 'POST /v1/images'];

/** Six digits: what a person reads out or looks up. */
export function newRequestId(): string {
  return randomBytes(3).toString('hex');
}

/** What became of a request, in one word. */
export function outcomeOf(error: unknown): string {
  if (error === undefined) return 'ok';
  return error instanceof CodedError ? error.code : 'INTERNAL';
}

export class Requests {
  readonly #recent: RecentRequest[] = [];
  readonly #running = new Map<string, number>();
  readonly #outcomes = new Map<string, number>();

  constructor(
    readonly metrics: Metrics,
    private readonly logger: Logger,
  ) {
    metrics.watch(
      'cutline_requests_in_flight',
      'Requests being answered.',
      () => Object.fromEntries(this.#running),
      'method',
    );
    metrics.watch('cutline_uploads_in_flight', 'Images being received or looked at.', () =>
      UPLOADS.reduce((sum, method) => sum + (this.#running.get(method) ?? 0), 0),
    );
  }

  /** The latest requests, oldest first. */
  get recent(): readonly RecentRequest[] {
    return this.#recent;
  }

  /** How many requests ended how. */
  get outcomes(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#outcomes);
  }

  /**
   * @param method From a closed list: it becomes a label.
   * @param logger Names the connection, where there is one.
   */
  begin(method: string, logger: Logger = this.logger): RequestWatch {
    const entry: RecentRequest = { id: newRequestId(), method, outcome: 'running' };
    this.#recent.push(entry);
    if (this.#recent.length > MOST_RECENT) this.#recent.shift();
    this.#count(this.#running, method, 1);
    const line = { request: entry.id, method };
    logger.debug(line, 'request');
    const started = performance.now();
    return {
      id: entry.id,
      finish: (error) => {
        if (entry.outcome !== 'running') return;
        entry.outcome = outcomeOf(error);
        entry.ms = Math.round(performance.now() - started);
        this.#count(this.#running, method, -1);
        this.#count(this.#outcomes, entry.outcome, 1);
        this.metrics.addRequest(method, entry.outcome, performance.now() - started);
        logEnd(logger, { ...line, outcome: entry.outcome, ms: entry.ms }, error);
      },
    };
  }

  /** An answer that says no; of some, no request ever began. */
  refuse(code: string): void {
    if (code !== 'CANCELLED') this.metrics.addRefusal(code);
  }

  #count(counts: Map<string, number>, name: string, by: number): void {
    counts.set(name, (counts.get(name) ?? 0) + by);
  }
}

/** What the asker did wrong is told to the asker; the log keeps it for those who want to know. */
function logEnd(logger: Logger, line: object, error: unknown): void {
  if (error === undefined) logger.debug(line, 'answered');
  else if (!(error instanceof CodedError)) logger.error({ ...line, err: error }, 'request failed');
  else if (error.code === 'CANCELLED') logger.debug(line, 'cancelled');
  else logger[FAULTS.has(error.code) ? 'warn' : 'info'](line, 'refused');
}
