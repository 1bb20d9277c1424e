import fc from 'fast-check';
import { expect, it } from 'vitest';
import { squaredDistances } from '../../../models/mask/distance-transform.js';
import { noiseMask } from './arbitrary-mask.js';

it('is the squared distance to the nearest pixel outside, those beyond the image among them', () => {
  fc.assert(
    fc.property(noiseMask, ({ mask, size: { width, height } }) => {
      const distances = squaredDistances(mask, { width, height });
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          let nearest = Infinity;
          for (let v = -1; v <= height; v++) {
            for (let u = -1; u <= width; u++) {
              const isBeyond = u < 0 || v < 0 || u === width || v === height;
              if (isBeyond || !mask[v * width + u]) nearest = Math.min(nearest, (u - x) ** 2 + (v - y) ** 2);
            }
          }
          expect(distances[y * width + x]).toBe(mask[y * width + x] ? nearest : 0);
        }
      }
    }),
    { numRuns: 80 },
  );
});
