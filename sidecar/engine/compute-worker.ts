/** Entry point of the compute thread: answers what compute-thread.ts asks, over the worker's own port. */
import { parentPort, workerData } from 'node:worker_threads';
import { createMessageConnection, PortMessageReader, PortMessageWriter } from 'vscode-jsonrpc/node';
import type { ComputeOptions } from './compute.js';
import { serveCompute } from './compute-service.js';
import { remoteImages } from './image-link.js';
import { createCompute } from './local-compute.js';

const connection = createMessageConnection(
  new PortMessageReader(parentPort!),
  new PortMessageWriter(parentPort!),
);
serveCompute(connection, createCompute(workerData as ComputeOptions, remoteImages(connection)));
connection.listen();
