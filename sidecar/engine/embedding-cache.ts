/** Embeddings on disk, so that an image seen before is never encoded again. Damage shows as absence. */
import cacache from 'cacache';
import type { Embedding } from '../../models/adapter.js';
import { sizeSchema } from '../../protocol/geometry.js';
import type { Size } from '../../protocol/geometry.js';
import { codeOf } from '../file-errors.js';
import { ensureHome } from '../home.js';
import type { CacheSize } from './image-shelf.js';

export interface EmbeddingCacheOptions {
  readonly dir: string;
  /** What may stay on disk; the oldest goes first. */
  readonly maxBytes?: number;
  /** Hears once when the disk cannot be used, and of each damaged entry. */
  readonly onNote: (note: string) => void;
}

/** Some 500 images. */
export const MAX_CACHE_BYTES = 2 * 1024 * 1024 * 1024;
/** Looking at every entry costs a few milliseconds a hundred. */
const PRUNE_INTERVAL_MS = 60_000;

/** The published types leave out its options. */
const removeEntry = cacache.rm.entry as (
  dir: string,
  key: string,
  options: { readonly removeFully: boolean },
) => Promise<unknown>;

export class EmbeddingCache {
  readonly #options: EmbeddingCacheOptions;
  #writable = true;
  #prunedMs = -Infinity;
  #size: CacheSize = { entries: 0, bytes: 0 };

  constructor(options: EmbeddingCacheOptions) {
    this.#options = options;
  }

  /** As counted at most a minute before the latest put; nothing until the first one. */
  get size(): CacheSize {
    return this.#size;
  }

  /** @returns Nothing when it was never kept, or when what was kept does not verify any more. */
  async get(key: string): Promise<Embedding | undefined> {
    const { dir, onNote } = this.#options;
    try {
      const { data, metadata } = await cacache.get(dir, key);
      const image = sizeSchema.parse(metadata);
      // The copy makes the bytes aligned and an ArrayBuffer of their own.
      return { data: new Float32Array(new Uint8Array(data).buffer), image };
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      onNote(`A cached embedding could not be read and is made again (${codeOf(error)}).`);
      await this.#remove(key);
      return undefined;
    }
  }

  /** What the index says, without reading the embedding: it may still prove damaged. */
  async sizeOf(key: string): Promise<Size | undefined> {
    const { dir, onNote } = this.#options;
    try {
      const entry = await cacache.get.info(dir, key);
      if (!entry || !(await cacache.get.hasContent(dir, entry.integrity))) return undefined;
      return sizeSchema.parse(entry.metadata);
    } catch (error) {
      onNote(`A cached embedding could not be looked up (${codeOf(error)}).`);
      return undefined;
    }
  }

  async #prune(): Promise<void> {
    const { dir, maxBytes = MAX_CACHE_BYTES } = this.#options;
    if (performance.now() - this.#prunedMs < PRUNE_INTERVAL_MS) return;
    this.#prunedMs = performance.now();
    const oldestFirst = Object.values(await cacache.ls(dir)).sort((a, b) => a.time - b.time);
    let entries = oldestFirst.length;
    let bytes = oldestFirst.reduce((sum, { size = 0 }) => sum + size, 0);
    for (const { key, size = 0 } of oldestFirst) {
      if (bytes <= maxBytes) break;
      await this.#remove(key);
      entries -= 1;
      bytes -= size;
    }
    this.#size = { entries, bytes };
  }

  /**
   * Content first: cacache would take damaged content for what a later put of the same bytes wants to write. Then the
   * index's file altogether: cacache would only note in it that the entry is gone, and keep it for good.
   */
  async #remove(key: string): Promise<void> {
    const { dir, onNote } = this.#options;
    try {
      const entry = await cacache.get.info(dir, key);
      if (entry) await cacache.rm.content(dir, entry.integrity);
      await removeEntry(dir, key, { removeFully: true });
    } catch (error) {
      onNote(`An embedding could not be removed from the disk (${codeOf(error)}).`);
    }
  }

  /**
   * Keeps an embedding, and now and then lets the oldest go. Never fails: on a full or read-only disk the embedding
   * just lives in memory.
   */
  async put(key: string, { data, image }: Embedding): Promise<void> {
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    try {
      // Removed while we run, with the home around it, it must not come back open to everybody.
      await ensureHome(this.#options.dir);
      await cacache.put(this.#options.dir, key, bytes, { metadata: image });
      this.#writable = true;
      await this.#prune();
    } catch (error) {
      if (this.#writable) {
        this.#options.onNote(`Embeddings are kept in memory only: the disk refused one (${codeOf(error)}).`);
      }
      this.#writable = false;
    }
  }
}
