/** The product's model, in this thread, on the device that was asked for. */
import { deviceHistory } from '../../models/device-history-node.js';
import { findModel } from '../../models/catalog.js';
import { loadOnDevice } from '../../models/device-node.js';
import type { LoadedModel } from '../../models/device-node.js';
import { RUNTIME_VERSION } from '../../models/session-node.js';
import { loadStoredModel } from '../../models/store-node.js';
import type { ComputeOptions } from './compute.js';

export interface LoadOptions extends ComputeOptions {
  readonly signal?: AbortSignal;
}

/**
 * @returns With what was mended or could not be kept on the way.
 * @throws CodedError MODEL_MISSING, DEVICE_UNAVAILABLE or CANCELLED.
 */
export async function loadModel({
  cacheDir,
  device,
  signal,
}: LoadOptions): Promise<LoadedModel & { readonly notes: readonly string[] }> {
  const notes: string[] = [];
  const entry = findModel();
  const stored = await loadStoredModel(entry, { cacheDir, onNote: (note) => notes.push(note) });
  const history = deviceHistory(cacheDir, RUNTIME_VERSION);
  const loaded = await loadOnDevice(entry, stored, device, history, signal && { signal });
  return { ...loaded, notes };
}
