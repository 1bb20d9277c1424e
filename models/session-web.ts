/** ONNX graphs in a browser, by onnxruntime-web on WebAssembly, in the calling thread. */
import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import { wrapSession } from './session.js';
import type { Session } from './session.js';

/**
 * Gives the runtime its WebAssembly, which it would otherwise fetch from beside the page's script. One thread: a page
 * has more only when its server isolates it, which a plugin's window is not.
 *
 * @param wasmBinary `ort-wasm-simd-threaded.wasm` of the onnxruntime-web package.
 */
export function provideRuntime(wasmBinary: Uint8Array): void {
  env.wasm.wasmBinary = wasmBinary;
  env.wasm.numThreads = 1;
  env.wasm.proxy = false;
}

/**
 * @param graph The ONNX file's bytes.
 * @throws Whatever the runtime says when the graph will not do.
 */
export async function loadWebSession(graph: Uint8Array): Promise<Session> {
  const session = await InferenceSession.create(graph, { executionProviders: ['wasm'] });
  return wrapSession('wasm', session, ({ data, dims }) => new Tensor('float32', data, dims));
}
