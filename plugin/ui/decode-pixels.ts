/** Image files → pixels to draw, without holding up the page. */
import { cancelledError, throwIfCancelled } from '../../protocol/errors.js';
import type { Size } from '../../protocol/geometry.js';
import { checkFileSize, checkPixelCount, undecodable } from './image-file.js';
import type { ImageLimits } from './image-file.js';
import { decodeLevels } from './pixels.js';
import type { Pixels } from './pixels.js';
import type { DecodeReply } from './pixels-worker.js';
import PixelsWorker from './pixels-worker.js?worker&inline';

/**
 * Decodes an image file, EXIF orientation applied. Too large an image is refused by its header.
 *
 * @throws CodedError IMAGE_TOO_LARGE, IMAGE_UNREADABLE, IMAGE_TRUNCATED or CANCELLED.
 */
export async function decodePixels(
  bytes: Uint8Array,
  limits: ImageLimits,
  { signal }: { signal: AbortSignal },
): Promise<Pixels> {
  checkFileSize(bytes.length, limits);
  const file = new Blob([bytes as BlobPart]);
  const refuse = (cause: unknown) => {
    throw undecodable(bytes, cause);
  };
  checkPixelCount(await readSize(file).catch(refuse), limits);
  throwIfCancelled(signal);
  const levels = await decodeBeside(file, signal).catch((cause) => {
    throwIfCancelled(signal);
    return refuse(cause);
  });
  const { width, height } = levels[0]!;
  return { width, height, levels };
}

/** An <img> knows its size from the first bytes and decodes nothing until it is painted. */
async function readSize(file: Blob): Promise<Size> {
  const image = new Image();
  const url = URL.createObjectURL(file);
  try {
    await new Promise((resolve, reject) => {
      image.onload = resolve;
      image.onerror = () => reject(new Error('The browser knows no such image.'));
      image.src = url;
    });
    return { width: image.naturalWidth, height: image.naturalHeight };
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** In a worker; where the page may have none, on the main thread. */
async function decodeBeside(file: Blob, signal: AbortSignal): Promise<readonly ImageBitmap[]> {
  const worker = startWorker();
  if (!worker) return decodeLevels(file);
  try {
    const levels = await askWorker(worker, file, signal);
    if (levels === 'noWorker') return decodeLevels(file);
    if (!levels) throw new Error('The browser cannot decode this.');
    return levels;
  } finally {
    worker.terminate();
  }
}

function startWorker(): Worker | undefined {
  try {
    return new PixelsWorker();
  } catch {
    // Forbidden by the page around this one: the main thread has to do.
    return undefined;
  }
}

function askWorker(worker: Worker, file: Blob, signal: AbortSignal): Promise<DecodeReply | 'noWorker'> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<DecodeReply>) => resolve(data);
    worker.onerror = () => resolve('noWorker');
    signal.addEventListener('abort', () => reject(cancelledError()), { once: true });
    worker.postMessage(file);
  });
}
