/**
 * Compute in a thread of its own, so that the event loop stays free for sockets: the runtime blocks the thread it
 * is called on for as long as an inference takes. A thread that dies is started again for the next job.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { createMessageConnection, LRUCache, PortMessageReader, ResponseError } from 'vscode-jsonrpc/node';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import { forgetTrials } from '../../models/device-history-node.js';
import { CodedError } from '../../protocol/errors.js';
import { withToken } from '../../protocol/rpc.js';
import { errorFromWire } from '../../protocol/wire-error.js';
import { withinMs } from '../within-ms.js';
import { HELD_EMBEDDINGS, shuttingDown } from './compute.js';
import type {
  Cancellable,
  Compute,
  ComputeOptions,
  Encoded,
  FallbackListener,
  PredictJob,
  Prediction,
  PredictOptions,
} from './compute.js';
import { CHOSEN, DISPOSE, FELL_BACK, UNEXPECTED } from './compute-service.js';
import type { ComputeMethod, ComputeParams } from './compute-service.js';
import type { DecodePool } from './decode-pool.js';
import { PixelWriter, serveImages } from './image-link.js';

/** What a stopping thread gets for the call it is in: loading the model takes a second, and many when the machine is busy. */
const STOP_MS = 8000;

/** Embeddings whose place in the thread's list this side may be wrong about. */
const MOST_OUT_OF_ORDER = 4;

export interface ComputeThreadOptions extends ComputeOptions {
  /** The built compute-worker. */
  readonly script: URL;
  /** Reads image files; disposed with the thread. */
  readonly images: DecodePool;
  /** Hears why a thread died by itself, and of errors that nobody foresaw. */
  readonly onNote: (note: string) => void;
  /** Hears what a thread died of. */
  readonly onCrash?: ((error: unknown) => void) | undefined;
  readonly onDidFallBack?: FallbackListener;
  readonly stopMs?: number;
}

interface Thread {
  readonly worker: Worker;
  readonly connection: MessageConnection;
  /** Resolves once it is gone, for whatever reason. */
  readonly exited: Promise<unknown>;
}

export function startComputeThread(options: ComputeThreadOptions): Compute {
  return new ComputeThread(options);
}

class ComputeThread implements Compute {
  readonly #options: ComputeThreadOptions;
  /**
   * What the thread holds, as far as it is certain: asking the thread itself would wait for the inference under way.
   * Shorter than the thread's own list, since the two need not see everything in the same order.
   */
  readonly #held = new LRUCache<string, true>(HELD_EMBEDDINGS - MOST_OUT_OF_ORDER);
  #thread: Thread | undefined;
  #stopping: Promise<void> | undefined;
  #lastToken = 0;

  constructor(options: ComputeThreadOptions) {
    this.#options = options;
  }

  readonly load: Compute['load'] = () => {
    this.#options.images.warmUp();
    return this.#ask('load', {});
  };
  readonly inspect: Compute['inspect'] = (bytes, options) =>
    this.#options.images.images.inspect(bytes, options);
  readonly holds: Compute['holds'] = async (key) => this.#held.has(key);
  readonly hold: Compute['hold'] = async (key, embedding) => {
    await this.#ask('hold', { key, embedding });
    this.#held.set(key, true);
  };
  readonly encode: Compute['encode'] = async (key, bytes, options) => {
    const encoded = await this.#ask<'encode', Encoded>('encode', { key, bytes }, options);
    this.#held.set(key, true);
    return encoded;
  };
  readonly trace: Compute['trace'] = (rle, tolerancePx, options) =>
    this.#ask('trace', { rle, tolerancePx }, options);
  readonly render: Compute['render'] = (job, options) => {
    this.#held.get(job.key);
    return this.#ask('render', job, options);
  };
  readonly renderTree: Compute['renderTree'] = (request, options) =>
    this.#ask('renderTree', request, options);
  readonly startEverything: Compute['startEverything'] = async (job) =>
    (await this.#ask<'startEverything', string | null>('startEverything', job)) ?? undefined;
  readonly advanceEverything: Compute['advanceEverything'] = (run, options) =>
    this.#ask('advanceEverything', { run }, options);
  readonly summariseEverything: Compute['summariseEverything'] = (run) =>
    this.#ask('summariseEverything', { run });
  readonly endEverything: Compute['endEverything'] = (run) => this.#ask('endEverything', { run });

  async predict(job: PredictJob, { onChosen, ...options }: PredictOptions = {}) {
    // Of what the thread holds, what it was asked about last is the last to go.
    this.#held.get(job.key);
    if (!onChosen || this.#stopping) return this.#ask<'predict', Prediction>('predict', { job }, options);
    const chosenToken = ++this.#lastToken;
    const listening = this.#started().connection.onProgress(CHOSEN, chosenToken, onChosen);
    try {
      return await this.#ask<'predict', Prediction>('predict', { job, chosenToken }, options);
    } finally {
      listening.dispose();
    }
  }

  dispose(): Promise<void> {
    this.#stopping ??= Promise.all([this.#stop(), this.#options.images.dispose()]).then(() => undefined);
    return this.#stopping;
  }

  /** Ending a thread inside the runtime's native code takes the whole process down: its call may end first. */
  async #stop(): Promise<void> {
    const thread = this.#thread;
    if (!thread) return;
    const disposed = sendDispose(thread.connection);
    await withinMs(this.#options.stopMs ?? STOP_MS, Promise.race([disposed, thread.exited]));
    this.#forgetTrials();
    await thread.worker.terminate();
  }

  async #ask<M extends ComputeMethod, R>(
    method: M,
    params: ComputeParams[M],
    { signal }: Cancellable = {},
  ): Promise<R> {
    if (this.#stopping) throw shuttingDown();
    const { connection } = this.#started();
    try {
      return await withToken(signal, (token) => connection.sendRequest<R>(method, params, token));
    } catch (error) {
      if (this.#stopping) throw shuttingDown(error);
      if (error instanceof ResponseError && error.data) throw errorFromWire(error.message, error.data);
      throw new CodedError('INTERNAL', 'The compute thread stopped.', 'Try again; it is started anew.', {
        cause: error,
      });
    }
  }

  #started(): Thread {
    this.#thread ??= this.#start();
    return this.#thread;
  }

  #start(): Thread {
    const { script, onNote, onCrash, onDidFallBack, device, cacheDir, ownModel, images } = this.#options;
    const workerData: ComputeOptions = { device, cacheDir, ownModel };
    const worker = new Worker(script, { workerData });
    const connection = createMessageConnection(new PortMessageReader(worker), new PixelWriter(worker));
    serveImages(connection, images.read);
    const thread = { worker, connection, exited: once(worker, 'exit').catch(() => undefined) };
    // A thread hears nothing of the process's end.
    process.once('exit', this.#forgetTrials);
    let died: unknown;
    worker.once('error', (error) => {
      died = error;
      onNote(`The compute thread stopped and is started again with the next job (${error.message}).`);
    });
    worker.once('exit', (status) => {
      if (!this.#stopping) onCrash?.(died ?? new Error(`The compute thread ended with ${status}.`));
      process.off('exit', this.#forgetTrials);
      if (this.#thread === thread) {
        this.#thread = undefined;
        this.#held.clear();
      }
      // Whoever still waits is answered; the connection rejects what is pending.
      connection.dispose();
    });
    connection.onNotification(UNEXPECTED, (stack: string) => onNote(`A computation failed: ${stack}`));
    if (onDidFallBack) connection.onNotification(FELL_BACK, onDidFallBack);
    connection.listen();
    return thread;
  }

  readonly #forgetTrials = () => forgetTrials(this.#options.cacheDir);
}

async function sendDispose(connection: MessageConnection): Promise<void> {
  try {
    await connection.sendRequest(DISPOSE);
  } catch {
    // The thread has gone by itself.
  }
}
