import { describe, expect, it } from 'vitest';
import { fieldFromMask, type LogitField } from '../../../models/logit-field.js';
import { measureDeviation } from '../../../models/trace/deviation.js';
import { traceField } from '../../../models/trace/outline.js';
import { ringArea } from '../../../models/trace/ring.js';
import { parseMask } from '../mask/text-mask.js';
import { directionAt, parsePath, samplePath, type PathSegment } from './path-geometry.js';
import { annulus, disc, fieldOf, maskFieldOf, polygon, star, type DistanceTo } from './shapes.js';

const IMAGE = { width: 240, height: 200 };
const TILTED_SQUARE: [number, number][] = [0, 1, 2, 3].map((k) => [
  120 + 80 * Math.cos(0.4 + (k * Math.PI) / 2),
  100 + 80 * Math.sin(0.4 + (k * Math.PI) / 2),
]);

function trace(field: LogitField, tolerancePx = 0.5) {
  const { outline, rings } = traceField(field, { tolerancePx, minRegionPx: 0 });
  return { outline, rings, subpaths: parsePath(outline.path) };
}

function worstDistance(subpaths: PathSegment[][], distance: DistanceTo): number {
  return Math.max(
    ...subpaths.flatMap((segments) => samplePath(segments)).map(([x, y]) => Math.abs(distance(x!, y!))),
  );
}

/** Turn between one segment and the next, degrees. */
function turns(segments: PathSegment[]): number[] {
  return segments.map((segment, k) => {
    const turn = directionAt(segments[(k + 1) % segments.length]!, 0) - directionAt(segment, 1);
    return Math.abs((((turn * 180) / Math.PI + 540) % 360) - 180);
  });
}

describe('an outline traced from logits with known sub-pixel truth', () => {
  const shapes: [string, DistanceTo, number][] = [
    ['disc', disc(120.3, 99.6, 70), 0.15],
    ['small disc', disc(120.3, 99.6, 9), 0.15],
    ['thin ring', annulus(120, 100, 70, 4), 0.15],
  ];
  it.each(shapes)('follows a %s to 0.1 px', (_, distance, tolerancePx) => {
    const { subpaths } = trace(fieldOf(distance, IMAGE, 1), tolerancePx);
    expect(worstDistance(subpaths, distance)).toBeLessThan(0.1 + 0.05);
  });

  it.each([
    ['tilted square', TILTED_SQUARE],
    ['star', star(120, 100, 80, 35, 5)],
  ] as [string, [number, number][]][])('follows the sides of a %s to 0.1 px', (_, vertices) => {
    const { subpaths } = trace(fieldOf(polygon(vertices), IMAGE, 1), 0.1);
    // The bilinear field itself rounds the tips off.
    const isTip = ([x, y]: number[]) => vertices.some(([a, b]) => Math.hypot(x! - a, y! - b) < 3);
    const points = subpaths.flatMap((segments) => samplePath(segments)).filter((point) => !isTip(point));
    expect(Math.max(...points.map(([x, y]) => Math.abs(polygon(vertices)(x!, y!))))).toBeLessThan(0.1);
  });

  it('is as good on a grid eight times as coarse', () => {
    const distance = disc(900, 600, 400);
    const { subpaths } = trace(fieldOf(distance, { width: 1800, height: 1200 }, 8));
    expect(worstDistance(subpaths, distance)).toBeLessThan(0.6);
    expect(subpaths[0]!.length).toBeLessThanOrEqual(8);
  });
});

describe('an outline traced from a mask', () => {
  it('draws an upright square with four lines and its exact corners', () => {
    const { outline } = trace(maskFieldOf((x, y) => Math.min(x - 20, 90 - x, y - 30, 100 - y), IMAGE));
    expect(outline).toMatchObject({ nodes: 4, rings: 1 });
    expect(outline.maxDeviationPx).toBeCloseTo(0, 9);
    expect(outline.path.match(/\d+ \d+/g)!.sort()).toEqual(['20 100', '20 30', '90 100', '90 30']);
  });

  it('sees through the stairs of a tilted square: four lines within a quarter pixel of the truth', () => {
    const distance = polygon(TILTED_SQUARE);
    const { subpaths } = trace(maskFieldOf(distance, IMAGE));
    expect(subpaths[0]!.map(({ kind }) => kind).join('')).toBe('LLLL');
    expect(worstDistance(subpaths, distance)).toBeLessThan(0.35);
  });

  it('keeps every corner of a star', () => {
    const { subpaths } = trace(maskFieldOf(polygon(star(120, 100, 90, 40, 5)), IMAGE));
    const corners = turns(subpaths[0]!).filter((turn) => turn > 30);
    expect(corners).toHaveLength(10);
  });

  it('draws a disc with at most four curves that join smoothly', () => {
    const distance = disc(120.3, 99.6, 70);
    const { subpaths } = trace(maskFieldOf(distance, IMAGE));
    expect(subpaths[0]!.length).toBeLessThanOrEqual(4);
    expect(subpaths[0]!.every(({ kind }) => kind === 'C')).toBe(true);
    expect(Math.max(...turns(subpaths[0]!))).toBeLessThan(0.1);
    expect(worstDistance(subpaths, distance)).toBeLessThan(0.6);
  });

  it('joins lines and curves of a rounded box smoothly', () => {
    const rounded: DistanceTo = (x, y) =>
      30 - Math.hypot(Math.max(0, Math.abs(x - 120) - 60), Math.max(0, Math.abs(y - 100) - 40));
    const { subpaths } = trace(maskFieldOf(rounded, IMAGE));
    const kinds = subpaths[0]!.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'L').length).toBeGreaterThanOrEqual(2);
    expect(kinds.length).toBeLessThanOrEqual(8);
    expect(Math.max(...turns(subpaths[0]!))).toBeLessThan(0.2);
  });

  it('puts outer rings first, each followed by its holes', () => {
    const { mask, size } = parseMask(`
      #####...###
      #...#...#.#
      #.#.#...###
      #...#......
      #####......`);
    const { rings } = trace(fieldFromMask(mask, size));
    expect(rings.map((ring) => Math.sign(ringArea(ring)))).toEqual([1, -1, 1, -1, 1]);
    expect(rings.map((ring) => Math.round(Math.abs(ringArea(ring)))).at(-1)).toBe(1);
  });

  it('has an empty outline when the mask is empty', () => {
    expect(trace(maskFieldOf(() => -1, IMAGE)).outline).toMatchObject({
      path: '',
      nodes: 0,
      rings: 0,
      maxDeviationPx: 0,
    });
  });

  it('stops once it is cancelled', () => {
    const field = maskFieldOf(disc(120, 100, 50), IMAGE);
    const options = { tolerancePx: 0.5, minRegionPx: 0, signal: AbortSignal.abort() };
    expect(() => traceField(field, options)).toThrow(expect.objectContaining({ name: 'CodedError' }));
  });

  it('drops regions that are too small', () => {
    const { mask, size } = parseMask('#..###');
    const { outline } = traceField(fieldFromMask(mask, size), { tolerancePx: 0.5, minRegionPx: 2 });
    expect(outline.rings).toBe(1);
  });

  it('draws a single pixel as something that encloses an area', () => {
    const { subpaths } = trace(
      maskFieldOf((x, y) => (Math.floor(x) === 5 && Math.floor(y) === 7 ? 1 : -1), IMAGE),
    );
    const points = Float64Array.from(samplePath(subpaths[0]!).flat());
    expect(ringArea(points)).toBeGreaterThan(0.4);
    expect(ringArea(points)).toBeLessThan(1.5);
  });
});

describe('a ring that is small beside the tolerance', () => {
  for (const side of [1, 2, 5, 10, 20]) {
    it(`keeps most of its area: ${side}×${side} pixels at 64 px`, () => {
      const mask = new Uint8Array(64 * 64);
      for (let y = 20; y < 20 + side; y++) mask.fill(1, y * 64 + 20, y * 64 + 20 + side);
      const field = fieldFromMask(mask, { width: 64, height: 64 });
      const { outline } = traceField(field, { tolerancePx: 64, minRegionPx: 0 });
      expect(outline.nodes).toBeGreaterThanOrEqual(2);
      const area = ringArea(Float64Array.from(samplePath(parsePath(outline.path)[0]!).flat()));
      expect(area).toBeGreaterThan(0.5 * side ** 2);
    });
  }
});

it('reports the farthest point of a curve also where it lies between two of the points it is flattened to', () => {
  // Found by the property test: 0.02 px more than was reported.
  const { mask, size } = parseMask('##...##\n.......\n#.###.#');
  const { outline, rings } = trace(fieldFromMask(mask, size), 0.30828238494948973);
  expect(outline.maxDeviationPx).toBeGreaterThanOrEqual(measureDeviation(outline.path, rings).maxPx - 0.01);
});

it('a disc has no slight kinks, though one of its pixels looks like a corner at first', () => {
  const size = { width: 44, height: 44 };
  const distance = disc(22, 22, 15.55);
  const mask = Uint8Array.from({ length: 44 * 44 }, (_, k) =>
    distance((k % 44) + 0.5, Math.floor(k / 44) + 0.5) > 0 ? 1 : 0,
  );
  for (const tolerancePx of [0.25, 1, 1.3]) {
    const { subpaths } = trace(fieldFromMask(mask, size), tolerancePx);
    expect(Math.max(...subpaths.flatMap(turns))).toBeLessThan(0.1);
  }
});

describe('more tolerance never takes more segments', () => {
  it.each([
    {
      name: 'where tracks are looked at less closely',
      rows: ['###', '###', '##.', '.#.', '###', '##.', '..#', '.##', '###'],
      tolerances: [0.25, 0.36, 0.389, 0.39, 0.42, 0.49, 0.5, 0.6, 0.779, 0.78],
    },
    {
      name: 'where small details begin to count as noise',
      rows: ['.##.', '.###', '#.##', '#..#', '####', '##.#', '##.#'],
      tolerances: [1, 1.5, 1.559, 1.56, 1.99, 2, 2.4, 3.119, 3.12, 4],
    },
  ])('$name', ({ rows, tolerances }) => {
    const { mask, size } = parseMask(rows.join('\n'));
    const nodes = tolerances.map(
      (tolerancePx) => trace(fieldFromMask(mask, size), tolerancePx).outline.nodes,
    );
    expect(nodes).toEqual([...nodes].sort((a, b) => b - a));
  });
});
