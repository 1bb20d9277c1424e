import { describe, expect, it } from 'vitest';
import { labelRegions, removeSmallRegions } from '../../../models/mask/regions.js';
import { parseMask, printMask } from './text-mask.js';

function remove(text: string, minAreaPx: number): string {
  const { mask, size } = parseMask(text);
  return printMask(removeSmallRegions(mask, size, minAreaPx), size);
}

function expected(text: string): string {
  const { mask, size } = parseMask(text);
  return printMask(mask, size);
}

describe('labelRegions', () => {
  it('keeps foreground apart where it touches at a corner only', () => {
    const { mask, size } = parseMask(`
      #.
      .#`);
    expect(labelRegions(mask, size).values).toEqual([1, 0, 1]);
  });

  it('joins background through a corner, so that it is no hole', () => {
    const { mask, size } = parseMask(`
      .###
      .#.#
      ..##`);
    const { values, parents } = labelRegions(mask, size);
    expect(values.filter((value, region) => value === 0 && parents[region]! >= 0)).toEqual([]);
  });

  it('knows what lies in what', () => {
    const { mask, size } = parseMask(`
      #####
      #...#
      #.#.#
      #...#
      #####`);
    const { parents, areas } = labelRegions(mask, size);
    expect(parents).toEqual([-1, 0, 1]);
    expect(areas).toEqual([16, 8, 1]);
  });
});

describe('removeSmallRegions', () => {
  it('removes islands and fills holes below the area, and keeps those that reach it', () => {
    const text = `
      ##.....
      ##..#..
      .......
      #####..
      #.#.#..
      ###.#..
      #####..`;
    expect(remove(text, 2)).toBe(
      expected(`
      ##.....
      ##.....
      .......
      #####..
      ###.#..
      ###.#..
      #####..`),
    );
  });

  it('fills a small hole with the island in it', () => {
    const text = `
      ######
      #....#
      #.#..#
      #....#
      ######`;
    expect(remove(text, 13)).toBe(expected(text.replaceAll('.', '#')));
    expect(remove(text, 12)).toBe(expected(text.replace('#.#..#', '#....#')));
  });

  it('does not take background at the image border for a hole', () => {
    const text = `
      ###.
      ####`;
    expect(remove(text, 5)).toBe(expected(text));
  });

  it('can empty a mask', () => {
    expect(remove('#.#', 2)).toBe('...');
  });
});
