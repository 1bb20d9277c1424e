/** Entry point of the compute thread: answers what compute-thread.ts asks, over the worker's own port. */
import { parentPort, workerData } from 'node:worker_threads';
import { createMessageConnection, PortMessageReader, PortMessageWriter } from 'vscode-jsonrpc/node';
import type { CancellationToken } from 'vscode-jsonrpc/node';
import { responseError } from '../../protocol/rpc.js';
import { createCompute } from './compute.js';
import type { ComputeOptions } from './compute.js';
import type { ComputeMethod, ComputeParams } from './compute-thread.js';

const compute = createCompute(workerData as ComputeOptions);
const connection = createMessageConnection(
  new PortMessageReader(parentPort!),
  new PortMessageWriter(parentPort!),
);

const handlers: {
  [M in ComputeMethod]: (params: ComputeParams[M], options: { signal: AbortSignal }) => Promise<unknown>;
} = {
  load: () => compute.load(),
  rehearse: () => compute.rehearse(),
  inspect: ({ bytes }) => compute.inspect(bytes),
  holds: ({ key }) => compute.holds(key),
  hold: ({ key, embedding }) => compute.hold(key, embedding),
  encode: ({ key, bytes }, options) => compute.encode(key, bytes, options),
  predict: (job, options) => compute.predict(job, options),
  trace: ({ rle, tolerancePx }) => compute.trace(rle, tolerancePx),
  render: (job, options) => compute.render(job, options),
  dispose: () => compute.dispose(),
};

for (const [method, handler] of Object.entries(handlers)) {
  connection.onRequest(method, async (params: unknown, token: CancellationToken) => {
    const controller = new AbortController();
    token.onCancellationRequested(() => controller.abort());
    try {
      return (await handler(params as never, { signal: controller.signal })) ?? null;
    } catch (error) {
      // The log is the only place where an unexpected error's stack can be read.
      if (!(error instanceof Error && 'code' in error)) console.error(error);
      return responseError(error);
    }
  });
}
connection.listen();
