import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { footprintGrid, footprintOf, intersection } from '../../../models/everything/footprint.js';
import { arrangeMasks } from '../../../models/everything/tree.js';
import type { Placed } from '../../../models/everything/tree.js';
import { measureRuns, runsFromMask } from '../../../models/mask/runs.js';
import { disc, rectangle, ring } from '../../support/scene-model.js';
import type { Shape } from '../../support/scene-model.js';

/** One sample a pixel. */
const IMAGE = { width: 256, height: 256 };
const grid = footprintGrid(IMAGE);

function place(id: number, shape: Shape): Placed {
  const mask = new Uint8Array(256 * 256);
  mask.forEach((_, k) => (mask[k] = shape((k % 256) + 0.5, Math.floor(k / 256) + 0.5) > 0 ? 1 : 0));
  const runs = runsFromMask(mask, IMAGE);
  return { id, footprint: footprintOf(grid, runs), ...measureRuns(runs) };
}

describe('arrangeMasks', () => {
  it('makes an empty tree of no masks', () => {
    expect(arrangeMasks([])).toEqual([]);
  });

  it('puts each mask into the smallest one that contains it, in whatever order they come', () => {
    const [table, plate, pea, ball] = [
      place(4, rectangle(10, 10, 150, 120)),
      place(2, disc(80, 60, 40)),
      place(9, disc(80, 60, 9)),
      place(1, disc(210, 200, 30)),
    ];
    const expected = [
      { id: 4, parent: null },
      { id: 2, parent: 4 },
      { id: 9, parent: 2 },
      { id: 1, parent: null },
    ];
    expect(arrangeMasks([table, plate, pea, ball])).toEqual(expected);
    expect(arrangeMasks([pea, ball, plate, table])).toEqual(expected);
  });

  it('leaves what lies in the hole of a ring outside of the ring', () => {
    const masks = [place(1, ring(100, 100, 60, 30)), place(2, disc(100, 100, 20))];
    expect(arrangeMasks(masks)).toEqual([
      { id: 1, parent: null },
      { id: 2, parent: null },
    ]);
  });

  it('takes what reaches out a little for a part, and what reaches out far for a neighbour', () => {
    const car = place(1, rectangle(50, 50, 200, 150));
    // A tenth and a third of it stick out.
    expect(arrangeMasks([car, place(2, rectangle(191, 60, 201, 80))])[1]!.parent).toBe(1);
    expect(arrangeMasks([car, place(2, rectangle(180, 60, 210, 80))])[1]!.parent).toBeNull();
  });

  it('keeps two views of one thing side by side, the larger below, and parts in the smaller', () => {
    const masks = [place(1, disc(100, 100, 59)), place(2, disc(100, 100, 60)), place(3, disc(100, 100, 10))];
    expect(arrangeMasks(masks)).toEqual([
      { id: 2, parent: null },
      { id: 1, parent: null },
      { id: 3, parent: 1 },
    ]);
  });

  it('puts a mask too small for any sample at the top rather than anywhere', () => {
    const speck: Placed = {
      id: 7,
      area: 1,
      box: [60, 60, 61, 61],
      footprint: { bits: new Uint32Array((256 * 256) >> 5), count: 0 },
    };
    expect(arrangeMasks([speck, place(1, disc(60, 60, 50))])).toEqual([
      { id: 1, parent: null },
      { id: 7, parent: null },
    ]);
  });

  const coordinate = fc.integer({ min: 0, max: 240 });
  const boxes = fc.array(
    fc.tuple(coordinate, coordinate, fc.integer({ min: 2, max: 120 }), fc.integer({ min: 2, max: 120 })),
    { maxLength: 14 },
  );

  it('makes a tree in painting order of any masks: parents first, siblings from large to small', () => {
    fc.assert(
      fc.property(boxes, (all) => {
        const masks = all.map(([x, y, width, height], i) =>
          place(i + 1, rectangle(x, y, x + width, y + height)),
        );
        const byId = new Map(masks.map((mask) => [mask.id, mask]));
        const arranged = arrangeMasks(masks);
        expect(arranged.map(({ id }) => id).sort((a, b) => a - b)).toEqual(masks.map(({ id }) => id));
        const seen = new Set<number | null>([null]);
        const lastArea = new Map<number | null, number>();
        for (const { id, parent } of arranged) {
          const { area, footprint } = byId.get(id)!;
          expect(seen).toContain(parent);
          seen.add(id);
          expect(area).toBeLessThanOrEqual(lastArea.get(parent) ?? Infinity);
          lastArea.set(parent, area);
          if (parent === null) continue;
          const outer = byId.get(parent)!;
          expect(area).toBeLessThan(outer.area);
          expect(intersection(footprint.bits, outer.footprint.bits)).toBeGreaterThanOrEqual(
            0.85 * footprint.count,
          );
        }
      }),
      { numRuns: 40 },
    );
  });
});
