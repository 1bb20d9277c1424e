/**
 * Who runs next on the one device, or what else there is little of: a newer click before older background work,
 * nobody twice at once, nobody forever. Work is cancellable while it waits and refused when too much is waiting.
 */
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

/** Someone is waiting to see an answer, or nobody is. */
export type Priority = 'interactive' | 'background';

export interface JobOptions {
  /** Who asks; left out, the job is nobody's alone and no client's share limits it. */
  readonly client?: string | undefined;
  readonly priority: Priority;
  readonly signal?: AbortSignal | undefined;
}

interface Waiting {
  readonly options: JobOptions;
  readonly start: () => void;
  readonly refuse: (error: CodedError) => void;
}

export class DeviceQueue {
  readonly #limits: QueueLimits;
  readonly #onWait: (ms: number) => void;
  readonly #waiting: Waiting[] = [];
  #running = 0;

  /** @param onWait Hears how long each job has waited when its turn comes. */
  constructor(limits: Partial<QueueLimits> = {}, onWait: (ms: number) => void = () => undefined) {
    this.#limits = { ...DEFAULT_QUEUE_LIMITS, ...limits };
    this.#onWait = onWait;
  }

  /** Jobs that wait for their turn. */
  get depth(): number {
    return this.#waiting.length;
  }

  /**
   * Runs a job when its turn comes.
   *
   * @throws CodedError CANCELLED when aborted while waiting, BUSY when too much waits, DEADLINE after the wait.
   */
  async run<T>(options: JobOptions, job: () => Promise<T>): Promise<T> {
    const asked = performance.now();
    await this.#turn(options);
    this.#onWait(performance.now() - asked);
    try {
      return await job();
    } finally {
      this.#running--;
      this.#startNext();
    }
  }

  #turn(options: JobOptions): Promise<void> {
    const { signal, client } = options;
    if (signal?.aborted) return Promise.reject(cancelledError());
    const fromClient =
      client === undefined ? 0 : this.#waiting.filter(({ options }) => options.client === client).length;
    if (this.#waiting.length >= this.#limits.waiting || fromClient >= this.#limits.waitingPerClient) {
      return Promise.reject(busyError(this.#waiting.length));
    }
    return new Promise((resolve, reject) => {
      const settle = (then: () => void) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        then();
      };
      const entry: Waiting = {
        options,
        start: () => settle(resolve),
        refuse: (error) => settle(() => reject(error)),
      };
      const leave = (error: CodedError) => {
        this.#waiting.splice(this.#waiting.indexOf(entry), 1);
        entry.refuse(error);
      };
      const abort = () => leave(cancelledError());
      const timer = setTimeout(() => leave(deadlineError(this.#limits.deadlineMs)), this.#limits.deadlineMs);
      signal?.addEventListener('abort', abort, { once: true });
      this.#waiting.push(entry);
      this.#startNext();
    });
  }

  #startNext(): void {
    if (this.#running >= this.#limits.atOnce || this.#waiting.length === 0) return;
    const interactive = this.#waiting.findIndex((entry) => entry.options.priority === 'interactive');
    const [next] = this.#waiting.splice(Math.max(0, interactive), 1);
    this.#running++;
    next!.start();
  }
}

function busyError(waiting: number): CodedError {
  return new CodedError('BUSY', `${waiting} requests are waiting already.`, 'Try again in a few seconds.');
}

function deadlineError(afterMs: number): CodedError {
  return new CodedError(
    'DEADLINE',
    `The request waited ${Math.round(afterMs / 1000)} s for its turn.`,
    'Try again when less is going on.',
  );
}
