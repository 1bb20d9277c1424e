/**
 * Reading image files, whoever does it: the server has it done in processes of its own (engine/decode-pool.ts), the
 * command line in its own (read-here.ts).
 */
import type { RgbImage } from '../models/adapter.js';
import type { Size } from '../protocol/geometry.js';

/** An image with its own transparency. */
export interface RgbaImage extends Size {
  /** Uint8, height × width × 4. */
  readonly data: Uint8Array;
}

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Who asks; left out, it is nobody's alone. */
  readonly client?: string | undefined;
}

/** Every method rejects with an IMAGE_* CodedError when the file cannot be read; see image.ts for what they do. */
export interface ImageReader {
  inspect(bytes: Uint8Array, options?: ReadOptions): Promise<Size>;
  decode(bytes: Uint8Array, options?: ReadOptions): Promise<RgbImage>;
  decodeRgba(bytes: Uint8Array, options?: ReadOptions): Promise<RgbaImage>;
  shrink(bytes: Uint8Array, grid: Grid, options?: ReadOptions): Promise<Uint8Array>;
  /** The image is not used any more: its memory, up to 120 MB, need not wait for the garbage collector. */
  letGo(image: RgbImage): void;
}

interface Grid {
  readonly columns: number;
  readonly rows: number;
}

/** What is wanted of an image file, as it travels. */
export type ReadTask =
  | { readonly what: 'size' }
  | { readonly what: 'rgb' }
  | { readonly what: 'rgba' }
  | ({ readonly what: 'grid' } & Grid);

/** The image's size, and the pixels that were asked for. */
export interface ReadResult extends Size {
  readonly data: Uint8Array;
}

export type Read = (task: ReadTask, bytes: Uint8Array, options?: ReadOptions) => Promise<ReadResult>;

/**
 * One function that reads → the methods that the others call.
 *
 * @param letGo Left out, images wait for the garbage collector.
 */
export function createImageReader(read: Read, letGo: ImageReader['letGo'] = () => undefined): ImageReader {
  return {
    async inspect(bytes, options) {
      const { width, height } = await read({ what: 'size' }, bytes, options);
      return { width, height };
    },
    decode: (bytes, options) => read({ what: 'rgb' }, bytes, options),
    decodeRgba: (bytes, options) => read({ what: 'rgba' }, bytes, options),
    async shrink(bytes, { columns, rows }, options) {
      return (await read({ what: 'grid', columns, rows }, bytes, options)).data;
    },
    letGo,
  };
}

/** How many bytes of pixels answer a task about an image of a size. */
export function answerLength(task: ReadTask, { width, height }: Size): number {
  switch (task.what) {
    case 'size':
      return 0;
    case 'rgb':
      return 3 * width * height;
    case 'rgba':
      return 4 * width * height;
    case 'grid':
      return 3 * task.columns * task.rows;
  }
}
