/** The product's model, in this thread, on the device that was asked for. */
import { deviceHistory } from '../../models/device-history-node.js';
import { findModel } from '../../models/catalog.js';
import { firstSentence, loadOnDevice } from '../../models/device-node.js';
import type { LoadedModel } from '../../models/device-node.js';
import { createSteadfastModel } from '../../models/steadfast-model.js';
import { RUNTIME_VERSION } from '../../models/session-node.js';
import { loadStoredModel } from '../../models/store-node.js';
import type { ComputeOptions, FallbackListener } from './compute.js';

export interface LoadOptions extends ComputeOptions {
  readonly signal?: AbortSignal;
  readonly onDidFallBack?: FallbackListener;
}

/**
 * Should its device fail later on, the model goes on on the CPU, and the device is passed over for as long as one that
 * failed at the start.
 *
 * @returns With what was mended or could not be kept on the way.
 * @throws CodedError MODEL_MISSING, DEVICE_UNAVAILABLE or CANCELLED.
 */
export async function loadModel({
  cacheDir,
  device,
  signal,
  onDidFallBack,
}: LoadOptions): Promise<LoadedModel & { readonly notes: readonly string[] }> {
  const notes: string[] = [];
  const entry = findModel();
  const store = () => loadStoredModel(entry, { cacheDir, onNote: (note) => notes.push(note) });
  const history = deviceHistory(cacheDir, RUNTIME_VERSION);
  const options = signal && { signal };
  const { model, fallbacks } = await loadOnDevice(entry, await store(), device, history, options);
  const steadfast = createSteadfastModel(model, {
    device: 'cpu',
    async onDidFail(failed, message) {
      const reason = firstSentence(message);
      await history.refuse(failed, reason);
      onDidFallBack?.({ device: failed, reason });
    },
    load: async () => (await loadOnDevice(entry, await store(), 'cpu', history, options)).model,
  });
  return { model: steadfast, fallbacks, notes };
}
