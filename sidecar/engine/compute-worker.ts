/** Entry point of the compute thread: answers what compute-thread.ts asks, over the worker's own port. */
import { parentPort, workerData } from 'node:worker_threads';
import { createMessageConnection, PortMessageReader, PortMessageWriter } from 'vscode-jsonrpc/node';
import type { ComputeOptions } from './compute.js';
import { FELL_BACK, serveCompute } from './compute-service.js';
import { remoteImages } from './image-link.js';
import { createCompute } from './local-compute.js';

const connection = createMessageConnection(
  new PortMessageReader(parentPort!),
  new PortMessageWriter(parentPort!),
);
const compute = createCompute(
  workerData as ComputeOptions,
  remoteImages(connection),
  (fallback) => void connection.sendNotification(FELL_BACK, fallback),
);
serveCompute(connection, compute);
connection.listen();
