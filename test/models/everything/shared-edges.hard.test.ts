import { describe, expect, it } from 'vitest';
import { hasData } from '../../support/data-folder.js';
import { readReference, REFERENCE_FOLDER, referenceNames } from './real-masks.js';
import { measureTiling, STAIRS_PX, traceSharedEdges } from './tiling.js';

const present = hasData(REFERENCE_FOLDER);

describe.skipIf(!present)('masks of real photographs', () => {
  for (const name of present ? referenceNames() : []) {
    it(`become layers without gaps and overlaps: ${name}`, () => {
      const { size, masks } = readReference(name);
      for (const tolerancePx of [1, 4, 32]) {
        const regions = traceSharedEdges(masks, size, { tolerancePx, minRegionPx: 25 });
        const tiling = measureTiling(regions, size, 8, tolerancePx + STAIRS_PX);
        expect({ tolerancePx, ...tiling }).toMatchObject({ overlapping: 0, escaping: 0, strayed: 0 });
        for (const { outline } of regions) expect(outline.maxDeviationPx).toBeLessThanOrEqual(tolerancePx);
      }
    });
  }
});
