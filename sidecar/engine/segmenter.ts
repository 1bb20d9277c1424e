/**
 * The engine behind the protocol: knows images by their hash, sees to it that each is encoded once whoever asks,
 * and puts everything that needs the device into one queue.
 */
import { LRUCache } from 'vscode-jsonrpc';
import { findAmong } from '../../models/catalog.js';
import type { ModelDescription } from '../../models/catalog.js';
import { validatePrompts } from '../../models/validate-prompts.js';
import { CodedError } from '../../protocol/errors.js';
import type { Size } from '../../protocol/geometry.js';
import { DEFAULT_TOLERANCE_PX } from '../../protocol/method-parts.js';
import { exportFormatSchema } from '../../protocol/methods.js';
import type { ImageInfo } from '../../protocol/method-parts.js';
import type { PrepareProgress } from '../../protocol/methods.js';
import type { Rle } from '../../protocol/outline.js';
import type { Prompt } from '../../protocol/prompt.js';
import { withinMs } from '../within-ms.js';
import { hashImage, MAX_IMAGE_PIXELS, ownBytes } from '../image-file.js';
import type { EmbeddingSource } from '../observe/metrics.js';
import { unknownImage } from './compute.js';
import type { Cancellable, Compute, Encoded, ModelState } from './compute.js';
import type { EmbeddingCache } from './embedding-cache.js';
import { EncodeProgress } from './encode-progress.js';
import type {
  Engine,
  EngineCall,
  EngineDescription,
  EverythingEngineCall,
  PredictCall,
  PrepareCall,
} from './engine.js';
import { findEverything } from './everything.js';
import { ImageShelf } from './image-shelf.js';
import type { CacheSize } from './image-shelf.js';
import { DeviceQueue } from './queue.js';
import type { JobOptions, Priority } from './queue.js';
import { REHEARSAL_KEY, rehearsalEmbedding, rehearsalPrompts } from './rehearsal.js';
import { SharedTasks } from './shared-task.js';

export interface SegmenterParts {
  readonly compute: Compute;
  readonly cache: EmbeddingCache;
  readonly queue: DeviceQueue;
  /** What may be asked for by name, the default first. */
  readonly models: readonly ModelDescription[];
  /** Names everything that an embedding depends on besides the image. */
  readonly fingerprint: string;
  /** Hears where each embedding came from. */
  readonly onLookup?: (source: EmbeddingSource) => void;
}

/** An embedding that compute now holds, and what it took. */
interface Prepared {
  readonly image: Size;
  readonly cache: 'hit' | 'miss';
  readonly readMs: number;
  readonly encodeMs: number;
}

/** What writing may take while everything stops; the compute thread may take longer. */
const MAX_WRITE_WAIT_MS = 2_000;

/** Sizes are a few bytes each. */
const REMEMBERED_SIZES = 10_000;

/** Pure noise of this length takes some seconds to trace; masks of things stay far below. */
const MAX_COUNTS_LENGTH = 500_000;

export class Segmenter implements Engine {
  readonly #parts: SegmenterParts;
  readonly #shelf = new ImageShelf();
  /** Trees are exported one after another, since each takes memory. */
  readonly #exports = new DeviceQueue();
  readonly #sizes = new LRUCache<string, Size>(REMEMBERED_SIZES);
  readonly #preparing = new SharedTasks<Prepared, PrepareProgress>();
  readonly #progress = new EncodeProgress();
  readonly #writes = new Set<Promise<void>>();
  #model: ModelState | undefined;

  constructor(parts: SegmenterParts) {
    this.#parts = parts;
  }

  /** Loads the model now, rather than with the first image. */
  async warmUp(): Promise<ModelState> {
    this.#model = await this.#parts.compute.load();
    return this.#model;
  }

  /** The model has moved to another device, and whoever asks next is told which. */
  forgetDevice(): void {
    this.#model = undefined;
  }

  /** Makes the first click as quick as later ones, in turns of one decode, until anyone else waits. */
  async rehearse({ signal }: Cancellable = {}): Promise<void> {
    const { compute, queue } = this.#parts;
    await compute.hold(REHEARSAL_KEY, rehearsalEmbedding());
    for (const prompts of rehearsalPrompts()) {
      const isWaitedFor = await queue.run({ priority: 'background', signal }, async () => {
        if (!(await compute.holds(REHEARSAL_KEY))) return true;
        await compute.predict({ key: REHEARSAL_KEY, prompts, rle: false }, { signal });
        return queue.depth > 0;
      });
      if (isWaitedFor) return;
    }
  }

  /** Jobs that wait for the device. */
  get queueDepth(): number {
    return this.#parts.queue.depth;
  }

  /** The model's name and device; undefined until it has been loaded. */
  get model(): ModelState | undefined {
    return this.#model;
  }

  /** What is kept: uploaded files in memory, embeddings on disk as far as they have been counted. */
  get caches(): { readonly images: CacheSize; readonly embeddings: CacheSize } {
    return { images: this.#shelf.size, embeddings: this.#parts.cache.size };
  }

  get retryAfterMs(): number {
    return this.#parts.queue.retryAfterMs;
  }

  describe(): EngineDescription {
    const models = this.#parts.models.map(({ id, name, licence }) => ({
      id,
      name,
      licence,
      ...(this.#model?.id === id && { device: this.#model.device }),
    }));
    return { models, exports: exportFormatSchema.options, imagePixels: MAX_IMAGE_PIXELS };
  }

  /** Known is what can be prepared without the image's bytes being sent, unless its embedding proves damaged then. */
  async openImage({ sha256 }: Parameters<Engine['openImage']>[0]) {
    const size = await this.#usableSize(sha256);
    return size ? { known: true, image: { id: sha256, ...size } } : { known: false };
  }

  async uploadImage(params: Parameters<Engine['uploadImage']>[0], call: EngineCall) {
    const bytes = ownBytes(params.bytes);
    const id = hashImage(bytes);
    const { width, height } = this.#sizes.get(id) ?? (await this.#parts.compute.inspect(bytes, call));
    this.#shelf.put(id, bytes);
    this.#sizes.set(id, { width, height });
    return { image: { id, width, height } };
  }

  async prepare({ image: id, model }: Parameters<Engine['prepare']>[0], call: PrepareCall) {
    const entry = findAmong(this.#parts.models, model);
    const { image, cache, readMs, encodeMs } = await this.#prepared(id, call);
    const info: ImageInfo = { id, ...image };
    return {
      image: info,
      model: entry.id,
      device: await this.#device(),
      cache,
      timings: { readMs, encodeMs },
    };
  }

  async predict(params: Parameters<Engine['predict']>[0], call: PredictCall) {
    findAmong(this.#parts.models, params.model);
    const { prompts, rle = false, tolerancePx, refine } = params;
    this.#refuseEarly(params.image, prompts);
    const bytes = refine ? this.#shelf.get(params.image) : undefined;
    const job = { key: this.#keyOf(params.image), prompts, tolerancePx, refine, bytes, rle };
    const [{ cache, encodeMs }, prediction] = await this.#withEmbedding(params.image, call, () =>
      this.#parts.compute.predict(job, call),
    );
    const { candidates, chosen, state, decodeMs, refineMs, traceMs } = prediction;
    const timings = { encodeMs, decodeMs, ...(refine && { refineMs }), traceMs };
    return { candidates: [...candidates], chosen, state, cache, timings };
  }

  /** Holds the device as everything does, but not before anyone's clicks. */
  async trace({ rle, tolerancePx = DEFAULT_TOLERANCE_PX }: Parameters<Engine['trace']>[0], call: EngineCall) {
    refuseHuge(rle);
    const { compute, queue } = this.#parts;
    const { outline, traceMs } = await queue.run(jobOptions(call, 'background'), () =>
      compute.trace(rle, tolerancePx, { signal: call.signal }),
    );
    return { outline, timings: { traceMs } };
  }

  async exportObject(params: Parameters<Engine['exportObject']>[0], call: EngineCall) {
    findAmong(this.#parts.models, params.model);
    const { prompts, format, tolerancePx, refine, softEdgePx } = params;
    this.#refuseEarly(params.image, prompts);
    const bytes = refine || format === 'cutout' ? this.#shelf.get(params.image) : undefined;
    const job = { key: this.#keyOf(params.image), prompts, format, tolerancePx, refine, softEdgePx, bytes };
    const [, file] = await this.#withEmbedding(params.image, call, () =>
      this.#parts.compute.render(job, call),
    );
    return file;
  }

  /** Everything in the image, in turns that let clicks go first. */
  async findEverything(params: Parameters<Engine['findEverything']>[0], call: EverythingEngineCall) {
    const started = performance.now();
    const entry = findAmong(this.#parts.models, params.model);
    const { image: id, options = {}, resume } = params;
    resume?.masks.forEach(({ rle }) => refuseHuge(rle));
    const onProgress = call.onProgress ?? (() => undefined);
    const prepare = {
      ...call,
      onProgress: ({ stage }: PrepareProgress) => onProgress({ stage, fraction: 0 }),
    };
    const { image, encodeMs } = await this.#prepared(id, prepare);
    const job = { key: this.#keyOf(id), options, resume, bytes: this.#shelf.get(id) };
    const turn = { ...jobOptions(call, 'background'), signal: call.signal };
    const hold = () => this.#holdForTurn(id, call.signal);
    const { timings, masks, ...found } = await findEverything(this.#parts, job, { turn, hold, onProgress });
    return {
      image: { id, ...image },
      model: entry.id,
      device: await this.#device(),
      ...found,
      masks: [...masks],
      timings: { encodeMs, ...timings, totalMs: performance.now() - started },
    };
  }

  async exportTree({ image: id, masks, format }: Parameters<Engine['exportTree']>[0], call: EngineCall) {
    masks.forEach(({ rle }) => refuseHuge(rle));
    const size = await this.#usableSize(id);
    if (!size) throw unknownImage();
    const request = { image: size, masks, format, bytes: this.#shelf.get(id) };
    // Needs no device, and is mostly done by other threads: clicks need not wait for it, only other exports.
    return this.#exports.run(jobOptions(call, 'background'), () =>
      this.#parts.compute.renderTree(request, call),
    );
  }

  /** Waits a little for what is still being written, and lets the model go. */
  async dispose(): Promise<void> {
    // Half-written content is never found again, so a disk that hangs costs one embedding.
    const written = withinMs(MAX_WRITE_WAIT_MS, Promise.allSettled(this.#writes));
    await Promise.all([written, this.#parts.compute.dispose()]);
  }

  #keyOf(image: string): string {
    return `${image}-${this.#parts.fingerprint}`;
  }

  /** Size of an image of which the embedding or the bytes are at hand; whether it is whole, preparing finds out. */
  async #usableSize(id: string): Promise<Size | undefined> {
    const { compute, cache } = this.#parts;
    const size = this.#sizes.get(id);
    if (size && (this.#shelf.get(id) || (await compute.holds(this.#keyOf(id))))) return size;
    return cache.sizeOf(this.#keyOf(id));
  }

  async #device(): Promise<string> {
    return (this.#model ?? (await this.warmUp())).device;
  }

  /** Prompts that cannot be answered should not cost an encode to find out. */
  #refuseEarly(id: string, prompts: readonly Prompt[]): void {
    const size = this.#sizes.get(id);
    for (const prompt of prompts) if (prompt.type === 'mask') refuseHuge(prompt.rle);
    if (size) validatePrompts(prompts, size);
  }

  /** Does work that needs an image's embedding, when the device is free. */
  async #withEmbedding<T>(id: string, call: EngineCall, work: () => Promise<T>): Promise<[Prepared, T]> {
    const sinceMs = performance.now();
    const prepared = await this.#prepared(id, call, sinceMs);
    const options = { ...jobOptions(call, 'interactive'), sinceMs };
    const result = await this.#parts.queue.run(options, async () => {
      await this.#holdForTurn(id, call.signal);
      return work();
    });
    return [prepared, result];
  }

  /** While a job waited for its turn, other images may have pushed its embedding out again: in its turn none can. */
  async #holdForTurn(id: string, signal: AbortSignal): Promise<void> {
    const { compute } = this.#parts;
    const key = this.#keyOf(id);
    if (await compute.holds(key)) return;
    if (await this.#holdKept(id)) return;
    await this.#encode(id, (bytes) => compute.encode(key, bytes, { signal }));
  }

  /** Sees to it that compute holds the image's embedding: from its memory, from disk, or by encoding. */
  async #prepared(
    id: string,
    { client, signal, onProgress }: PrepareCall,
    sinceMs = performance.now(),
  ): Promise<Prepared> {
    onProgress?.({ stage: 'waiting', fraction: 0 });
    for (;;) {
      let isOwn = false;
      try {
        return await this.#preparing.join(id, { signal, onProgress }, (shared, report) => {
          isOwn = true;
          return this.#prepareOnce(id, { client, priority: 'interactive', signal: shared, sinceMs }, report);
        });
      } catch (error) {
        // The encode counted against whoever asked first: what was too much of theirs is not too much of this one's.
        if (isOwn || !isRefusal(error)) throw error;
      }
    }
  }

  /** No client's leaving stops the encode for the others. */
  async #prepareOnce(
    id: string,
    options: JobOptions,
    report: (progress: PrepareProgress) => void,
  ): Promise<Prepared> {
    const { compute, queue, onLookup } = this.#parts;
    const key = this.#keyOf(id);
    const size = this.#sizes.get(id);
    const isHeld = size && (await compute.holds(key));
    const image = isHeld ? size : await this.#holdKept(id);
    if (image) {
      onLookup?.(isHeld ? 'memory' : 'disk');
      return { image, cache: 'hit', readMs: 0, encodeMs: 0 };
    }
    if (!this.#shelf.get(id)) throw unknownImage();
    onLookup?.('miss');
    const { embedding, readMs, encodeMs } = await queue.run(options, () =>
      this.#encode(id, async (bytes) => {
        const progress = this.#progress.watch(report);
        try {
          return await compute.encode(key, bytes, options);
        } finally {
          progress.dispose();
        }
      }),
    );
    return { image: embedding.image, cache: 'miss', readMs, encodeMs };
  }

  /** @returns Nothing when the disk keeps no embedding of the image. */
  async #holdKept(id: string): Promise<Size | undefined> {
    const key = this.#keyOf(id);
    const kept = await this.#parts.cache.get(key);
    if (!kept) return undefined;
    await this.#parts.compute.hold(key, kept);
    this.#sizes.set(id, kept.image);
    return kept.image;
  }

  /** @throws CodedError IMAGE_UNKNOWN when the image's bytes are gone. */
  async #encode(id: string, encode: (bytes: Uint8Array) => Promise<Encoded>): Promise<Encoded> {
    const bytes = this.#shelf.get(id);
    if (!bytes) throw unknownImage();
    const encoded = await encode(bytes);
    this.#sizes.set(id, encoded.embedding.image);
    this.#keep(this.#parts.cache.put(this.#keyOf(id), encoded.embedding));
    return encoded;
  }

  #keep(write: Promise<void>): void {
    this.#writes.add(write);
    void write.finally(() => this.#writes.delete(write));
  }
}

function jobOptions({ client, signal }: EngineCall, priority: Priority): JobOptions {
  return { client, signal, priority };
}

function isRefusal(error: unknown): boolean {
  return error instanceof CodedError && (error.code === 'BUSY' || error.code === 'DEADLINE');
}

/** @throws CodedError IMAGE_TOO_LARGE when tracing the mask would hold everybody up. */
function refuseHuge({ size: [height, width], counts }: Rle): void {
  if (width * height > MAX_IMAGE_PIXELS) {
    throw new CodedError('IMAGE_TOO_LARGE', `The mask has ${width}×${height} pixels.`, 'Make it smaller.');
  }
  if (counts.length > MAX_COUNTS_LENGTH) {
    const message = `The mask’s runs take ${counts.length} characters; ${MAX_COUNTS_LENGTH} is the most.`;
    throw new CodedError('IMAGE_TOO_LARGE', message, 'Smooth the mask or remove its specks.');
  }
}
