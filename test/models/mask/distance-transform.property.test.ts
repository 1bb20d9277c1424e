import fc from 'fast-check';
import { expect, it } from 'vitest';
import { squaredDistances } from '../../../models/mask/distance-transform.js';
import { noiseMask } from './arbitrary-mask.js';

it.each([
  ['those beyond the image among them', 'outside'],
  ['of which there may be none', 'unknown'],
] as const)('is the squared distance to the nearest pixel outside, %s', (_, beyond) => {
  fc.assert(
    fc.property(noiseMask, ({ mask, size: { width, height } }) => {
      const distances = squaredDistances(mask, { width, height }, beyond);
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          let nearest = Infinity;
          for (let v = -1; v <= height; v++) {
            for (let u = -1; u <= width; u++) {
              const isBeyond = u < 0 || v < 0 || u === width || v === height;
              const counts = isBeyond ? beyond === 'outside' : !mask[v * width + u];
              if (counts) nearest = Math.min(nearest, (u - x) ** 2 + (v - y) ** 2);
            }
          }
          const distance = distances[y * width + x]!;
          if (nearest === Infinity) expect(distance).toBeGreaterThan(width ** 2 + height ** 2);
          else expect(distance).toBe(mask[y * width + x] ? nearest : 0);
        }
      }
    }),
    { numRuns: 80 },
  );
});
