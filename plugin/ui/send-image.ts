/** Gets an image to the sidecar, and has it look at it: the part that takes a moment, once an image. */
import type { ResultOf } from '../../protocol/method-parts.js';
import { imageOpen, imagePrepare, prepareProgressSchema } from '../../protocol/methods.js';
import type { Sidecar } from './connection.js';

/**
 * @param sha256 Where it is known, the sidecar is asked whether it has the image already.
 * @returns The image's id, after uploading it if the sidecar does not have it.
 */
export async function sendImage(
  bytes: Uint8Array,
  sha256: string | undefined,
  sidecar: Sidecar,
  signal: AbortSignal,
): Promise<string> {
  if (sha256 !== undefined) {
    const { known } = await sidecar.call(imageOpen, { sha256 }, { signal });
    if (known) return sha256;
  }
  return (await sidecar.upload(bytes, signal)).id;
}

/** @param onFraction Hears the share that is done, in [0, 1]; nothing any more once the signal is aborted. */
export function prepareImage(
  id: string,
  sidecar: Sidecar,
  signal: AbortSignal,
  onFraction: (fraction: number) => void,
  model?: string,
): Promise<ResultOf<typeof imagePrepare>> {
  const onProgress = (value: unknown) => {
    const progress = prepareProgressSchema.safeParse(value);
    if (progress.success && !signal.aborted) onFraction(progress.data.fraction);
  };
  return sidecar.call(
    imagePrepare,
    { image: id, ...(model !== undefined && { model }) },
    { signal, onProgress },
  );
}
