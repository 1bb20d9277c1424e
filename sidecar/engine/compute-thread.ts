/**
 * Compute in a thread of its own, so that the event loop stays free for sockets: the runtime blocks the thread it
 * is called on for as long as an inference takes. A thread that dies is started again for the next job.
 */
import { Worker } from 'node:worker_threads';
import {
  CancellationToken,
  createMessageConnection,
  PortMessageReader,
  PortMessageWriter,
  ResponseError,
} from 'vscode-jsonrpc/node';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import type { Embedding } from '../../models/adapter.js';
import { CodedError } from '../../protocol/errors.js';
import type { Rle } from '../../protocol/outline.js';
import { tokenFromSignal } from '../../protocol/rpc.js';
import { errorFromWire } from '../../protocol/wire-error.js';
import type { Cancellable, Compute, ComputeOptions, PredictJob, RenderJob } from './compute.js';

/** What travels to the thread, by method. */
export interface ComputeParams {
  readonly load: Record<string, never>;
  readonly rehearse: Record<string, never>;
  readonly inspect: { readonly bytes: Uint8Array };
  readonly holds: { readonly key: string };
  readonly hold: { readonly key: string; readonly embedding: Embedding };
  readonly encode: { readonly key: string; readonly bytes: Uint8Array };
  readonly predict: PredictJob;
  readonly trace: { readonly rle: Rle; readonly tolerancePx: number };
  readonly render: RenderJob;
  readonly dispose: Record<string, never>;
}
export type ComputeMethod = keyof ComputeParams;

interface Thread {
  readonly worker: Worker;
  readonly connection: MessageConnection;
}

/**
 * @param script The built compute-worker.
 * @param onCrash Hears why a thread died by itself.
 */
export function startComputeThread(
  script: URL,
  options: ComputeOptions,
  onCrash: (error: Error) => void,
): Compute {
  return new ComputeThread(script, options, onCrash);
}

class ComputeThread implements Compute {
  readonly #script: URL;
  readonly #options: ComputeOptions;
  readonly #onCrash: (error: Error) => void;
  #thread: Thread | undefined;

  constructor(script: URL, options: ComputeOptions, onCrash: (error: Error) => void) {
    this.#script = script;
    this.#options = options;
    this.#onCrash = onCrash;
  }

  readonly load: Compute['load'] = () => this.#ask('load', {});
  readonly rehearse: Compute['rehearse'] = () => this.#ask('rehearse', {});
  readonly inspect: Compute['inspect'] = (bytes) => this.#ask('inspect', { bytes });
  readonly holds: Compute['holds'] = (key) => this.#ask('holds', { key });
  readonly hold: Compute['hold'] = (key, embedding) => this.#ask('hold', { key, embedding });
  readonly encode: Compute['encode'] = (key, bytes, options) => this.#ask('encode', { key, bytes }, options);
  readonly predict: Compute['predict'] = (job, options) => this.#ask('predict', job, options);
  readonly trace: Compute['trace'] = (rle, tolerancePx) => this.#ask('trace', { rle, tolerancePx });
  readonly render: Compute['render'] = (job, options) => this.#ask('render', job, options);

  async dispose(): Promise<void> {
    const thread = this.#thread;
    if (!thread) return;
    this.#thread = undefined;
    // An inference under way cannot be interrupted; ending the thread waits for it, and then nothing is left.
    await thread.worker.terminate();
    thread.connection.dispose();
  }

  async #ask<M extends ComputeMethod, R>(
    method: M,
    params: ComputeParams[M],
    { signal }: Cancellable = {},
  ): Promise<R> {
    const { connection } = this.#started();
    // Left out, it must not be undefined: that would travel as a second parameter.
    const token = signal ? tokenFromSignal(signal) : CancellationToken.None;
    try {
      return await connection.sendRequest<R>(method, params, token);
    } catch (error) {
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
    const worker = new Worker(this.#script, { workerData: this.#options });
    const connection = createMessageConnection(new PortMessageReader(worker), new PortMessageWriter(worker));
    const thread = { worker, connection };
    worker.once('error', this.#onCrash);
    worker.once('exit', () => {
      if (this.#thread === thread) this.#thread = undefined;
      // Whoever still waits is answered; the connection rejects what is pending.
      connection.dispose();
    });
    connection.listen();
    return thread;
  }
}
