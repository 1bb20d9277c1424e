/** ONNX graphs in Node, by onnxruntime-node. */
import { env, InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';
import { wrapSession } from './session.js';
import type { Session } from './session.js';

/** Version of the runtime. */
export const RUNTIME_VERSION = env.versions.node ?? env.versions.common;

/** Devices that the runtime knows on this platform, whether or not their libraries are there. */
export function supportedDevices(): string[] {
  return listSupportedBackends().map((backend) => backend.name);
}

/**
 * Loads a graph on one device. Loading and running both block the calling thread, so servers do it in a worker.
 *
 * @param graph The ONNX file's bytes.
 * @param device Execution provider: cpu, webgpu, cuda, dml or coreml.
 * @throws Whatever the runtime says when the device or the graph will not do.
 */
export async function loadSession(graph: Uint8Array, device: string): Promise<Session> {
  // Its own log would reach the terminal; failures reach us as errors anyway.
  env.logLevel = 'fatal';
  const session = await InferenceSession.create(graph, {
    executionProviders: [device],
    logSeverityLevel: 4,
    // Planned as one block a run, an encoder's memory takes 240 MB more and no less time.
    enableMemPattern: false,
  });
  return wrapSession(device, session, ({ data, dims }) => new Tensor('float32', data, dims));
}
