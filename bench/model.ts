/** The product's model in this process, on the processor. */
import type { SegmentationModel } from '../models/adapter.js';
import { loadModel as load } from '../sidecar/engine/load-model.js';

/** @param cacheDir Where its decoders are built. */
export async function loadModel(cacheDir: string): Promise<SegmentationModel> {
  return (await load({ cacheDir, device: 'cpu' })).model;
}
