import { expect, it } from 'vitest';
import { ALL_SHOWN, arrange } from '../../../../plugin/ui/everything/arrange.js';
import { hoverOn, ObjectFinder, walkHover } from '../../../../plugin/ui/everything/find-object.js';
import type { Point } from '../../../../protocol/geometry.js';
import { DOOR, HOUSE, SCENE, TREE, WINDOW } from './support.js';

const shown = arrange(SCENE, ALL_SHOWN);
const finder = new ObjectFinder();
finder.prepare(shown);
const hoverAt = (at: Point, previous?: ReturnType<typeof hoverOn>) =>
  hoverOn(finder.objectAt(at), 'canvas', previous);

it('finds the smallest object at a point, and none where none is', () => {
  expect(finder.objectAt([36, 46])?.mask).toBe(WINDOW);
  expect(finder.objectAt([31, 46])?.mask).toBe(DOOR);
  expect(finder.objectAt([12, 12])?.mask).toBe(HOUSE);
  expect(finder.objectAt([65, 40])).toBeUndefined();
  expect(finder.objectAt([-1, 40])).toBeUndefined();
});

it('finds nothing that the sliders hide', () => {
  const fewer = new ObjectFinder();
  fewer.prepare(arrange(SCENE, { more: 1, large: 0.8 }));
  expect(fewer.objectAt([36, 46])?.mask).toBe(HOUSE);
});

it('walks from the part to the object to the group, and stops at either end', () => {
  const part = hoverAt([36, 46])!;
  expect(part).toEqual({ chain: [WINDOW.id, DOOR.id, HOUSE.id], index: 0, from: 'canvas' });
  expect(walkHover(part, -1)).toBeUndefined();
  const group = walkHover(walkHover(part, 1)!, 1)!;
  expect(group.index).toBe(2);
  expect(walkHover(group, 1)).toBeUndefined();
});

it('stays with the object that was walked to while the pointer is in it, and lets go outside', () => {
  const door = walkHover(hoverAt([36, 46])!, 1)!;
  const beside = hoverAt([31, 60], door);
  expect(beside).toMatchObject({ chain: [DOOR.id, HOUSE.id], index: 0 });
  expect(hoverAt([38, 47], beside)).toMatchObject({ chain: [WINDOW.id, DOOR.id, HOUSE.id], index: 1 });
  expect(hoverAt([80, 40], door)).toEqual({ chain: [TREE.id], index: 0, from: 'canvas' });
  expect(hoverAt([65, 40], door)).toBeUndefined();
  expect(walkHover(door, -1)).toMatchObject({ index: 0, held: undefined });
});
