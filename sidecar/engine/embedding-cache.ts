/** Embeddings on disk, so that an image seen before is never encoded again. Damage shows as absence. */
import cacache from 'cacache';
import type { Embedding } from '../../models/adapter.js';
import { sizeSchema } from '../../protocol/geometry.js';
import type { Size } from '../../protocol/geometry.js';

export interface EmbeddingCacheOptions {
  readonly dir: string;
  /** Hears once when the disk cannot be used, and of each damaged entry. */
  readonly onNote: (note: string) => void;
}

export class EmbeddingCache {
  readonly #options: EmbeddingCacheOptions;
  #writable = true;

  constructor(options: EmbeddingCacheOptions) {
    this.#options = options;
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
      if (isAbsent(error)) return undefined;
      onNote(`A cached embedding could not be read and is made again (${reasonOf(error)}).`);
      await this.#remove(key);
      return undefined;
    }
  }

  /** Content first: cacache would take damaged content for what a later put of the same bytes wants to write. */
  async #remove(key: string): Promise<void> {
    const { dir, onNote } = this.#options;
    try {
      const entry = await cacache.get.info(dir, key);
      if (entry) await cacache.rm.content(dir, entry.integrity);
      await cacache.rm.entry(dir, key);
    } catch (error) {
      onNote(`The damaged embedding could not be removed (${reasonOf(error)}).`);
    }
  }

  /** Size of the image that an embedding was made from, without reading the embedding. */
  async imageSize(key: string): Promise<Size | undefined> {
    const entry = await cacache.get.info(this.#options.dir, key).catch(() => undefined);
    return sizeSchema.safeParse(entry?.metadata).data;
  }

  /** Never fails: on a full or read-only disk the embedding just lives in memory. */
  async put(key: string, { data, image }: Embedding): Promise<void> {
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    try {
      await cacache.put(this.#options.dir, key, bytes, { metadata: image });
      this.#writable = true;
    } catch (error) {
      if (this.#writable) {
        this.#options.onNote(
          `Embeddings are kept in memory only: the disk refused one (${reasonOf(error)}).`,
        );
      }
      this.#writable = false;
    }
  }
}

function isAbsent(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

function reasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown reason';
}
