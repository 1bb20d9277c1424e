import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { PartitionMask } from '../../../models/everything/partition.js';
import type { Size } from '../../../protocol/geometry.js';
import { decodeRle } from '../../../models/mask/rle.js';
import { masksOf, measureTiling, STAIRS_PX, traceSharedEdges, type Shape } from './tiling.js';

interface Scene {
  readonly size: Size;
  readonly masks: PartitionMask[];
}

/** Discs with waves around them; every one may lie in an earlier one. */
const blobs: fc.Arbitrary<Scene> = fc
  .record({
    width: fc.integer({ min: 12, max: 56 }),
    height: fc.integer({ min: 12, max: 56 }),
    shapes: fc.array(
      fc.record({
        x: fc.double({ min: 0, max: 1, noNaN: true }),
        y: fc.double({ min: 0, max: 1, noNaN: true }),
        radius: fc.double({ min: 0.05, max: 0.6, noNaN: true }),
        wave: fc.double({ min: 0, max: 0.5, noNaN: true }),
        lobes: fc.integer({ min: 1, max: 9 }),
        score: fc.double({ min: 0, max: 1, noNaN: true }),
        parent: fc.nat(),
      }),
      { minLength: 1, maxLength: 9 },
    ),
  })
  .map(({ width, height, shapes }) => {
    const size = { width, height };
    const blob =
      ({ x: cx, y: cy, radius, wave, lobes }: (typeof shapes)[number]): Shape =>
      (x, y) => {
        const [dx, dy] = [x - cx * width, y - cy * height];
        return Math.hypot(dx, dy) < radius * width * (1 + wave * Math.cos(lobes * Math.atan2(dy, dx)));
      };
    return {
      size,
      masks: masksOf(
        shapes.map((shape, k) => {
          const parent = shape.parent % (k + 1);
          return { shape: blob(shape), score: shape.score, ...(parent > 0 && { parent }) };
        }),
        size,
      ),
    };
  });

/** Shapes close inside each other with specks between: thin crescents that curves cross easily. */
const crescents: fc.Arbitrary<Scene> = fc
  .record({
    side: fc.integer({ min: 24, max: 64 }),
    lobes: fc.integer({ min: 1, max: 12 }),
    wave: fc.double({ min: 0, max: 0.4, noNaN: true }),
    steps: fc.array(fc.double({ min: 0.5, max: 3, noNaN: true }), { minLength: 1, maxLength: 5 }),
    slip: fc.double({ min: 0, max: 1, noNaN: true }),
    specks: fc.integer({ min: 3, max: 12 }),
  })
  .map(({ side, lobes, wave, steps, slip, specks }) => {
    const size = { width: side, height: side };
    let inset = 0;
    const shapes = steps.map((step, k) => {
      const radius = 0.45 * side - (inset += step);
      const shape: Shape = (x, y) => {
        const [dx, dy] = [x - side / 2 + slip * inset, y - side / 2];
        return Math.hypot(dx, dy) < radius * (1 - wave + wave * Math.cos(lobes * Math.atan2(dy, dx)));
      };
      return { shape, ...(k > 0 && { parent: k }) };
    });
    const speck: Shape = (x, y) => Math.hypot((x % specks) - specks / 2, (y % specks) - specks / 2) < 1.3;
    return { size, masks: masksOf([...shapes, { shape: speck, score: 0.99 }], size) };
  });

/** Any labels at all, pixel by pixel. */
const noise: fc.Arbitrary<Scene> = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 4 }))
  .chain(([width, height, labels]) =>
    fc.array(fc.nat(labels), { minLength: width * height, maxLength: width * height }).map((values) => ({
      size: { width, height },
      masks: masksOf(
        Array.from({ length: labels }, (_, k) => ({
          shape: (x: number, y: number) => values[Math.floor(y) * width + Math.floor(x)] === k + 1,
        })),
        { width, height },
      ),
    })),
  );

const tolerance = fc.oneof(fc.double({ min: 0.05, max: 8, noNaN: true }), fc.constantFrom(1, 4, 32));

it(
  'every covered sample belongs to exactly one leaf, which has a pixel within the tolerance',
  { timeout: 60_000 },
  () => {
    fc.assert(
      fc.property(fc.oneof(blobs, crescents, noise), tolerance, ({ size, masks }, tolerancePx) => {
        const regions = traceSharedEdges(masks, size, { tolerancePx, minRegionPx: 0 });
        const tiling = measureTiling(regions, size, 8, tolerancePx + STAIRS_PX);
        expect(tiling).toMatchObject({ overlapping: 0, escaping: 0, strayed: 0 });
        for (const { outline } of regions) expect(outline.maxDeviationPx).toBeLessThanOrEqual(tolerancePx);
      }),
      { numRuns: 100 },
    );
  },
);

it('regions partition what the masks cover, with nothing smaller than asked for', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(blobs, fc.integer({ min: 0, max: 40 }), ({ size, masks }, minRegionPx) => {
      const regions = traceSharedEdges(masks, size, { tolerancePx: 2, minRegionPx });
      const pixels = new Map(regions.map(({ id, rle }) => [id, decodeRle(rle)]));
      for (const { id, parent, area, rle } of regions) {
        const mask = pixels.get(id)!;
        expect(mask.reduce((sum, value) => sum + value, 0)).toBe(area);
        expect(area).toBeGreaterThanOrEqual(Math.max(1, Math.min(minRegionPx, size.width * size.height)));
        expect(rle.size).toEqual([size.height, size.width]);
        if (parent !== null) expect(mask.every((value, k) => value <= pixels.get(parent)![k]!)).toBe(true);
        for (const sibling of regions) {
          if (sibling.parent !== parent || sibling.id === id) continue;
          expect(mask.some((value, k) => value === 1 && pixels.get(sibling.id)![k] === 1)).toBe(false);
        }
      }
      if (minRegionPx > 0) return;
      const covered = masks.map(({ rle }) => decodeRle(rle));
      const tops = regions.filter(({ parent }) => parent === null).map(({ id }) => pixels.get(id)!);
      const topMasks = covered.filter((_, k) => masks[k]!.parent === null);
      for (let k = 0; k < size.width * size.height; k++) {
        expect(tops.some((mask) => mask[k])).toBe(topMasks.some((mask) => mask[k]));
      }
    }),
    { numRuns: 60 },
  );
});
