/** Exact mode against the reference implementation's own answers: a minute an image on two cores. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { amgReferences } from '../../../bench/images.js';
import { MaskComparison, recall } from '../../../bench/mask-comparison.js';
import { EverythingRun } from '../../../models/everything/run.js';
import { decodeImage } from '../../../sidecar/image.js';
import { hasData } from '../../support/data-folder.js';
import { loadRealModel } from '../../support/real-model.js';
import type { RealModel } from '../../support/real-model.js';
import { treeFaults } from '../../support/tree-faults.js';

const MATCHED = 0.9;

describe.skipIf(!hasData('amg-reference'))('exact mode', async () => {
  const references = await amgReferences();
  let real: RealModel;
  beforeAll(async () => {
    real = await loadRealModel();
  });
  afterAll(() => real.dispose());

  it.each(references)('agrees with the reference on $name', async ({ name, bytes, masks: wanted }) => {
    const embedding = await real.model.encode(await decodeImage(bytes));
    const source = { image: embedding.image, embed: async () => embedding };
    const run = new EverythingRun({ model: real.model, source, options: { mode: 'exact' } });
    while (!(await run.advance(1000, {})).isDone);
    const comparison = new MaskComparison(wanted.map(({ rle }) => rle));
    const matched = recall(comparison.bestIous(run.masks), MATCHED);
    const extra = comparison.countUnmatched(run.masks, MATCHED) / wanted.length;
    console.log(
      `${name}: ${wanted.length} wanted, ${run.masks.length} found, ${matched} matched, ${extra} extra`,
    );
    expect(treeFaults(run.masks)).toEqual([]);
    expect(matched).toBeGreaterThanOrEqual(0.97);
    expect(extra).toBeLessThanOrEqual(0.03);
  });
});
