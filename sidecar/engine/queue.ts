/**
 * Who runs next on the one device, or what else there is little of: a newer click before older background work,
 * whoever has had least of it before whoever has had more, nobody twice at once, nobody forever. Work is cancellable
 * while it waits and refused when too much is waiting.
 */
import { LRUCache } from 'vscode-jsonrpc';
import { cancelledError, CodedError } from '../../protocol/errors.js';

export interface QueueLimits {
  /** Most jobs waiting, and most of them from one client. */
  readonly waiting: number;
  readonly waitingPerClient: number;
  /** Longest wait, in milliseconds. */
  readonly deadlineMs: number;
  /** Jobs that run side by side. */
  readonly atOnce: number;
}

const DEFAULT_QUEUE_LIMITS: QueueLimits = {
  waiting: 256,
  waitingPerClient: 32,
  deadlineMs: 60_000,
  atOnce: 1,
};

/** While people keep the device busy, one turn in so many is for work that nobody waits for. */
const TURNS_FOR_PEOPLE = 8;

/** Clients whose use of the device is remembered; it matters only while they keep asking. */
const REMEMBERED_CLIENTS = 1_024;

/** A turn counts as at least this long, so that clients take turns at what takes no time. */
const LEAST_TURN_MS = 1;

/** What a job takes, until the first ones have been seen; and how much a new one changes the mean. */
const ASSUMED_JOB_MS = 100;
const NEWEST_SHARE = 0.1;

/** Nobody is told to come back sooner than this, or later. */
const RETRY_MS = { least: 100, most: 60_000 };

/** Someone is waiting to see an answer, or nobody is. */
export type Priority = 'interactive' | 'background';

export interface JobOptions {
  /** Who asks; left out, the job is nobody's alone and no client's share limits it. */
  readonly client?: string | undefined;
  readonly priority: Priority;
  readonly signal?: AbortSignal | undefined;
  /** When the request arrived that this job is part of, by `performance.now()`; its wait counts from there. */
  readonly sinceMs?: number | undefined;
}

interface Waiting {
  readonly options: JobOptions;
  readonly start: () => void;
}

export class DeviceQueue {
  readonly #limits: QueueLimits;
  readonly #onWait: (ms: number) => void;
  readonly #waiting: Waiting[] = [];
  /**
   * When each client's next turn is due, in milliseconds of use of the device.
   *
   * @source Start-time fair queueing (Goyal, Vin and Cheng, 1996); all weigh the same.
   */
  readonly #due = new LRUCache<string, number>(REMEMBERED_CLIENTS);
  /** Where the turn under way began on that scale: whoever was idle begins there, too. */
  #now = 0;
  #running = 0;
  #turnsForPeople = 0;
  #meanJobMs = ASSUMED_JOB_MS;

  /** @param onWait Hears how long each job has waited when its turn comes. */
  constructor(limits: Partial<QueueLimits> = {}, onWait: (ms: number) => void = () => undefined) {
    this.#limits = { ...DEFAULT_QUEUE_LIMITS, ...limits };
    this.#onWait = onWait;
  }

  /** Jobs that wait for their turn. */
  get depth(): number {
    return this.#waiting.length;
  }

  /** When what waits now will have been done, by what jobs have taken so far. */
  get retryAfterMs(): number {
    const ms = Math.ceil(((this.#waiting.length + 1) * this.#meanJobMs) / this.#limits.atOnce);
    return Math.min(RETRY_MS.most, Math.max(RETRY_MS.least, ms));
  }

  /**
   * Runs a job when its turn comes.
   *
   * @throws CodedError CANCELLED when aborted while waiting, BUSY when too much waits, DEADLINE after the wait.
   */
  async run<T>(options: JobOptions, job: () => Promise<T>): Promise<T> {
    const asked = performance.now();
    await this.#turn(options);
    const started = performance.now();
    this.#onWait(started - asked);
    const begunAt = this.#now;
    try {
      return await job();
    } finally {
      const ms = performance.now() - started;
      this.#meanJobMs += (ms - this.#meanJobMs) * NEWEST_SHARE;
      const due = Math.max(begunAt, this.#due.get(nameOf(options)) ?? 0);
      this.#due.set(nameOf(options), due + Math.max(ms, LEAST_TURN_MS));
      this.#running--;
      this.#startNext();
    }
  }

  #turn(options: JobOptions): Promise<void> {
    const { signal } = options;
    if (signal?.aborted) return Promise.reject(cancelledError());
    const refusal = this.#refusal(options);
    if (refusal) return Promise.reject(refusal);
    return new Promise((resolve, reject) => {
      const settle = (then: () => void) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        then();
      };
      const entry: Waiting = { options, start: () => settle(resolve) };
      const leave = (error: CodedError) => {
        this.#waiting.splice(this.#waiting.indexOf(entry), 1);
        settle(() => reject(error));
      };
      const abort = () => leave(cancelledError());
      const timer = setTimeout(() => leave(this.#deadlineError()), this.#waitMs(options));
      signal?.addEventListener('abort', abort, { once: true });
      this.#waiting.push(entry);
      this.#startNext();
    });
  }

  #refusal({ client, sinceMs }: JobOptions): CodedError | undefined {
    const { waiting, waitingPerClient, deadlineMs } = this.#limits;
    if (sinceMs !== undefined && performance.now() - sinceMs >= deadlineMs) return this.#deadlineError();
    const isOfClient = ({ options }: Waiting) => options.client === client;
    const fromClient = client === undefined ? 0 : this.#waiting.filter(isOfClient).length;
    if (this.#waiting.length < waiting && fromClient < waitingPerClient) return undefined;
    const message = `${this.#waiting.length} requests are waiting already.`;
    const { retryAfterMs } = this;
    return new CodedError('BUSY', message, 'Try again in a few seconds.', { retryAfterMs });
  }

  #waitMs({ sinceMs }: JobOptions): number {
    const { deadlineMs } = this.#limits;
    return sinceMs === undefined ? deadlineMs : sinceMs + deadlineMs - performance.now();
  }

  #deadlineError(): CodedError {
    const message = `The request waited ${Math.round(this.#limits.deadlineMs / 1000)} s for its turn.`;
    const { retryAfterMs } = this;
    return new CodedError('DEADLINE', message, 'Try again when less is going on.', { retryAfterMs });
  }

  #startNext(): void {
    if (this.#running >= this.#limits.atOnce || this.#waiting.length === 0) return;
    const next = this.#next();
    this.#waiting.splice(this.#waiting.indexOf(next), 1);
    this.#running++;
    this.#now = Math.max(this.#now, this.#dueOf(next));
    next.start();
  }

  #next(): Waiting {
    const people = this.#waiting.filter(({ options }) => options.priority === 'interactive');
    const background = this.#waiting.filter(({ options }) => options.priority === 'background');
    const isForPeople =
      background.length === 0 || (people.length > 0 && this.#turnsForPeople < TURNS_FOR_PEOPLE - 1);
    this.#turnsForPeople = isForPeople && background.length > 0 ? this.#turnsForPeople + 1 : 0;
    // The oldest of those that are due at the same time.
    return (isForPeople ? people : background).reduce((first, entry) =>
      this.#dueOf(entry) < this.#dueOf(first) ? entry : first,
    );
  }

  #dueOf({ options }: Waiting): number {
    return Math.max(this.#now, this.#due.get(nameOf(options)) ?? 0);
  }
}

/** Nobody's jobs share a turn among them, as one client's do. */
function nameOf({ client = '' }: JobOptions): string {
  return client;
}
