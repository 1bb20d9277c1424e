import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lowResField } from '../../../models/coordinates.js';
import { countBits, footprintGrid, footprintOf, intersection } from '../../../models/everything/footprint.js';
import type { Footprint } from '../../../models/everything/footprint.js';
import type { SampleGrid } from '../../../models/logit-field.js';
import { sampleField } from '../../../models/logit-field.js';
import { decodeRuns, rleFromRings } from '../../../models/mask/rle.js';
import { runsFromMask } from '../../../models/mask/runs.js';
import { contourField } from '../../../models/trace/contour.js';
import { discLogits } from '../../support/fake-model.js';
import { blobMask, noiseMask } from '../mask/arbitrary-mask.js';

const isSet = ({ bits }: Footprint, k: number) => ((bits[k >> 5]! >> (k & 31)) & 1) === 1;
const onEverySample = (grid: SampleGrid, visit: (k: number, x: number, y: number) => void) => {
  for (let row = 0, k = 0; row < grid.rows; row++) {
    for (let column = 0; column < grid.columns; column++, k++) {
      visit(k, grid.originX + column * grid.stepX, grid.originY + row * grid.stepY);
    }
  }
};

it('counts bits as writing them down does', () => {
  fc.assert(
    fc.property(fc.integer(), (word) => {
      expect(countBits(word)).toBe((word >>> 0).toString(2).replaceAll('0', '').length);
    }),
  );
});

it('counts the samples of both masks, whatever the last word holds', () => {
  const words = fc.array(fc.integer(), { minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(words, words, (a, b) => {
      const [first, second] = [Uint32Array.from(a), Uint32Array.from(a, (_, i) => b[i] ?? 0)];
      const expected = a.reduce((sum, word, i) => sum + countBits(word & (b[i] ?? 0)), 0);
      expect(intersection(first, second)).toBe(expected);
    }),
  );
});

describe('the footprint of pixels', () => {
  it('has the samples whose pixel is inside', () => {
    fc.assert(
      fc.property(fc.oneof(noiseMask, blobMask), ({ mask, size }) => {
        const grid = footprintGrid(size);
        const footprint = footprintOf(grid, runsFromMask(mask, size));
        let count = 0;
        let wrong = 0;
        onEverySample(grid, (k, x, y) => {
          const column = Math.min(size.width - 1, Math.floor(x));
          const row = Math.min(size.height - 1, Math.floor(y));
          const inside = mask[row * size.width + column] === 1;
          if (inside) count++;
          if (inside !== isSet(footprint, k)) wrong++;
        });
        expect([wrong, footprint.count]).toEqual([0, count]);
      }),
      { numRuns: 25 },
    );
  });
});

describe('the footprint of logits', () => {
  const IMAGE = { width: 1024, height: 768 };
  const grid = footprintGrid(IMAGE);
  /** A window of logits anywhere over the image, on a grid of its own, as a crop has it. */
  const window = fc.record({
    columns: fc.integer({ min: 1, max: 12 }),
    rows: fc.integer({ min: 1, max: 12 }),
    left: fc.integer({ min: -8, max: 1020 }),
    top: fc.integer({ min: -8, max: 764 }),
    step: fc.constantFrom(1, 2, 4, 8, 16),
    seed: fc.integer({ min: 0, max: 9999 }),
  });

  it('has the samples that lie over the window where its logits are above 0', () => {
    fc.assert(
      fc.property(window, ({ columns, rows, left, top, step, seed }) => {
        const field = {
          logits: Float32Array.from({ length: columns * rows }, (_, i) => Math.sin(seed + i * 1.7)),
          columns,
          rows,
          originX: left + step / 2,
          originY: top + step / 2,
          stepX: step,
          stepY: step,
          image: IMAGE,
        };
        const footprint = footprintOf(grid, field);
        let count = 0;
        let wrong = 0;
        onEverySample(grid, (k, x, y) => {
          const isOver = x >= left && y >= top && x < left + columns * step && y < top + rows * step;
          const inside = isOver && sampleField(field, x, y) > 0;
          if (inside) count++;
          if (inside !== isSet(footprint, k)) wrong++;
        });
        expect([wrong, footprint.count]).toEqual([0, count]);
      }),
    );
  });

  it.each([
    { width: 1024, height: 768 },
    { width: 801, height: 534 },
    { width: 37, height: 300 },
  ])('differs from that of its own pixels at the edge only ($width×$height)', (image) => {
    const field = lowResField(discLogits(18, 60, 15), image);
    const pixels = decodeRuns(rleFromRings(contourField(field), image).rle);
    const own = footprintGrid(image);
    const [logits, runs] = [footprintOf(own, field), footprintOf(own, pixels)];
    onEverySample(own, (k, x, y) => {
      const fromEdge = Math.abs(15 - Math.hypot(x / own.stepX - 18, y / own.stepY - 60));
      if (fromEdge > 1 + 1 / own.stepX) expect(isSet(runs, k)).toBe(isSet(logits, k));
    });
    expect(logits.count).toBeGreaterThan(500);
  });
});
