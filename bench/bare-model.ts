/** The baseline of the speed benchmarks: onnxruntime-node alone, with the graphs and inputs the product uses. */
import type { Embedding, PromptSet } from '../models/adapter.js';
import { createSamModel } from '../models/adapters/sam.js';
import { findModel } from '../models/catalog.js';
import { preprocessImage } from '../models/preprocess.js';
import { loadSession } from '../models/session-node.js';
import type { Session } from '../models/session.js';
import { loadStoredModel } from '../models/store-node.js';
import { decodeImage } from '../sidecar/image.js';
import { timed } from './measure.js';

export interface BareModel {
  /** Milliseconds of one encoder run; the tensor is made beforehand. */
  encode(): Promise<number>;
  /** Milliseconds of one decoder run for one prompt. */
  decode(set: PromptSet): Promise<number>;
  dispose(): Promise<void>;
}

export async function loadBareModel(imageBytes: Uint8Array, cacheDir: string): Promise<BareModel> {
  const entry = findModel();
  const stored = await loadStoredModel(entry, { cacheDir });
  const encoder = await loadSession(stored.encoder, 'cpu');
  const decoder = timedSession(await loadSession(stored.decoder, 'cpu'));
  const parts = { id: entry.id, fingerprint: stored.fingerprint, tensors: entry.tensors };
  const model = createSamModel({ ...parts, encoder, decoder });
  const image = await decodeImage(imageBytes);
  const tensor = { data: preprocessImage(image), dims: [1, 3, 1024, 1024] };
  const embedding: Embedding = await model.encode(image);
  return {
    encode: () => timed(() => encoder.run({ input: tensor }, ['output'])),
    async decode(set) {
      await model.decode(embedding, [set]);
      return decoder.lastMs;
    },
    dispose: () => model.dispose(),
  };
}

/** Times the runtime's own work, without the making of its inputs. */
function timedSession(session: Session): Session & { lastMs: number } {
  return {
    ...session,
    lastMs: 0,
    async run(feeds, wanted) {
      const started = performance.now();
      const outputs = await session.run(feeds, wanted);
      this.lastMs = performance.now() - started;
      return outputs;
    },
  };
}
