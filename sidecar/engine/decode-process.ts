/** A process that reads one image at a time, seen from the server: whatever an image does to it, the server gets an error. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { cancelledError, CodedError } from '../../protocol/errors.js';
import { MAX_IMAGE_PIXELS } from '../image-file.js';
import { answerLength } from '../image-reader.js';
import type { ReadResult, ReadTask } from '../image-reader.js';
import { ANSWER_FD, answerSchema, readMessages, writeMessage } from './decode-wire.js';
import type { DecodeAnswer, DecodeLimits } from './decode-wire.js';

/** How long Node may take to load the library, on a machine that has better to do. */
const START_MS = 30_000;
/** A process ends itself at the limit; one that cannot any more is ended after this. */
const OVERTIME_MS = 2000;
/** Most images are read in less, and starting a process anew takes longer. */
const CANCEL_MS = 250;

const NODE_FLAGS = ['--expose-gc'];
/** Makes glibc give back what an image took; other systems do not know these names. */
const MALLOC = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '1048576',
  MALLOC_TRIM_THRESHOLD_: '1048576',
};

export interface DecodeProcessOptions {
  /** The built decode-worker. */
  readonly script: URL;
  /** Hears why it ended by itself, and of errors that nobody foresaw. */
  readonly onNote: (note: string) => void;
  readonly overtimeMs?: number | undefined;
}

interface Job {
  readonly task: ReadTask;
  /** The image has been read in time: its pixels get as much again to arrive. */
  readonly grantTime: () => void;
  readonly resolve: (result: ReadResult) => void;
  readonly reject: (error: CodedError) => void;
}

export class DecodeProcess {
  readonly #options: DecodeProcessOptions;
  readonly #child: ChildProcess;
  readonly #closed: Promise<void>;
  readonly #started: Promise<void>;
  #start!: (failure?: CodedError) => void;
  #job: Job | undefined;
  #isOver = false;

  /** @param onClose Called once nothing of it is left. */
  constructor(options: DecodeProcessOptions, onClose: () => void) {
    this.#options = options;
    const child = spawn(process.execPath, [...NODE_FLAGS, fileURLToPath(options.script)], {
      stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...MALLOC },
      windowsHide: true,
    });
    this.#child = child;
    this.#started = new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#end(notStarted()), START_MS);
      this.#start = (failure) => {
        clearTimeout(timer);
        if (failure) reject(failure);
        else resolve();
      };
    });
    // Whoever has a job for it hears of it; without one there is nobody to tell.
    this.#started.catch(() => undefined);
    const closed = new Promise<void>((resolve) => {
      child.once('error', () => {
        this.#end(notStarted());
        // One that never was does not close.
        if (child.pid === undefined) resolve();
      });
      child.once('close', (code, signal) => {
        if (!this.#isOver) options.onNote(`A process that reads images ended by itself (${signal ?? code}).`);
        this.#end(crashed());
        resolve();
      });
    });
    this.#closed = closed.then(onClose);
    // Writing to one that has just ended fails; its end is what is heard of.
    child.stdin!.on('error', () => undefined);
    readMessages(
      child.stdio[ANSWER_FD] as Readable,
      answerSchema,
      (head, bytes) => this.#hear(head, bytes),
      () => this.#distrust(),
      () => this.#job?.grantTime(),
    );
  }

  /** It takes no job any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /**
   * Has it do one job; the one before must be done.
   *
   * @throws CodedError IMAGE_* for what the file did to it, INTERNAL when it cannot be started, CANCELLED.
   */
  async run(
    task: ReadTask,
    bytes: Uint8Array,
    limits: DecodeLimits,
    signal?: AbortSignal,
  ): Promise<ReadResult> {
    await this.#started;
    if (this.#isOver) throw crashed();
    const mostMs = limits.timeMs + (this.#options.overtimeMs ?? OVERTIME_MS);
    const overrun = this.#endAfter(mostMs, tookTooLong);
    const timers = [overrun];
    const cancel = () => timers.push(this.#endAfter(CANCEL_MS, cancelledError));
    if (signal?.aborted) cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      return await new Promise<ReadResult>((resolve, reject) => {
        this.#job = { task, grantTime: () => overrun.refresh(), resolve, reject };
        writeMessage(this.#child.stdin!, { task, limits, length: bytes.length }, bytes);
      });
    } finally {
      timers.forEach(clearTimeout);
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** Ends it, whatever it is doing. */
  async dispose(reason: CodedError): Promise<void> {
    this.#end(reason);
    await this.#closed;
  }

  #endAfter(ms: number, reason: () => CodedError): NodeJS.Timeout {
    return setTimeout(() => this.#end(reason()), ms);
  }

  #end(reason: CodedError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#child.kill('SIGKILL');
    // Without effect where it had started well.
    this.#start(reason.code === 'SHUTTING_DOWN' ? reason : notStarted());
    this.#job?.reject(reason);
  }

  #hear(head: DecodeAnswer, bytes: Uint8Array): void {
    if ('ready' in head) return this.#start();
    if (this.#isOver) return;
    const job = this.#job;
    if (!job) return this.#distrust();
    // What comes with the same breath is no answer to it any more.
    this.#job = undefined;
    if ('error' in head) {
      const { name, message, hint } = head.error;
      if (head.note !== undefined) this.#options.onNote(`Reading an image failed: ${head.note}`);
      const error = new CodedError(name, message, hint);
      if (head.leaves) this.#end(error);
      job.reject(error);
      return;
    }
    const { width, height } = head;
    const isRight = width * height <= MAX_IMAGE_PIXELS && bytes.length === answerLength(job.task, head);
    if (!isRight) {
      this.#distrust();
      return job.reject(crashed());
    }
    job.resolve({ width, height, data: bytes });
  }

  /** An image has got at more than its own pixels. */
  #distrust(): void {
    if (!this.#isOver) this.#options.onNote('A process that reads images answered nonsense and is ended.');
    this.#end(crashed());
  }
}

function crashed(): CodedError {
  const message = 'Reading the image file failed badly: it is damaged, or made to do harm.';
  return new CodedError('IMAGE_UNREADABLE', message, 'Open it in another program and save it anew.');
}

function tookTooLong(): CodedError {
  const message = 'Reading the image takes too long.';
  return new CodedError('IMAGE_TOO_LARGE', message, 'Save it smaller, or as PNG or JPEG.');
}

function notStarted(): CodedError {
  const message = 'The process that reads images cannot be started.';
  return new CodedError('INTERNAL', message, 'Try again; if it stays so, install Cutline anew.');
}
