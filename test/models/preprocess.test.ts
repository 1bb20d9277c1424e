import { describe, expect, it } from 'vitest';
import { preprocessImage } from '../../models/preprocess.js';
import reference from '../fixtures/model-reference.json' with { type: 'json' };
import { largestDifference, summarise } from '../support/statistics.js';
import { drawTestImage } from '../support/test-image.js';

describe('preprocessImage', () => {
  for (const { width, height, tensor } of reference) {
    it(`gives what Pillow's bilinear filter gives for ${width}×${height}, to the last bit`, () => {
      const summary = summarise(preprocessImage(drawTestImage(width, height)));
      // One grey level is 0.017; Float32 rounding is all that may differ.
      expect(largestDifference(summary.samples, tensor.samples)).toBeLessThan(1e-5);
      expect(summary.mean).toBeCloseTo(tensor.mean, 6);
      expect(summary.deviation).toBeCloseTo(tensor.deviation, 6);
    });
  }

  it('pads with the mean colour at the bottom of a wide image and at the right of a tall one', () => {
    const wide = preprocessImage(drawTestImage(64, 32));
    const tall = preprocessImage(drawTestImage(32, 64));
    expect(wide.subarray(512 * 1024, 1024 * 1024).every((value) => value === 0)).toBe(true);
    expect(wide[511 * 1024]).not.toBe(0);
    expect(tall[512]).toBe(0);
    expect(tall[511]).not.toBe(0);
  });

  it('keeps black black and white white', () => {
    const white = { data: new Uint8Array(300 * 200 * 3).fill(255), width: 300, height: 200 };
    expect(preprocessImage(white)[0]).toBeCloseTo((255 - 123.675) / 58.395, 6);
    const black = { data: new Uint8Array(300 * 200 * 3), width: 300, height: 200 };
    expect(preprocessImage(black)[0]).toBeCloseTo(-123.675 / 58.395, 6);
  });

  it('takes an image that is one pixel wide', () => {
    const tensor = preprocessImage(drawTestImage(1, 2000));
    expect(tensor.every(Number.isFinite)).toBe(true);
  });
});
