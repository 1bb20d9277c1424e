import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fieldFromMask } from '../../../models/logit-field.js';
import { encodeRle, rleFromRings } from '../../../models/mask/rle.js';
import { simplifyRing } from '../../../models/trace/simplify.js';
import { traceField } from '../../../models/trace/outline.js';
import { blobMask, noiseMask } from '../mask/arbitrary-mask.js';
import { farthestFrom, parsePath, samplePath, sampleRing } from './path-geometry.js';

const anyMask = fc.oneof(noiseMask, blobMask);
const tolerance = fc.double({ min: 0.05, max: 8, noNaN: true });

function pairs(ring: Float64Array): number[][] {
  return Array.from({ length: ring.length / 2 }, (_, k) => [ring[2 * k]!, ring[2 * k + 1]!]);
}

it('outlines stay within the tolerance and within what they report, both ways, in Figma’s grammar', () => {
  fc.assert(
    fc.property(anyMask, tolerance, ({ mask, size }, tolerancePx) => {
      const { outline, rings } = traceField(fieldFromMask(mask, size), { tolerancePx, minRegionPx: 0 });
      const subpaths = parsePath(outline.path);
      expect(subpaths).toHaveLength(rings.length);
      expect(subpaths.flat()).toHaveLength(outline.nodes);
      expect(outline.maxDeviationPx).toBeLessThanOrEqual(tolerancePx);
      subpaths.forEach((segments, k) => {
        const there = farthestFrom(samplePath(segments), pairs(rings[k]!));
        const back = farthestFrom(sampleRing(rings[k]!), samplePath(segments));
        expect(Math.max(there, back)).toBeLessThanOrEqual(outline.maxDeviationPx + 0.01);
      });
    }),
    { numRuns: 60 },
  );
});

it('more tolerance never takes more segments', () => {
  fc.assert(
    fc.property(
      anyMask,
      fc.array(tolerance, { minLength: 2, maxLength: 5 }),
      ({ mask, size }, tolerances) => {
        const nodes = tolerances
          .sort((a, b) => a - b)
          .map(
            (tolerancePx) =>
              traceField(fieldFromMask(mask, size), { tolerancePx, minRegionPx: 0 }).outline.nodes,
          );
        expect(nodes).toEqual([...nodes].sort((a, b) => b - a));
      },
    ),
    { numRuns: 60 },
  );
});

it('the dense rings, stairs smoothed, still fill to the mask', () => {
  fc.assert(
    fc.property(anyMask, ({ mask, size }) => {
      const { rings } = traceField(fieldFromMask(mask, size), { tolerancePx: 0.5, minRegionPx: 0 });
      expect(rleFromRings(rings, size).rle).toEqual(encodeRle(mask, size));
    }),
    { numRuns: 150 },
  );
});

it('simplified polygons stay within the tolerance of their ring', () => {
  fc.assert(
    fc.property(blobMask, tolerance, ({ mask, size }, tolerancePx) => {
      const { rings } = traceField(fieldFromMask(mask, size), { tolerancePx: 0.5, minRegionPx: 20 });
      for (const ring of rings) {
        const simple = simplifyRing(ring, tolerancePx);
        expect(simple.length).toBeGreaterThanOrEqual(6);
        expect(farthestFrom(pairs(ring), pairs(simple))).toBeLessThanOrEqual(tolerancePx + 1e-9);
      }
    }),
    { numRuns: 40 },
  );
});
