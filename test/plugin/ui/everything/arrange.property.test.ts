import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ALL_SHOWN, arrange, leastArea, scoreOf } from '../../../../plugin/ui/everything/arrange.js';
import type { Arranged } from '../../../../plugin/ui/everything/arrange.js';
import { rowOf, visibleRows } from '../../../../plugin/ui/everything/tree.js';
import type { FoundMask } from '../../../../protocol/everything.js';
import { DOOR, foundBox, HOUSE, SCENE, TREE, WINDOW } from './support.js';

/** Trees of up to 30 objects with any scores and areas. */
const tree: fc.Arbitrary<FoundMask[]> = fc
  .array(
    fc.record({
      parent: fc.nat(),
      area: fc.integer({ min: 1, max: 100_000 }),
      predictedIou: fc.double({ min: 0.5, max: 1.1, noNaN: true }),
    }),
    { minLength: 1, maxLength: 30 },
  )
  .map((nodes) =>
    nodes.map(({ parent, area, predictedIou }, i) => {
      // Parents come before their children; every third or so is at the top.
      const above = i === 0 || parent % 3 === 0 ? null : (parent % i) + 1;
      return foundBox(i + 1, above, [0, 0, 1, 1], { area, predictedIou });
    }),
  );
const share = fc.double({ min: 0, max: 1, noNaN: true });
const ids = (arranged: Arranged) => arranged.map(({ mask }) => mask.id);

it('shows everything while both sliders rest', () => {
  fc.assert(
    fc.property(tree, (masks) => {
      expect(new Set(ids(arrange(masks, ALL_SHOWN)))).toEqual(new Set(masks.map(({ id }) => id)));
    }),
  );
});

it('follows every object with its parts, and counts them', () => {
  fc.assert(
    fc.property(tree, share, share, (masks, more, large) => {
      const list = arrange(masks, { more, large });
      list.forEach((object, i) => {
        const within = list.slice(i + 1, i + 1 + object.partCount);
        const isWithin = (other: (typeof list)[number]) => {
          for (let above = other.parent; above; above = above.parent) if (above === object) return true;
          return false;
        };
        expect(within.every(isWithin)).toBe(true);
        expect(list.filter(isWithin)).toHaveLength(object.partCount);
        expect(object.depth).toBe(object.parent ? object.parent.depth + 1 : 0);
        if (object.parent) expect(object.parent.parts).toContain(object);
      });
    }),
  );
});

it('lifts an object whose parent is not shown to the nearest one that is', () => {
  fc.assert(
    fc.property(tree, share, share, (masks, more, large) => {
      const list = arrange(masks, { more, large });
      const shown = new Set(ids(list));
      const byId = new Map(masks.map((mask) => [mask.id, mask]));
      for (const { mask, parent } of list) {
        let above = mask.parent;
        while (above !== null && !shown.has(above)) above = byId.get(above)!.parent;
        expect(parent?.mask.id ?? null).toBe(above);
      }
    }),
  );
});

it('shows no less when a slider is moved towards more or small', () => {
  fc.assert(
    fc.property(tree, share, share, share, share, (masks, a, b, c, d) => {
      const fewer = arrange(masks, { more: Math.min(a, b), large: Math.max(c, d) });
      const more = new Set(ids(arrange(masks, { more: Math.max(a, b), large: Math.min(c, d) })));
      for (const id of ids(fewer)) expect(more).toContain(id);
    }),
  );
});

it('keeps the surest and the largest to the last', () => {
  fc.assert(
    fc.property(tree, (masks) => {
      const [surest] = arrange(masks, { more: 0, large: 0 });
      expect(scoreOf(surest!.mask)).toBe(Math.max(...masks.map(scoreOf)));
      const most = Math.max(...masks.map(({ area }) => area));
      for (const { mask } of arrange(masks, { more: 1, large: 1 })) expect(mask.area).toBe(most);
    }),
  );
});

it('lets through ten times the area for the same way along the slider, wherever it is', () => {
  const masks = [1, 100].map((area, i) => foundBox(i + 1, null, [0, 0, 1, 1], { area }));
  expect([0, 0.5, 1].map((large) => Math.round(leastArea(masks, large)))).toEqual([0, 10, 100]);
});

it('hides what is folded away, and finds the row that stands for it', () => {
  const shown = arrange(SCENE, ALL_SHOWN);
  const rows = visibleRows(shown, new Set([HOUSE.id]));
  expect(ids(rows)).toEqual([HOUSE.id, TREE.id]);
  const window = shown.find(({ mask }) => mask === WINDOW);
  expect(rowOf(rows, window)).toBe(0);
  expect(ids(visibleRows(shown, new Set([DOOR.id])))).toEqual([HOUSE.id, DOOR.id, TREE.id]);
});
