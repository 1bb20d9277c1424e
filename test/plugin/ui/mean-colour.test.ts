import { describe, expect, it } from 'vitest';
import { meanColour } from '../../../plugin/ui/mean-colour.js';

const pixels = (...each: readonly (readonly [number, number, number, number])[]) =>
  new Uint8ClampedArray(each.flat());

const in255 = (rgba: Uint8ClampedArray) => {
  const { r, g, b } = meanColour(rgba)!;
  return [r, g, b].map((value) => Math.round(255 * value));
};

describe('the mean colour', () => {
  it('is the colour itself where there is but one', () => {
    for (const value of [0, 1, 10, 11, 128, 254, 255]) {
      expect(in255(pixels([value, 255 - value, 7, 255], [value, 255 - value, 7, 255]))).toEqual([
        value,
        255 - value,
        7,
      ]);
    }
  });

  it('is that of the light, which is brighter than that of the numbers', () => {
    // Half of white's light is what sRGB writes as 188.
    expect(in255(pixels([0, 0, 0, 255], [255, 255, 255, 255]))).toEqual([188, 188, 188]);
  });

  it('counts transparent pixels for as little as they show', () => {
    expect(in255(pixels([200, 10, 10, 255], [0, 255, 0, 0]))).toEqual([200, 10, 10]);
    const faint = in255(pixels([255, 0, 0, 255], [0, 0, 255, 85]));
    expect(faint).toEqual(
      in255(pixels([255, 0, 0, 255], [255, 0, 0, 255], [255, 0, 0, 255], [0, 0, 255, 255])),
    );
  });

  it('stays within what a colour may be', () => {
    const { r, g, b } = meanColour(new Uint8ClampedArray(4_000_000).fill(255))!;
    for (const value of [r, g, b]) expect(value).toBeLessThanOrEqual(1);
  });

  it('is none where nothing shows', () => {
    expect(meanColour(pixels([255, 0, 0, 0]))).toBeUndefined();
    expect(meanColour(new Uint8ClampedArray())).toBeUndefined();
  });
});
