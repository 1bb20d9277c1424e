/**
 * Reads images in processes of their own, so that no file takes the server down or its memory away (decision 0018).
 * They start when first needed, are used again, and are replaced when they end.
 */
import { throwIfCancelled } from '../../protocol/errors.js';
import type { Size } from '../../protocol/geometry.js';
import { createImageReader } from '../image-reader.js';
import type { ImageReader, Read, ReadOptions, ReadTask } from '../image-reader.js';
import { shuttingDown } from './compute.js';
import { DecodeProcess } from './decode-process.js';
import type { DecodeProcessOptions } from './decode-process.js';
import type { DecodeLimits } from './decode-wire.js';
import { DeviceQueue } from './queue.js';

const MIB = 1024 * 1024;

/** Images larger than this are read one at a time, so that two at once stay below 512 MiB together. */
const LARGE_PIXELS = 5_000_000;

export interface DecodePoolLimits {
  readonly small: DecodeLimits;
  readonly large: DecodeLimits;
  /** How long a second process is kept when there is nothing for it to do. */
  readonly spareMs: number;
}

const DEFAULT_LIMITS: DecodePoolLimits = {
  small: { timeMs: 10_000, memoryBytes: 96 * MIB },
  large: { timeMs: 10_000, memoryBytes: 320 * MIB },
  spareMs: 30_000,
};

export interface DecodePoolOptions extends DecodeProcessOptions {
  readonly limits?: Partial<DecodePoolLimits>;
}

export class DecodePool {
  readonly images: ImageReader;
  readonly #options: DecodePoolOptions;
  readonly #limits: DecodePoolLimits;
  readonly #turns = new DeviceQueue({ atOnce: 2 });
  readonly #largeTurns = new DeviceQueue();
  readonly #processes = new Set<DecodeProcess>();
  readonly #idle: DecodeProcess[] = [];
  #spareTimer: NodeJS.Timeout | undefined;
  #isDisposed = false;

  constructor(options: DecodePoolOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.images = createImageReader(this.read);
  }

  /** Starts a process now, rather than with the first image. */
  warmUp(): void {
    if (this.#processes.size === 0 && !this.#isDisposed) this.#idle.push(this.#start());
  }

  /** Ends whatever is being read; nothing is left of it once this resolves. */
  async dispose(): Promise<void> {
    this.#isDisposed = true;
    clearTimeout(this.#spareTimer);
    await Promise.all([...this.#processes].map((process) => process.dispose(shuttingDown())));
  }

  /** Takes its turn, and a second one when it is known how large the image is. */
  readonly read: Read = async (task, bytes, options = {}) => {
    const { small, large } = this.#limits;
    const turn = { priority: 'interactive', client: options.client, signal: options.signal } as const;
    const job = (what: ReadTask, limits: DecodeLimits) =>
      this.#turns.run(turn, () => this.#readNow(what, bytes, limits, options));
    const size = await job({ what: 'size' }, small);
    if (task.what === 'size') return size;
    return isLarge(size) ? this.#largeTurns.run(turn, () => job(task, large)) : job(task, small);
  };

  async #readNow(task: ReadTask, bytes: Uint8Array, limits: DecodeLimits, { signal }: ReadOptions) {
    if (this.#isDisposed) throw shuttingDown();
    const process = this.#take();
    try {
      const result = await process.run(task, bytes, limits, signal);
      throwIfCancelled(signal);
      return result;
    } finally {
      if (!process.isOver) this.#putBack(process);
    }
  }

  #take(): DecodeProcess {
    for (;;) {
      const process = this.#idle.pop();
      if (!process) return this.#start();
      if (!process.isOver) return process;
    }
  }

  #putBack(process: DecodeProcess): void {
    this.#idle.push(process);
    clearTimeout(this.#spareTimer);
    this.#spareTimer = setTimeout(() => {
      for (const spare of this.#idle.splice(1)) void spare.dispose(shuttingDown());
    }, this.#limits.spareMs).unref();
  }

  #start(): DecodeProcess {
    const process = new DecodeProcess(this.#options, () => this.#processes.delete(process));
    this.#processes.add(process);
    return process;
  }
}

function isLarge({ width, height }: Size): boolean {
  return width * height > LARGE_PIXELS;
}
