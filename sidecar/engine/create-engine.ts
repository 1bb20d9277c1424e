/** Puts the engine together: which model, where its caches are, in which thread it computes. */
import { join } from 'node:path';
import { findModel } from '../../models/catalog.js';
import type { DeviceChoice } from '../../models/device-node.js';
import { modelFingerprint } from '../../models/store-node.js';
import type { ComputeOptions } from './compute.js';
import { startComputeThread } from './compute-thread.js';
import { EmbeddingCache } from './embedding-cache.js';
import { createCompute } from './local-compute.js';
import { DeviceQueue } from './queue.js';
import { Segmenter } from './segmenter.js';

export interface EngineOptions {
  /** CUTLINE_HOME. */
  readonly home: string;
  readonly device: DeviceChoice;
  /** Script of the compute thread, which keeps the event loop free; left out, jobs run in this thread. */
  readonly worker?: URL;
  /** Hears of what was mended, could not be kept, or had to be started again. */
  readonly onNote: (note: string) => void;
}

export function createEngine({ home, device, worker, onNote }: EngineOptions): Segmenter {
  const computeOptions: ComputeOptions = { device, cacheDir: join(home, 'models') };
  return new Segmenter({
    compute:
      worker === undefined
        ? createCompute(computeOptions)
        : startComputeThread({ ...computeOptions, script: worker, onNote }),
    cache: new EmbeddingCache({ dir: join(home, 'embeddings'), onNote }),
    queue: new DeviceQueue(),
    fingerprint: modelFingerprint(findModel()),
  });
}
