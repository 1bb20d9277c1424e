/** What a fake engine answers mask/all with: masks that come one after another, as those of a real one do. */
import { throwIfCancelled } from '../../protocol/errors.js';
import type { EverythingProgress, FoundMask, Resume } from '../../protocol/everything.js';

export interface StreamOptions {
  readonly signal: AbortSignal;
  readonly resume?: Resume | undefined;
  readonly perMessage: number;
  onProgress(progress: EverythingProgress): void;
  /** Resolves when the next message is due. */
  pause(): Promise<void>;
}

/**
 * Streams masks in the order given.
 *
 * @param masks In painting order, parents before their children: what has come is always a valid tree.
 * @returns All of them, those of an earlier run included.
 */
export async function streamFound(
  masks: readonly FoundMask[],
  { signal, resume, perMessage, onProgress, pause }: StreamOptions,
): Promise<FoundMask[]> {
  const start = resume ? Number(resume.cursor) : 0;
  for (let done = start; done < masks.length; done += perMessage) {
    await pause();
    throwIfCancelled(signal);
    const end = Math.min(masks.length, done + perMessage);
    onProgress({
      stage: 'looking',
      fraction: end / masks.length,
      remainingMs: (masks.length - end) * 100,
      masks: masks.slice(done, end),
      arrangement: masks.slice(0, end).map(({ id, parent }) => ({ id, parent })),
      cursor: String(end),
    });
  }
  await pause();
  throwIfCancelled(signal);
  return [...masks];
}
