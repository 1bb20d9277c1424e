import { expect, it } from 'vitest';
import { decodeRle, encodeRle } from '../../../models/mask/rle.js';
import type { PartitionMask } from '../../../models/everything/partition.js';
import { shareEdges } from '../../../models/everything/shared-edges.js';
import { parseMask } from '../mask/text-mask.js';
import { parsePath } from '../trace/path-geometry.js';
import { masksOf, measureTiling, STAIRS_PX, traceSharedEdges, type Shape } from './tiling.js';

const size = { width: 64, height: 48 };
const TOLERANCES_PX = [0.25, 0.5, 1, 2, 4, 8, 32];

const rectangle =
  (x0: number, y0: number, x1: number, y1: number): Shape =>
  (x, y) =>
    x > x0 && x < x1 && y > y0 && y < y1;
const disc =
  (cx: number, cy: number, radius: number): Shape =>
  (x, y) =>
    Math.hypot(x - cx, y - cy) < radius;

const scenes: Record<string, PartitionMask[]> = {
  'two touching squares': masksOf(
    [{ shape: rectangle(8, 10, 30, 34) }, { shape: rectangle(30, 10, 52, 34) }],
    size,
  ),
  'overlapping discs': masksOf(
    [{ shape: disc(24, 22, 15) }, { shape: disc(38, 22, 15) }, { shape: disc(31, 33, 12) }],
    size,
  ),
  'a ring with an island inside': masksOf(
    [
      { shape: (x, y) => disc(32, 24, 22)(x, y) && !disc(32, 24, 13)(x, y) },
      { shape: disc(33, 24, 6) },
      { shape: disc(32, 24, 13), score: 0.5 },
    ],
    size,
  ),
  'T-junctions': masksOf(
    [
      { shape: (x, y) => y < 20 + x / 9 },
      { shape: (x, y) => y > 20 + x / 9 && x < 28 },
      { shape: (x, y) => y > 20 + x / 9 && x > 28 },
    ],
    size,
  ),
  'a checkerboard': masksOf(
    [
      { shape: (x, y) => (Math.floor(x / 9) + Math.floor(y / 7)) % 2 === 0 },
      { shape: (x, y) => (Math.floor(x / 9) + Math.floor(y / 7)) % 2 === 1 },
    ],
    size,
  ),
  'a checkerboard on nothing': masksOf(
    [{ shape: (x, y) => (Math.floor(x / 9) + Math.floor(y / 7)) % 2 === 0 }],
    size,
  ),
  'nested parts on their parent’s edge': masksOf(
    [
      { shape: disc(30, 24, 20) },
      { shape: (x, y) => disc(30, 24, 20)(x, y) && x > 34, parent: 1 },
      { shape: disc(46, 20, 9), parent: 2 },
      { shape: disc(20, 20, 6), parent: 1 },
    ],
    size,
  ),
  'a wedge that ends in a point': masksOf(
    [
      { shape: (x, y) => y < 24 - x / 40 },
      { shape: (x, y) => y > 24 + x / 25 },
      { shape: () => true, score: 0.1 },
    ],
    size,
  ),
  'strips of one pixel and specks': masksOf(
    [
      { shape: (x, y) => y < 20 },
      { shape: (x, y) => y > 20 && y < 21 },
      { shape: (x, y) => y > 21 && Math.floor(x) % 5 !== 0 },
      { shape: (x, y) => (x * 3 + y * 7) % 11 < 1, parent: 3 },
    ],
    size,
  ),
  'a thin crescent with specks along it': masksOf(
    [
      { shape: disc(30, 24, 21) },
      { shape: disc(32, 24, 19), parent: 1 },
      { shape: (x, y) => Math.hypot((x % 8) - 4, (y % 8) - 4) < 1.6 },
    ],
    size,
  ),
  'a spiral of two pixels and a comb of one': masksOf(
    [
      { shape: (x, y) => (Math.hypot(x - 22, y - 24) + 1.6 * Math.atan2(y - 24, x - 22)) % 5 < 2 },
      { shape: (x, y) => x > 44 && (y < 6 || Math.floor(x) % 3 === 0) },
    ],
    size,
  ),
  'a saw whose teeth reach around islands': masksOf(
    [
      { shape: (x, y) => y < 16 + Math.abs((x % 12) - 6) * 2 },
      { shape: (x, y) => Math.abs(y - 18 - Math.abs((x % 12) - 6) * 2) < 1.2 && x % 12 < 4 },
      { shape: (x, y) => y > 30 && disc(6 + 12 * Math.floor(x / 12), 32, 1.5)(x, y) },
      { shape: () => true, score: 0.1 },
    ],
    size,
  ),
  'one mask all over the image': masksOf([{ shape: () => true }, { shape: disc(0, 0, 12), parent: 1 }], size),
};

for (const [name, masks] of Object.entries(scenes)) {
  it(`gives every covered sample to exactly one leaf: ${name}`, () => {
    for (const tolerancePx of TOLERANCES_PX) {
      const regions = traceSharedEdges(masks, size, { tolerancePx, minRegionPx: 0 });
      const tiling = measureTiling(regions, size, 8, tolerancePx + STAIRS_PX);
      expect({ tolerancePx, ...tiling }).toMatchObject({ overlapping: 0, escaping: 0, strayed: 0 });
      expect(tiling.covered).toBeGreaterThan(size.width * size.height * 8);
      for (const { outline } of regions) {
        expect(outline.maxDeviationPx).toBeLessThanOrEqual(tolerancePx);
        expect(parsePath(outline.path).flat()).toHaveLength(outline.nodes);
        expect(parsePath(outline.path)).toHaveLength(outline.rings);
      }
    }
  });
}

it('keeps specks on their side of a curve that would cross them', () => {
  const small = { width: 24, height: 24 };
  const masks = [
    ['h18>4M2N2N2O0O2O00000000000001N101N2N2N3LZ1', 0.95],
    ['[226000000000`40`K000000000`40`K000000000U2', 0.99],
  ].map(([counts, predictedIou], k) => ({
    id: k + 1,
    parent: null,
    rle: { size: [24, 24] as [number, number], counts: counts as string },
    area: k === 0 ? 332 : 36,
    predictedIou: predictedIou as number,
    stabilityScore: 1,
  }));
  const regions = traceSharedEdges(masks, small, { tolerancePx: 32, minRegionPx: 0 });
  expect(measureTiling(regions, small, 8, 32)).toMatchObject({ overlapping: 0, escaping: 0 });
});

it('draws the boundary between neighbours with the same coordinates on both sides', () => {
  const regions = traceSharedEdges(scenes['overlapping discs']!, size, { tolerancePx: 1, minRegionPx: 0 });
  const keys = regions.map(({ outline }) =>
    parsePath(outline.path)
      .flat()
      .map(({ points }) => {
        const pairs = Array.from({ length: points.length / 2 }, (_, k) =>
          points.slice(2 * k, 2 * k + 2).join(),
        );
        const [there, back] = [pairs.join(' '), pairs.reverse().join(' ')];
        return there < back ? there : back;
      }),
  );
  const shared = keys[0]!.filter((key) => keys[1]!.includes(key));
  expect(shared.length).toBeGreaterThan(0);
});

it('lets the better sibling win an overlap, and at a tie the smaller', () => {
  const square = rectangle(5, 5, 35, 35);
  const part = rectangle(25, 5, 45, 35);
  const areas = (first: number, second: number) =>
    traceSharedEdges(
      masksOf(
        [
          { shape: square, score: first },
          { shape: part, score: second },
        ],
        size,
      ),
      size,
      { tolerancePx: 1, minRegionPx: 0 },
    ).map(({ area }) => area);
  expect(areas(0.9, 0.8)).toEqual([900, 300]);
  expect(areas(0.8, 0.9)).toEqual([600, 600]);
  expect(areas(0.9, 0.9)).toEqual([600, 600]);
});

it('cuts a child off at its parent, and counts it in', () => {
  const masks = masksOf(
    [{ shape: rectangle(10, 10, 30, 30) }, { shape: rectangle(20, 20, 50, 40), parent: 1 }],
    size,
  );
  const [parent, child] = traceSharedEdges(masks, size, { tolerancePx: 1, minRegionPx: 0 });
  expect(parent).toMatchObject({ id: 1, parent: null, area: 400, box: [10, 10, 30, 30], rle: masks[0]!.rle });
  expect(child).toMatchObject({ id: 2, parent: 1, area: 100, box: [20, 20, 30, 30] });
});

it('gives what a losing sibling’s child covers to the winner', () => {
  const masks = masksOf(
    [
      { shape: rectangle(5, 5, 30, 30), score: 0.5 },
      { shape: rectangle(20, 5, 50, 30), score: 0.9 },
      { shape: rectangle(15, 10, 40, 20), parent: 1, score: 1 },
    ],
    size,
  );
  const areas = traceSharedEdges(masks, size, { tolerancePx: 1, minRegionPx: 0 }).map(({ area }) => area);
  expect(areas).toEqual([15 * 25, 30 * 25, 5 * 10]);
});

it('leaves out a mask that loses everything', () => {
  const masks = masksOf(
    [
      { shape: rectangle(10, 10, 20, 20), score: 0.5 },
      { shape: rectangle(5, 5, 40, 40), score: 0.9 },
      { shape: rectangle(12, 12, 18, 18), parent: 1 },
    ],
    size,
  );
  const regions = traceSharedEdges(masks, size, { tolerancePx: 1, minRegionPx: 0 });
  expect(regions.map(({ id, parent }) => [id, parent])).toEqual([[2, null]]);
});

it('gives slivers to the neighbour with the longest shared border', () => {
  const size = { width: 16, height: 8 };
  const letters = `aaaaaaaabbbbbbbb
aaaaaaaabbbbbbbb
aaaaaaaacbbbbbbb
aaaaaaaacbbbbbbb
aaaaaaaaccbbbbbb
aaaaaaaabbbbbbbb
cccccccccccccccc
cccccccccccccccc`.replaceAll('\n', '');
  const masks = masksOf(
    ['a', 'b', 'c'].map((letter) => ({
      shape: (x: number, y: number) => letters[Math.floor(y) * 16 + Math.floor(x)] === letter,
    })),
    size,
  );
  const areas = traceSharedEdges(masks, size, { tolerancePx: 1, minRegionPx: 6 }).map(({ area }) => area);
  expect(areas).toEqual([48, 48, 32]);
});

it('keeps pixels that touch at a corner apart', () => {
  const { mask, size } = parseMask(`
    ......
    .##...
    .##...
    ...##.
    ...##.
    ......`);
  const rle = encodeRle(mask, size);
  const [region] = traceSharedEdges(
    [{ id: 7, parent: null, rle, area: 8, predictedIou: 1, stabilityScore: 1 }],
    size,
    { tolerancePx: 0.25, minRegionPx: 0 },
  );
  expect(region).toMatchObject({ id: 7, outline: { rings: 2 } });
  expect(decodeRle(region!.rle)).toEqual(mask);
});

it('pauses between arcs, so that whoever asked may stop it', () => {
  const steps = shareEdges(scenes['T-junctions']!, size, { tolerancePx: 1, minRegionPx: 0 });
  let pauses = 0;
  while (!steps.next().done) pauses++;
  expect(pauses).toBeGreaterThan(10);
});

it('refuses masks of another image', () => {
  expect(() =>
    traceSharedEdges(scenes['T-junctions']!, { width: 10, height: 10 }, { tolerancePx: 1, minRegionPx: 0 }),
  ).toThrow(expect.objectContaining({ code: 'MASK_SHAPE' }));
});
