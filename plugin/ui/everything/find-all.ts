/** Asks the sidecar for everything there is in an image. */
import type { z } from 'zod';
import { everythingProgressSchema } from '../../../protocol/everything.js';
import type { EverythingProgress } from '../../../protocol/everything.js';
import { maskAll } from '../../../protocol/everything-methods.js';
import type { ResultOf } from '../../../protocol/method-parts.js';
import { askWithImage } from '../forgotten.js';
import type { SentImage } from '../prepared.js';

/** @param onProgress Hears nothing any more once the signal is aborted. */
export function findAll(
  sent: SentImage,
  params: Omit<z.input<typeof maskAll.params>, 'image'>,
  signal: AbortSignal,
  onProgress: (progress: EverythingProgress) => void,
): Promise<ResultOf<typeof maskAll>> {
  const take = (value: unknown) => {
    const progress = everythingProgressSchema.safeParse(value);
    if (progress.success && !signal.aborted) onProgress(progress.data);
  };
  const { sidecar, id } = sent;
  return askWithImage(sent, signal, () =>
    sidecar.call(maskAll, { image: id, ...params }, { signal, onProgress: take }),
  );
}
