/**
 * Everything that keeps a processor busy: reading images, encoding, decoding, tracing, rendering exports. It runs
 * in this thread; the server puts it into a worker (compute-thread.ts), the command line calls it directly.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { LRUCache } from 'vscode-jsonrpc';
import type { Embedding, SegmentationModel } from '../../models/adapter.js';
import { traceCandidates } from '../../models/candidates.js';
import type { TracedCandidate } from '../../models/candidates.js';
import { findModel } from '../../models/catalog.js';
import { defaultTolerancePx } from '../../models/coordinates.js';
import { deviceHistory } from '../../models/device-history-node.js';
import { loadOnDevice } from '../../models/device-node.js';
import type { DeviceChoice, Fallback } from '../../models/device-node.js';
import { decodeRle } from '../../models/mask/rle.js';
import { fieldFromMask } from '../../models/logit-field.js';
import { predictPrompts, validatePrompts } from '../../models/predict.js';
import type { Progressed } from '../../models/predict.js';
import { RUNTIME_VERSION } from '../../models/session-node.js';
import { loadStoredModel } from '../../models/store-node.js';
import { traceField } from '../../models/trace/outline.js';
import { CodedError, throwIfCancelled } from '../../protocol/errors.js';
import type { Size } from '../../protocol/geometry.js';
import type { ExportFormat } from '../../protocol/methods.js';
import type { Candidate, Outline, Rle } from '../../protocol/outline.js';
import type { Prompt } from '../../protocol/prompt.js';
import { renderExport } from '../export/render.js';
import type { ExportedFile } from '../export/render.js';
import { decodeImage, inspectImage } from '../image.js';

export interface ComputeOptions {
  readonly model?: string | undefined;
  readonly device: DeviceChoice;
  /** Where rewired graphs are kept, and which devices would not do. */
  readonly cacheDir: string;
}

export interface ModelState {
  readonly id: string;
  readonly device: string;
  readonly fallbacks: readonly Fallback[];
  /** What was mended or could not be kept while loading. */
  readonly notes: readonly string[];
}

export interface Encoded {
  readonly embedding: Embedding;
  readonly readMs: number;
  readonly encodeMs: number;
}

export interface PredictJob {
  /** Names the embedding. */
  readonly key: string;
  readonly prompts: readonly Prompt[];
  /** By the image when left out. */
  readonly tolerancePx?: number | undefined;
  readonly rle: boolean;
}

export interface Prediction {
  readonly candidates: readonly Candidate[];
  readonly chosen: number;
  readonly state: string;
  readonly decodeMs: number;
  readonly traceMs: number;
}

export interface RenderJob {
  readonly key: string;
  readonly prompts: readonly Prompt[];
  readonly tolerancePx?: number | undefined;
  readonly format: ExportFormat;
  /** The image file; only a cut-out needs it. */
  readonly bytes?: Uint8Array | undefined;
}

export interface Cancellable {
  readonly signal?: AbortSignal | undefined;
}

/** Jobs are named by the keys of their embeddings; a job whose embedding is not held is a programming error. */
export interface Compute {
  /** Loads the model if need be. */
  load(): Promise<ModelState>;
  inspect(bytes: Uint8Array): Promise<Size>;
  holds(key: string): Promise<boolean>;
  hold(key: string, embedding: Embedding): Promise<void>;
  /** Also holds the result. */
  encode(key: string, bytes: Uint8Array, options?: Cancellable): Promise<Encoded>;
  predict(job: PredictJob, options?: Cancellable): Promise<Prediction>;
  /** @throws CodedError RLE_INVALID, MASK_EMPTY */
  trace(rle: Rle, tolerancePx: number, options?: Cancellable): Promise<{ outline: Outline; traceMs: number }>;
  render(job: RenderJob, options?: Cancellable): Promise<ExportedFile>;
  /** Gives up a load under way and lets the model go; whatever needs it afterwards rejects with SHUTTING_DOWN. */
  dispose(): Promise<void>;
}

/** Each embedding takes 4 MiB and each remembered answer up to 1 MiB. */
const HELD_EMBEDDINGS = 16;
const REMEMBERED_ANSWERS = 32;

export function createCompute(options: ComputeOptions): Compute {
  return new ThreadCompute(options);
}

class ThreadCompute implements Compute {
  readonly #options: ComputeOptions;
  readonly #embeddings = new LRUCache<string, Embedding>(HELD_EMBEDDINGS);
  readonly #answers = new LRUCache<string, Progressed>(REMEMBERED_ANSWERS);
  readonly #stopping = new AbortController();
  #loading: Promise<{ model: SegmentationModel; state: ModelState }> | undefined;

  constructor(options: ComputeOptions) {
    this.#options = options;
  }

  async load(): Promise<ModelState> {
    return (await this.#loaded()).state;
  }

  inspect(bytes: Uint8Array): Promise<Size> {
    return inspectImage(bytes);
  }

  async holds(key: string): Promise<boolean> {
    return this.#embeddings.has(key);
  }

  async hold(key: string, embedding: Embedding): Promise<void> {
    this.#embeddings.set(key, embedding);
  }

  async encode(key: string, bytes: Uint8Array, { signal }: Cancellable = {}): Promise<Encoded> {
    const { model } = await this.#loaded();
    const started = performance.now();
    const image = await decodeImage(bytes);
    const read = performance.now();
    const embedding = await model.encode(image, signal && { signal });
    this.#embeddings.set(key, embedding);
    return { embedding, readMs: read - started, encodeMs: performance.now() - read };
  }

  async predict(job: PredictJob, { signal }: Cancellable = {}): Promise<Prediction> {
    const started = performance.now();
    const { image, selection, state } = await this.#select(job, signal);
    const decoded = performance.now();
    const traced = traceCandidates(selection, image, job.tolerancePx ?? defaultTolerancePx(image));
    return {
      candidates: traced.map((candidate) => toWire(candidate, job.rle)),
      chosen: selection.chosen + 1,
      state,
      decodeMs: decoded - started,
      traceMs: performance.now() - decoded,
    };
  }

  async trace(rle: Rle, tolerancePx: number, { signal }: Cancellable = {}) {
    const started = performance.now();
    const [height, width] = rle.size;
    const field = fieldFromMask(decodeRle(rle), { width, height });
    const { outline } = traceField(field, { tolerancePx, minRegionPx: 0, signal });
    if (outline.rings === 0) {
      throw new CodedError('MASK_EMPTY', 'The mask has no pixel inside.', 'Is it inverted?');
    }
    return { outline, traceMs: performance.now() - started };
  }

  async render(job: RenderJob, { signal }: Cancellable = {}): Promise<ExportedFile> {
    const { image, selection } = await this.#select(job, signal);
    const traced = traceCandidates(selection, image, job.tolerancePx ?? defaultTolerancePx(image));
    return renderExport({
      format: job.format,
      image,
      candidate: traced[selection.chosen]!,
      bytes: job.bytes,
    });
  }

  async dispose(): Promise<void> {
    this.#stopping.abort();
    const loading = this.#loading;
    this.#loading = undefined;
    const loaded = await loading?.catch(() => undefined);
    await loaded?.model.dispose();
  }

  /** Answers from the longest list of prompts that was answered before, which for one more click is all but one. */
  async #select(job: Pick<PredictJob, 'key' | 'prompts'>, signal: AbortSignal | undefined) {
    throwIfCancelled(signal);
    const embedding = this.#embeddings.get(job.key);
    if (!embedding) throw new Error(`No embedding is held for ${job.key}.`);
    validatePrompts(job.prompts, embedding.image);
    const states = stateIds(job.key, job.prompts);
    const from = this.#recall(states);
    const { model } = await this.#loaded();
    const selection = await predictPrompts(model, embedding, job.prompts, {
      from,
      ...(signal && { signal }),
    });
    const state = states.at(-1)!;
    this.#answers.set(state, { count: job.prompts.length, selection });
    return { image: embedding.image, selection, state };
  }

  #recall(states: readonly string[]): Progressed | undefined {
    const known = states.findLast((state) => this.#answers.has(state));
    return known === undefined ? undefined : this.#answers.get(known);
  }

  async #loaded() {
    if (this.#stopping.signal.aborted) throw shuttingDown();
    this.#loading ??= this.#loadModel().catch((error: unknown) => {
      this.#loading = undefined;
      throw error;
    });
    return this.#loading;
  }

  async #loadModel() {
    const { cacheDir, device } = this.#options;
    const notes: string[] = [];
    const entry = findModel(this.#options.model);
    const stored = await loadStoredModel(entry, { cacheDir, onNote: (note) => notes.push(note) });
    const { model, fallbacks } = await loadOnDevice(
      entry,
      stored,
      device,
      deviceHistory(devicesDir(cacheDir), RUNTIME_VERSION),
      { signal: this.#stopping.signal },
    );
    const state = { id: entry.id, device: model.device, fallbacks, notes };
    return { model, state };
  }
}

/** Folder of what is remembered of devices. */
export function devicesDir(cacheDir: string): string {
  return join(cacheDir, 'devices');
}

/** What every job gets once compute has been disposed. */
export function shuttingDown(cause?: unknown): CodedError {
  return new CodedError('SHUTTING_DOWN', 'The sidecar is stopping.', 'Try again when it has started anew.', {
    cause,
  });
}

/**
 * Names the answer to each beginning of a list of prompts by what it answers, so that the same prompts find it
 * whoever asks. Each name builds on the one before, which keeps long lists cheap.
 */
function stateIds(key: string, prompts: readonly Prompt[]): string[] {
  let id = key;
  return prompts.map((prompt) => {
    id = createHash('sha256').update(id).update(JSON.stringify(prompt)).digest('hex').slice(0, 32);
    return id;
  });
}

function toWire(traced: TracedCandidate, withRle: boolean): Candidate {
  const { rank, predictedIou, stabilityScore, area, box, outline, rle } = traced;
  return { rank, predictedIou, stabilityScore, area, box, outline, ...(withRle && { rle }) };
}
