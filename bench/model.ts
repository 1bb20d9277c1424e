/** The product's model in this process, on the processor. */
import type { SegmentationModel } from '../models/adapter.js';
import { findModel } from '../models/catalog.js';
import { deviceHistory } from '../models/device-history-node.js';
import { loadOnDevice } from '../models/device-node.js';
import { RUNTIME_VERSION } from '../models/session-node.js';
import { loadStoredModel } from '../models/store-node.js';

/** @param cacheDir Where its decoders are built. */
export async function loadModel(cacheDir: string): Promise<SegmentationModel> {
  const entry = findModel();
  const stored = await loadStoredModel(entry, { cacheDir });
  const history = deviceHistory(cacheDir, RUNTIME_VERSION);
  return (await loadOnDevice(entry, stored, 'cpu', history)).model;
}
