/** Sidecars forget images, when they are restarted say; then they are sent them again. */
import { CodedError } from '../../protocol/errors.js';
import type { SentImage } from './prepared.js';

/** Whether the sidecar has lost an image that it had. */
export function isForgotten(error: unknown): boolean {
  return error instanceof CodedError && error.code === 'IMAGE_UNKNOWN';
}

/** Asks; if the image is what is missing, sends it and asks once more. */
export async function askWithImage<T>(
  { sidecar, image }: SentImage,
  signal: AbortSignal,
  ask: () => Promise<T>,
): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!isForgotten(error)) throw error;
    await sidecar.upload(image.bytes, signal);
    return ask();
  }
}
