import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cropBoxes, pointGrid, pointsPerSideOf } from '../../../models/everything/grid.js';
import { REFERENCE_PARAMETERS } from '../../../models/everything/parameters.js';

const { cropOverlap } = REFERENCE_PARAMETERS;
const boxesOf = (width: number, height: number, layers: number) =>
  cropBoxes({ width, height }, layers, cropOverlap).map(({ box }) => box);

describe('pointGrid', () => {
  it('puts points at the centres of cells, row by row', () => {
    expect(pointGrid(1)).toEqual([[0.5, 0.5]]);
    expect(pointGrid(2)).toEqual([
      [0.25, 0.25],
      [0.75, 0.25],
      [0.25, 0.75],
      [0.75, 0.75],
    ]);
  });
});

describe('pointsPerSideOf', () => {
  it('thins the grid from layer to layer, down to one point a side', () => {
    expect([0, 1, 2].map((layer) => pointsPerSideOf(layer, 32, 2))).toEqual([32, 16, 8]);
    expect([0, 1, 2].map((layer) => pointsPerSideOf(layer, 32, 1))).toEqual([32, 32, 32]);
    expect(pointsPerSideOf(1, 7, 2)).toBe(3);
    expect(pointsPerSideOf(4, 2, 16)).toBe(1);
  });
});

describe('cropBoxes', () => {
  it('is the whole image alone without layers', () => {
    expect(cropBoxes({ width: 1800, height: 1200 }, 0, cropOverlap)).toEqual([
      { box: [0, 0, 1800, 1200], layer: 0 },
    ]);
  });

  it('cuts the crops that the reference cuts, column by column', () => {
    // Overlaps of 409 and 204 px; crops of 1105×805 and 603×453 px.
    expect(boxesOf(1800, 1200, 1)).toEqual([
      [0, 0, 1800, 1200],
      [0, 0, 1105, 805],
      [0, 396, 1105, 1200],
      [696, 0, 1800, 805],
      [696, 396, 1800, 1200],
    ]);
    const second = boxesOf(1800, 1200, 2).slice(5);
    expect(second).toHaveLength(16);
    expect(second.slice(0, 4)).toEqual([
      [0, 0, 603, 453],
      [0, 249, 603, 702],
      [0, 498, 603, 951],
      [0, 747, 603, 1200],
    ]);
    expect(second.at(-1)).toEqual([1197, 747, 1800, 1200]);
  });

  it('leaves out crops that would begin beyond the edge of an image of few pixels', () => {
    expect(boxesOf(8, 8, 4).filter(([x0, y0, x1, y1]) => x0 >= x1 || y0 >= y1)).toEqual([]);
    expect(boxesOf(400, 300, 4)).toHaveLength(1 + 4 + 16 + 64 + 256);
  });

  it('covers images of any size, however tiny, with crops that hold a pixel and stay inside', () => {
    const side = fc.integer({ min: 1, max: 60 });
    const overlap = fc.double({ min: 0, max: 0.9, noNaN: true });
    fc.assert(
      fc.property(side, side, fc.integer({ min: 1, max: 4 }), overlap, (width, height, layers, share) => {
        const crops = cropBoxes({ width, height }, layers, share);
        for (let layer = 0; layer <= layers; layer++) {
          const boxes = crops.filter((crop) => crop.layer === layer).map(({ box }) => box);
          expect(boxes.length).toBeLessThanOrEqual(4 ** layer);
          const covered = new Set<number>();
          for (const [x0, y0, x1, y1] of boxes) {
            expect(x0 >= 0 && y0 >= 0 && x1 <= width && y1 <= height).toBe(true);
            for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) covered.add(y * width + x);
          }
          expect(covered.size).toBe(width * height);
          expect(Math.min(...boxes.map(([x0, y0, x1, y1]) => Math.min(x1 - x0, y1 - y0)))).toBeGreaterThan(0);
        }
      }),
    );
  });
});
