import { describe, expect, it } from 'vitest';
import { fieldFromMask } from '../../../models/logit-field.js';
import { contourField } from '../../../models/trace/contour.js';
import { dropSmallRings, nestRings } from '../../../models/trace/nest.js';
import { ringArea, type Ring } from '../../../models/trace/ring.js';
import { parseMask } from '../mask/text-mask.js';

function contourOf(text: string): Ring[] {
  const { mask, size } = parseMask(text);
  return contourField(fieldFromMask(mask, size));
}

const nested = `
  #########.
  #.......#.
  #.#####.#.
  #.#...#.#.
  #.#.#.#.##
  #.#...#.#.
  #.#####.#.
  #.......#.
  ####.####.`;

describe('nestRings', () => {
  it('gives a hole to the smallest outer ring around it', () => {
    const polygons = nestRings(contourOf(nested));
    const shape = polygons.map(({ outer, holes }) =>
      [ringArea(outer), ...holes.map(ringArea)].map(Math.round),
    );
    expect(shape).toHaveLength(3);
    expect(shape[1]).toEqual([25, -8]);
    expect(shape[2]).toEqual([1]);
  });

  it('keeps the order of outer rings', () => {
    const areas = nestRings(contourOf('#.##.###')).map(({ outer }) => Math.round(ringArea(outer)));
    expect(areas).toEqual([1, 2, 3]);
  });

  it('leaves out a hole that nothing surrounds', () => {
    expect(nestRings([Float64Array.of(0, 0, 0, 1, 1, 1, 1, 0)])).toEqual([]);
  });
});

describe('dropSmallRings', () => {
  it('counts pixels, not the area that the contour cuts off', () => {
    const rings = contourOf('##..\n....');
    expect(dropSmallRings(rings, 2)).toHaveLength(1);
    expect(dropSmallRings(rings, 3)).toHaveLength(0);
  });

  it('drops what lies in a dropped ring', () => {
    const rings = contourOf(`
      .......
      .#####.
      .#...#.
      .#.#.#.
      .#...#.
      .#####.
      .......`);
    expect(rings).toHaveLength(3);
    expect(dropSmallRings(rings, 10)).toHaveLength(1);
    expect(dropSmallRings(rings, 26)).toHaveLength(0);
  });

  it('keeps everything at 0', () => {
    const rings = contourOf('#.#.#');
    expect(dropSmallRings(rings, 0)).toEqual(rings);
  });
});
