import { afterAll, describe, expect, it, vi } from 'vitest';
import { createSteadfastModel } from '../../../models/steadfast-model.js';
import { InferenceFailure } from '../../../models/session.js';
import type { Fallback } from '../../../models/device-node.js';
import { localImages } from '../../../sidecar/read-here.js';
import type { LoadOptions } from '../../../sidecar/engine/load-model.js';
import { createFakeModel } from '../../support/fake-model.js';
import { drawScenePng } from '../../support/drawn-scene.js';

vi.mock('../../../sidecar/engine/load-model.js', () => ({
  loadModel: async ({ onDidFallBack }: LoadOptions) => {
    const gpu = { ...createFakeModel(), device: 'cuda' };
    gpu.encode = () => Promise.reject(new InferenceFailure('device lost'));
    const model = createSteadfastModel(gpu, {
      device: 'cpu',
      onDidFail: (device, reason) => onDidFallBack!({ device, reason }),
      load: async () => createFakeModel(),
    });
    return { model, fallbacks: [], notes: [] };
  },
}));
// Files share their modules: these are this file's own, and gone when it ends.
vi.resetModules();
afterAll(() => vi.resetModules());
const { createCompute } = await import('../../../sidecar/engine/local-compute.js');

describe('compute whose device fails in mid-run', () => {
  it('answers from the CPU, and names that device from then on', async () => {
    const heard: Fallback[] = [];
    const options = { device: 'auto', cacheDir: 'not used' } as const;
    const compute = createCompute(options, localImages, (fallback) => void heard.push(fallback));
    expect(await compute.load()).toMatchObject({ device: 'cuda' });
    const { embedding } = await compute.encode('key', await drawScenePng());
    expect(embedding.image).toEqual({ width: 384, height: 288 });
    expect(heard).toEqual([{ device: 'cuda', reason: 'device lost' }]);
    expect(await compute.load()).toMatchObject({ device: 'cpu' });
    await compute.dispose();
  });
});
