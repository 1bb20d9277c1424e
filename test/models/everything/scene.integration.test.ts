import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EverythingRun } from '../../../models/everything/run.js';
import type { Embedding } from '../../../models/adapter.js';
import { iouOfRuns, sharedPixels } from '../../../models/mask/overlap.js';
import { decodeRuns } from '../../../models/mask/rle.js';
import type { FoundMask } from '../../../protocol/everything.js';
import { mergeProgress } from '../../../protocol/merge-progress.js';
import { decodeImage } from '../../../sidecar/image.js';
import { DRAWN_SIZE, drawnShapes, drawScenePng } from '../../support/drawn-scene.js';
import { sampleNote, sampleOf } from '../../support/every-case.js';
import { loadRealModel } from '../../support/real-model.js';
import type { RealModel } from '../../support/real-model.js';
import { treeFaults } from '../../support/tree-faults.js';

const MATCHED = 0.9;
/** Which shape each lies in, if any. */
const NESTING = { coin: 'plate', card: 'plate', hub: 'wheel', plate: '', wheel: '', plum: '', orange: '' };

let real: RealModel;
let embedding: Embedding;
beforeAll(async () => {
  real = await loadRealModel();
  embedding = await real.model.encode(await decodeImage(await drawScenePng()));
});
afterAll(() => real.dispose());

const MODES = [
  { mode: 'fast', pointsPerSide: 12 },
  // Without it the reference keeps twins that differ by specks.
  { mode: 'exact', pointsPerSide: 8, minRegionPx: 50 },
] as const;

describe.each(sampleOf(MODES))(`everything in a drawn scene, $mode${sampleNote('two modes')}`, (options) => {
  const shapes = drawnShapes();
  let masks: readonly FoundMask[] = [];
  let streamed: readonly FoundMask[] = [];
  const faults: string[] = [];

  beforeAll(async () => {
    const source = { image: DRAWN_SIZE, embed: async () => embedding };
    const run = new EverythingRun({ model: real.model, source, options });
    for (;;) {
      const { progress, isDone } = await run.advance(20, {});
      streamed = mergeProgress(streamed, progress);
      faults.push(...treeFaults(streamed));
      if (isDone) break;
    }
    masks = run.masks;
  });

  const allLike = (name: string) =>
    masks.filter(({ rle }) => iouOfRuns(decodeRuns(rle), shapes.get(name)!) >= MATCHED);

  it.each([...shapes.keys()])('finds the %s once', (name) => {
    expect(allLike(name).map((mask) => mask.name)).toHaveLength(1);
  });

  it('nests what lies in something in it, and nothing else', () => {
    const names = new Map(Object.keys(NESTING).map((name) => [allLike(name)[0]!.id, name]));
    const byId = new Map(masks.map((mask) => [mask.id, mask]));
    const found = [...names].map(([id, name]) => {
      let outer = byId.get(id)!.parent;
      while (outer !== null && !names.has(outer)) outer = byId.get(outer)!.parent;
      return [name, outer === null ? '' : names.get(outer)];
    });
    expect(Object.fromEntries(found)).toEqual(NESTING);
  });

  it('keeps the holes of the background', () => {
    const [background] = allLike('background');
    expect(background!.outline.rings).toBeGreaterThanOrEqual(5);
    const runs = decodeRuns(background!.rle);
    for (const name of ['plate', 'plum', 'orange', 'wheel']) {
      const shape = shapes.get(name)!;
      expect(sharedPixels(runs, shape) / sharedPixels(shape, shape)).toBeLessThan(0.05);
    }
  });

  it('streams a valid tree all along, and in the end what it answers', () => {
    expect(faults).toEqual([]);
    expect(streamed).toEqual(masks);
  });
});
