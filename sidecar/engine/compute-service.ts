/** The compute thread's side of the connection: answers by name what compute-thread.ts asks. */
import { ProgressType } from 'vscode-jsonrpc/node';
import type { CancellationToken, MessageConnection } from 'vscode-jsonrpc/node';
import type { Embedding } from '../../models/adapter.js';
import { CodedError } from '../../protocol/errors.js';
import type { Rle } from '../../protocol/outline.js';
import type { PredictProgress } from '../../protocol/methods.js';
import { responseError } from '../../protocol/rpc.js';
import type { TreeExportRequest } from '../export/render-tree.js';
import { shuttingDown } from './compute.js';
import type { Cancellable, Compute, EverythingJob, PredictJob, RenderJob } from './compute.js';

/** What travels to the thread, by method. */
export interface ComputeParams {
  readonly load: Record<string, never>;
  readonly holds: { readonly key: string };
  readonly hold: { readonly key: string; readonly embedding: Embedding };
  readonly encode: { readonly key: string; readonly bytes: Uint8Array };
  readonly predict: { readonly job: PredictJob; readonly chosenToken?: number | undefined };
  readonly trace: { readonly rle: Rle; readonly tolerancePx: number };
  readonly render: RenderJob;
  readonly renderTree: TreeExportRequest;
  readonly startEverything: EverythingJob;
  readonly advanceEverything: { readonly run: string };
  readonly summariseEverything: { readonly run: string };
  readonly endEverything: { readonly run: string };
}
export type ComputeMethod = keyof ComputeParams;

/** Carries the chosen candidate of a prediction, by its `chosenToken`, before the others are traced. */
export const CHOSEN = new ProgressType<PredictProgress>();

/** Request: gives up what is running, lets the model go, then answers. Nothing may be asked after it. */
export const DISPOSE = 'dispose';

/** Notification with the stack of an error that nobody foresaw; the request itself is only told INTERNAL. */
export const UNEXPECTED = 'unexpected';

/** Notification with the device that failed, and why: see FallbackListener. */
export const FELL_BACK = 'fellBack';

/** Answers until the connection ends. */
export function serveCompute(connection: MessageConnection, compute: Compute): void {
  const handlers: {
    [M in ComputeMethod]: (params: ComputeParams[M], options: Cancellable) => Promise<unknown>;
  } = {
    load: () => compute.load(),
    holds: ({ key }) => compute.holds(key),
    hold: ({ key, embedding }) => compute.hold(key, embedding),
    encode: ({ key, bytes }, options) => compute.encode(key, bytes, options),
    predict: ({ job, chosenToken }, options) =>
      compute.predict(job, {
        ...options,
        onChosen:
          chosenToken === undefined
            ? undefined
            : (first) => void connection.sendProgress(CHOSEN, chosenToken, first),
      }),
    trace: ({ rle, tolerancePx }, options) => compute.trace(rle, tolerancePx, options),
    render: (job, options) => compute.render(job, options),
    renderTree: (request, options) => compute.renderTree(request, options),
    startEverything: (job) => compute.startEverything(job),
    advanceEverything: ({ run }, options) => compute.advanceEverything(run, options),
    summariseEverything: ({ run }) => compute.summariseEverything(run),
    endEverything: ({ run }) => compute.endEverything(run),
  };
  const running = new Map<AbortController, Promise<unknown>>();
  let isStopping = false;

  for (const [method, handler] of Object.entries(handlers)) {
    connection.onRequest(method, async (params: unknown, token: CancellationToken) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => controller.abort());
      try {
        const work = handler(params as never, { signal: controller.signal });
        running.set(controller, work);
        return (await work) ?? null;
      } catch (error) {
        // What was under way meets a model that is being let go.
        if (isStopping) return responseError(shuttingDown(error));
        if (!(error instanceof CodedError)) void connection.sendNotification(UNEXPECTED, stackOf(error));
        return responseError(error);
      } finally {
        running.delete(controller);
      }
    });
  }
  connection.onRequest(DISPOSE, async () => {
    isStopping = true;
    // Inference blocks this thread, so none is under way now, and whoever was aborted starts no other.
    for (const controller of running.keys()) controller.abort();
    await Promise.allSettled([compute.dispose(), ...running.values()]);
    return null;
  });
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
