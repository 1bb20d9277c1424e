/** Runs in a page: the same models/ as in Node, over onnxruntime-web. Answers the probe. */
import { createSamModel } from '../../models/adapters/sam.js';
import { CATALOG } from '../../models/catalog.js';
import { buildDecoders } from '../../models/decoder/build.js';
import { compareProbe, probeModel } from '../../models/probe.js';
import { loadWebSession, provideRuntime } from '../../models/session-web.js';

async function bytesOf(path: string): Promise<Uint8Array> {
  return new Uint8Array(await (await fetch(path)).arrayBuffer());
}

async function answerProbe(): Promise<string> {
  const entry = CATALOG[0]!;
  provideRuntime(await bytesOf('/runtime.wasm'));
  const { image, prompt, refine } = buildDecoders(await bytesOf('/decoder.onnx'));
  const model = createSamModel(entry.id, {
    encoder: await loadWebSession(await bytesOf('/encoder.onnx')),
    image: await loadWebSession(image),
    prompt: await loadWebSession(prompt),
    refine: await loadWebSession(refine),
  });
  return compareProbe(await probeModel(model), entry.probe) ?? 'agrees';
}

Object.assign(globalThis, { answerProbe });
