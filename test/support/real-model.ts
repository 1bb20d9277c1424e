/** The default model in this process, built in a folder of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadModel } from '../../bench/model.js';
import type { SegmentationModel } from '../../models/adapter.js';

export interface RealModel {
  readonly model: SegmentationModel;
  dispose(): Promise<void>;
}

export async function loadRealModel(): Promise<RealModel> {
  const cacheDir = await mkdtemp(join(tmpdir(), 'cutline-'));
  const model = await loadModel(cacheDir);
  return {
    model,
    async dispose() {
      await model.dispose();
      await rm(cacheDir, { recursive: true });
    },
  };
}
