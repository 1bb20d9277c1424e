/** Runs in a page: the same models/ as in Node, over onnxruntime-web. Answers the probe. */
import { createSamModel } from '../../models/adapters/sam.js';
import { CATALOG } from '../../models/catalog.js';
import { rewireDecoder } from '../../models/graph.js';
import { compareProbe, probeModel } from '../../models/probe.js';
import { loadWebSession, provideRuntime } from '../../models/session-web.js';

async function bytesOf(path: string): Promise<Uint8Array> {
  return new Uint8Array(await (await fetch(path)).arrayBuffer());
}

async function answerProbe(): Promise<string> {
  const entry = CATALOG[0]!;
  provideRuntime(await bytesOf('/runtime.wasm'));
  const encoder = await loadWebSession(await bytesOf('/encoder.onnx'));
  const decoder = await loadWebSession(rewireDecoder(await bytesOf('/decoder.onnx'), entry.tensors));
  const model = createSamModel({ ...entry, fingerprint: 'web', encoder, decoder });
  return compareProbe(await probeModel(model), entry.probe) ?? 'agrees';
}

Object.assign(globalThis, { answerProbe });
