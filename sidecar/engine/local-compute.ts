/** Compute in the thread that calls it. */
import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { LRUCache } from 'vscode-jsonrpc';
import type { Embedding, SegmentationModel } from '../../models/adapter.js';
import { traceCandidate, traceCandidates } from '../../models/candidates.js';
import type { TracedCandidate } from '../../models/candidates.js';
import { defaultTolerancePx } from '../../models/coordinates.js';
import type { EverythingUpdate } from '../../models/everything/run.js';
import { decodeRle } from '../../models/mask/rle.js';
import { fieldFromMask } from '../../models/logit-field.js';
import { predictPrompts } from '../../models/predict.js';
import type { Progressed } from '../../models/predict.js';
import { retouchOf } from '../../models/retouch.js';
import { validatePrompts } from '../../models/validate-prompts.js';
import { traceField } from '../../models/trace/outline.js';
import { CodedError, throwIfCancelled } from '../../protocol/errors.js';
import type { Size } from '../../protocol/geometry.js';
import type { Candidate, Rle } from '../../protocol/outline.js';
import type { Prompt } from '../../protocol/prompt.js';
import { renderExport } from '../export/render.js';
import type { ExportedFile } from '../export/render.js';
import { renderTree } from '../export/render-tree.js';
import type { TreeExportRequest } from '../export/render-tree.js';
import type { ImageReader, ReadOptions } from '../image-reader.js';
import { HELD_EMBEDDINGS, shuttingDown } from './compute.js';
import type {
  Cancellable,
  Compute,
  ComputeOptions,
  FallbackListener,
  Encoded,
  EverythingJob,
  EverythingSummary,
  ModelState,
  PredictJob,
  PredictOptions,
  Prediction,
  PromptJob,
  RenderJob,
} from './compute.js';
import { EverythingJobs } from './everything-jobs.js';
import { loadModel } from './load-model.js';
import { Refinements } from './refinements.js';

/** Each takes some 1.3 MiB. */
const REMEMBERED_ANSWERS = 32;

export function createCompute(
  options: ComputeOptions,
  images: ImageReader,
  onDidFallBack: FallbackListener = () => undefined,
): Compute {
  return new LocalCompute(options, images, onDidFallBack);
}

class LocalCompute implements Compute {
  readonly #options: ComputeOptions;
  readonly #embeddings = new LRUCache<string, Embedding>(HELD_EMBEDDINGS);
  readonly #answers = new LRUCache<string, Progressed>(REMEMBERED_ANSWERS);
  readonly #everything: EverythingJobs;
  readonly #stopping = new AbortController();
  readonly #refinements: Refinements;
  readonly #images: ImageReader;
  readonly #onDidFallBack: FallbackListener;
  #loading: Promise<{ model: SegmentationModel; state: Omit<ModelState, 'device'> }> | undefined;

  constructor(options: ComputeOptions, images: ImageReader, onDidFallBack: FallbackListener) {
    this.#options = options;
    this.#images = images;
    this.#onDidFallBack = onDidFallBack;
    this.#everything = new EverythingJobs(images);
    this.#refinements = new Refinements(images);
  }

  async load(): Promise<ModelState> {
    const { model, state } = await this.#loaded();
    // Not where it was loaded, but where it is by now.
    return { ...state, device: model.device };
  }

  inspect(bytes: Uint8Array, options?: ReadOptions): Promise<Size> {
    return this.#images.inspect(bytes, options);
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
    const image = await this.#images.decode(bytes, { signal });
    const read = performance.now();
    const embedding = await model
      .encode(image, signal && { signal })
      .finally(() => this.#images.letGo(image));
    this.#embeddings.set(key, embedding);
    return { embedding, readMs: read - started, encodeMs: performance.now() - read };
  }

  async predict(job: PredictJob, { signal, onChosen }: PredictOptions = {}): Promise<Prediction> {
    const started = performance.now();
    const { model, image, selection, state } = await this.#select(job, signal);
    const decoded = performance.now();
    const refinement = await this.#refinements.prepare(model, job, image, selection, { signal });
    const prepared = performance.now();
    const tolerancePx = job.tolerancePx ?? defaultTolerancePx(image);
    const retouch = retouchOf(job.prompts, image);
    const candidates: Candidate[] = [];
    for (const traced of traceCandidates(selection, image, { tolerancePx, refinement, retouch })) {
      const candidate = toWire(traced, job.rle);
      if (candidates.length === 0) onChosen?.({ candidate, offered: selection.candidates.length });
      candidates.push(candidate);
      await hearOthers();
      throwIfCancelled(signal);
    }
    return {
      candidates: candidates.sort((a, b) => a.rank - b.rank),
      chosen: selection.chosen + 1,
      state,
      decodeMs: decoded - started,
      refineMs: prepared - decoded,
      traceMs: performance.now() - prepared,
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
    const { model, image, selection } = await this.#select(job, signal);
    const refinement = await this.#refinements.prepare(model, job, image, selection, { signal });
    const tolerancePx = job.tolerancePx ?? defaultTolerancePx(image);
    const retouch = retouchOf(job.prompts, image);
    const candidate = traceCandidate(selection, selection.chosen, image, {
      tolerancePx,
      refinement,
      retouch,
    });
    const { format, bytes, softEdgePx } = job;
    return renderExport({ format, image, candidate, bytes, softEdgePx, signal }, this.#images);
  }

  renderTree(request: TreeExportRequest, { signal }: Cancellable = {}): Promise<ExportedFile> {
    return renderTree({ ...request, ...(signal && { signal }) }, this.#images);
  }

  async startEverything(job: EverythingJob): Promise<string | undefined> {
    const { model } = await this.#loaded();
    const embedding = this.#embeddings.get(job.key);
    return embedding && this.#everything.start(model, embedding, job);
  }

  advanceEverything(run: string, options: Cancellable = {}): Promise<EverythingUpdate> {
    return this.#everything.advance(run, options);
  }

  async summariseEverything(run: string): Promise<EverythingSummary> {
    return this.#everything.summarise(run);
  }

  async endEverything(run: string): Promise<void> {
    this.#everything.end(run);
  }

  async dispose(): Promise<void> {
    this.#stopping.abort();
    const loading = this.#loading;
    this.#loading = undefined;
    const loaded = await loading?.catch(() => undefined);
    await loaded?.model.dispose();
  }

  /** Answers from the longest list of prompts that was answered before, which for one more click is all but one. */
  async #select(job: PromptJob, signal: AbortSignal | undefined) {
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
    return { model, image: embedding.image, selection, state };
  }

  #recall(states: readonly string[]): Progressed | undefined {
    const known = states.findLast((state) => this.#answers.has(state));
    return known === undefined ? undefined : this.#answers.get(known);
  }

  async #loaded() {
    if (this.#stopping.signal.aborted) throw shuttingDown();
    this.#loading ??= this.#loadModel().catch((error: unknown) => {
      // A model that was refused stays the same until the next start, and trying it takes seconds.
      const isFinal = error instanceof CodedError && error.code === 'MODEL_REFUSED';
      if (!isFinal) this.#loading = undefined;
      throw error;
    });
    return this.#loading;
  }

  async #loadModel() {
    const { model, fallbacks, notes } = await loadModel({
      ...this.#options,
      signal: this.#stopping.signal,
      onDidFallBack: this.#onDidFallBack,
    });
    const state = { id: model.id, fallbacks, notes };
    return { model, state };
  }
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

/** Lets whoever asks anew call off what is left. What they say is read in one turn and heard in the next. */
async function hearOthers(): Promise<void> {
  await turn();
  await turn();
}

function toWire(traced: TracedCandidate, withRle: boolean): Candidate {
  const { rank, predictedIou, stabilityScore, area, box, outline, rle } = traced;
  return { rank, predictedIou, stabilityScore, area, box, outline, ...(withRle && { rle }) };
}
