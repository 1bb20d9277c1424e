import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pointGrid } from '../../../models/everything/grid.js';
import { footprintGrid, footprintOf } from '../../../models/everything/footprint.js';
import { REFERENCE_PARAMETERS } from '../../../models/everything/parameters.js';
import { PixelCounter } from '../../../models/everything/pixel-counter.js';
import { glimpseOf, likeness, Surveyor } from '../../../models/everything/survey.js';
import type { Glimpse } from '../../../models/everything/survey.js';
import { lowResField } from '../../../models/coordinates.js';
import type { Box, Point } from '../../../protocol/geometry.js';
import { discLogits } from '../../support/fake-model.js';
import { createSceneModel, disc } from '../../support/scene-model.js';
import type { Shape } from '../../support/scene-model.js';

const IMAGE = { width: 1024, height: 768 };
const GRID = footprintGrid(IMAGE);

function surveyorOf(shapes: readonly Shape[]) {
  const points = pointGrid(8).map(([u, v]): Point => [u * IMAGE.width, v * IMAGE.height]);
  const crop = {
    model: createSceneModel(shapes),
    embedding: { data: new Float32Array(0), image: IMAGE },
    image: IMAGE,
    cropBox: [0, 0, IMAGE.width, IMAGE.height] as Box,
    points,
    pointsPerSide: 8,
    parameters: REFERENCE_PARAMETERS,
    counter: new PixelCounter(IMAGE),
  };
  return new Surveyor(crop, GRID);
}

describe('Surveyor', () => {
  it('sees roughly a quarter of each mask that a click lies in, where it is, and how good it is', async () => {
    // Click 0 lies at (16, 12) in samples.
    const seen = await surveyorOf([disc(16, 12, 20), disc(30, 20, 60)]).survey([0], {});
    expect(seen.map(({ point }) => point)).toEqual([0, 0]);
    const [small, large] = seen;
    expect(large!.count).toBeGreaterThan(3 * small!.count);
    expect(small!.bounds[0]).toBe(0);
    expect(Math.abs(small!.bounds[2] - 35)).toBeLessThanOrEqual(8);
    expect(small!.quality).toBeGreaterThan(0.8);
    expect(small!.quality).toBeLessThanOrEqual(0.95);
  });

  it('sees nothing where there is nothing', async () => {
    expect(await surveyorOf([disc(200, 150, 9)]).survey([0, 9], {})).toEqual([]);
  });

  it('sees of a found mask what it saw of its glimpse', async () => {
    const shape = disc(16, 12, 20);
    const surveyor = surveyorOf([shape]);
    const [glimpse] = await surveyor.survey([0], {});
    const found = footprintOf(GRID, lowResField(discLogits(16, 12, 20), IMAGE));
    const seen = glimpseOf(found.bits, surveyor.surveyed, GRID);
    expect(seen.count).toBe(glimpse!.count);
    expect(seen.bounds).toEqual(glimpse!.bounds);
    expect(likeness(seen, glimpse!)).toBe(1);
  });
});

describe('likeness', () => {
  const glimpse = (box: readonly [number, number, number, number], withBits: boolean) => {
    const [left, top, right, bottom] = box;
    const bits = new Uint32Array(32);
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) bits[row]! |= 1 << column;
    }
    const count = (right - left + 1) * (bottom - top + 1);
    return { count, bounds: box, ...(withBits && { bits }) } satisfies Pick<
      Glimpse,
      'count' | 'bounds' | 'bits'
    >;
  };
  const side = fc.integer({ min: 0, max: 31 });
  const box = fc
    .tuple(side, side, side, side)
    .map(([a, b, c, d]) => [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)] as const);

  it('of full boxes is the same whether samples are known or only their bounds, and the IoU if it matters', () => {
    fc.assert(
      fc.property(box, box, (a, b) => {
        const [known, unknown] = [true, false].map((bits) => likeness(glimpse(a, bits), glimpse(b, bits)));
        const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]) + 1;
        const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]) + 1;
        const both = width > 0 && height > 0 ? width * height : 0;
        const { count: first } = glimpse(a, false);
        const { count: second } = glimpse(b, false);
        const iou = both / (first + second - both);
        if (iou > 0.5) expect(known).toBeCloseTo(iou, 12);
        else expect(known).toBeLessThanOrEqual(0.5);
        expect(unknown).toBeCloseTo(known!, 12);
      }),
    );
  });

  it('of things that lie apart is none', () => {
    expect(likeness(glimpse([0, 0, 3, 3], true), glimpse([4, 0, 7, 3], true))).toBe(0);
  });
});
