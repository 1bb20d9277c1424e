/** Finds everything in an image: a turn at the device, then whoever clicks, then the next turn. */
import { throwIfCancelled } from '../../protocol/errors.js';
import type { EverythingProgress } from '../../protocol/everything.js';
import { unknownImage } from './compute.js';
import type { Compute, EverythingJob, EverythingSummary } from './compute.js';
import type { DeviceQueue, JobOptions } from './queue.js';

/** Progress without masks comes no more often than this. */
const QUIET_MS = 100;

export interface EverythingParts {
  readonly compute: Compute;
  readonly queue: DeviceQueue;
}

export interface EverythingCall {
  readonly turn: JobOptions & { readonly signal: AbortSignal };
  /** Sees to it, within a turn, that compute holds the embedding. */
  readonly hold: () => Promise<void>;
  readonly onProgress: (progress: EverythingProgress) => void;
}

/**
 * Even the start takes a turn, since it reads the image: however many searches are asked for, one starts at a time.
 *
 * @throws CodedError CANCELLED, at the latest when the turn under way ends; and as Compute.startEverything.
 */
export async function findEverything(
  { compute, queue }: EverythingParts,
  job: EverythingJob,
  { turn, hold, onProgress }: EverythingCall,
): Promise<EverythingSummary> {
  const { signal } = turn;
  const run = await queue.run(turn, async () => {
    await hold();
    return compute.startEverything(job);
  });
  if (run === undefined) throw unknownImage();
  try {
    const report = throttled(onProgress);
    for (;;) {
      const { progress, isDone } = await queue.run(turn, () => compute.advanceEverything(run, { signal }));
      throwIfCancelled(signal);
      report(progress);
      if (isDone) return await compute.summariseEverything(run);
    }
  } finally {
    // Of no consequence to the answer, and impossible once the thread has gone.
    await compute.endEverything(run).catch(() => undefined);
  }
}

/** Lets through what brings masks or says where to go on, and of the rest only so much. */
function throttled(
  onProgress: (progress: EverythingProgress) => void,
): (progress: EverythingProgress) => void {
  let last = -Infinity;
  return (progress) => {
    const now = performance.now();
    const isNews = progress.arrangement !== undefined || progress.cursor !== undefined;
    if (!isNews && now - last < QUIET_MS) return;
    last = now;
    onProgress(progress);
  };
}
