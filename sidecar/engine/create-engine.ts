/** Puts the engine together: which model, where its caches are, in which thread it computes. */
import { join } from 'node:path';
import { findModel } from '../../models/catalog.js';
import type { DeviceChoice, Fallback } from '../../models/device-node.js';
import { modelFingerprint } from '../../models/store-node.js';
import { localImages } from '../read-here.js';
import type { ComputeOptions } from './compute.js';
import { startComputeThread } from './compute-thread.js';
import { DecodePool } from './decode-pool.js';
import { EmbeddingCache } from './embedding-cache.js';
import type { Metrics } from '../observe/metrics.js';
import { createCompute } from './local-compute.js';
import { measureCompute } from './measured-compute.js';
import { modelCacheDir } from './own-model.js';
import type { OwnModel } from './own-model.js';
import { DeviceQueue } from './queue.js';
import { Segmenter } from './segmenter.js';

interface EngineScripts {
  /** The built compute-worker and decode-worker. */
  readonly compute: URL;
  readonly decode: URL;
}

export interface EngineOptions {
  /** CUTLINE_HOME. */
  readonly home: string;
  readonly device: DeviceChoice;
  /** Left out, the product’s own. */
  readonly ownModel?: OwnModel | undefined;
  /** Keep the event loop free and the server up; left out, jobs run and images are read in this thread. */
  readonly scripts?: EngineScripts;
  /** Hears of what was mended, could not be kept, or had to be started again. */
  readonly onNote: (note: string) => void;
  /** Hears what the compute thread died of. */
  readonly onCrash?: (error: unknown) => void;
  /** Takes the engine's times and numbers. */
  readonly metrics?: Metrics;
}

export function createEngine(options: EngineOptions): Segmenter {
  const { home, device, ownModel, scripts, onNote, onCrash, metrics } = options;
  const computeOptions: ComputeOptions = { device, cacheDir: modelCacheDir(home, ownModel), ownModel };
  const description = ownModel?.description ?? findModel();
  const onDidFallBack = ({ device: failed, reason }: Fallback) => {
    onNote(
      `The device ${failed} failed (${reason}). What it was doing is done again on the CPU, as is all the rest.`,
    );
    engine.forgetDevice();
  };
  const compute =
    scripts === undefined
      ? createCompute(computeOptions, localImages, onDidFallBack)
      : startComputeThread({
          ...computeOptions,
          script: scripts.compute,
          images: new DecodePool({ script: scripts.decode, onNote }),
          onNote,
          onCrash,
          onDidFallBack,
        });
  const engine = new Segmenter({
    compute: metrics ? measureCompute(compute, (stage, ms) => metrics.addStage(stage, ms)) : compute,
    cache: new EmbeddingCache({ dir: join(home, 'embeddings'), onNote }),
    queue: new DeviceQueue(undefined, (ms) => metrics?.addStage('queue', ms)),
    models: [description],
    fingerprint: modelFingerprint(description),
    onLookup: (source) => metrics?.addLookup(source),
  });
  if (metrics) watchEngine(metrics, engine);
  return engine;
}

function watchEngine(metrics: Metrics, engine: Segmenter): void {
  metrics.watch('cutline_queue_depth', 'Jobs that wait for the device.', () => engine.queueDepth);
  const sizes = (of: 'bytes' | 'entries') => () => {
    const { images, embeddings } = engine.caches;
    return { images: images[of], embeddings: embeddings[of] };
  };
  metrics.watch('cutline_cache_bytes', 'What caches hold.', sizes('bytes'), 'cache');
  metrics.watch('cutline_cache_entries', 'How many things caches hold.', sizes('entries'), 'cache');
  metrics.watchFacts('cutline_device_info', 'What computes.', () => ({
    device: engine.model?.device ?? 'none yet',
    model: engine.model?.id ?? 'none yet',
  }));
}
