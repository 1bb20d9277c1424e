/** The default model in this process, built in a folder of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SegmentationModel } from '../../models/adapter.js';
import { findModel } from '../../models/catalog.js';
import { deviceHistory } from '../../models/device-history-node.js';
import { loadOnDevice } from '../../models/device-node.js';
import { loadStoredModel } from '../../models/store-node.js';

export interface RealModel {
  readonly model: SegmentationModel;
  dispose(): Promise<void>;
}

export async function loadRealModel(): Promise<RealModel> {
  const cacheDir = await mkdtemp(join(tmpdir(), 'cutline-'));
  const stored = await loadStoredModel(findModel(), { cacheDir });
  const { model } = await loadOnDevice(findModel(), stored, 'cpu', deviceHistory(cacheDir, 'test'));
  return {
    model,
    async dispose() {
      await model.dispose();
      await rm(cacheDir, { recursive: true });
    },
  };
}
