/** Image files that were uploaded, the ones used last, up to so many bytes. They are never written to disk. */
import { LinkedMap, Touch } from 'vscode-jsonrpc';

export const MAX_SHELF_BYTES = 128 * 1024 * 1024;

/** What a cache holds. */
export interface CacheSize {
  readonly entries: number;
  readonly bytes: number;
}

export class ImageShelf {
  readonly #files = new LinkedMap<string, Uint8Array>();
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes = MAX_SHELF_BYTES) {
    this.#maxBytes = maxBytes;
  }

  get size(): CacheSize {
    return { entries: this.#files.size, bytes: this.#bytes };
  }

  get(id: string): Uint8Array | undefined {
    return this.#files.get(id, Touch.AsNew);
  }

  /** @param bytes With a buffer of their own, since that is what stays in memory. */
  put(id: string, bytes: Uint8Array): void {
    if (this.#files.has(id)) return;
    this.#files.set(id, bytes, Touch.AsNew);
    this.#bytes += bytes.length;
    while (this.#bytes > this.#maxBytes && this.#files.size > 1) this.#bytes -= this.#files.shift()!.length;
  }
}
