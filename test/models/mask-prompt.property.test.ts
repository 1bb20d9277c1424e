import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lowResField } from '../../models/coordinates.js';
import { sampleField } from '../../models/logit-field.js';
import { logitsOfMask } from '../../models/mask-prompt.js';
import { encodeRle } from '../../models/mask/rle.js';
import type { Size } from '../../protocol/geometry.js';
import { disc, polygon } from './trace/shapes.js';
import type { DistanceTo } from './trace/shapes.js';

/** How far the outline may lie from the mask's, in samples; half a pixel more, since masks are of whole pixels. */
const MOST_OFF_SAMPLES = 0.55;
const MOST_OFF_PX = 0.75;

function draw(shape: DistanceTo, { width, height }: Size): Uint8Array {
  const mask = new Uint8Array(width * height);
  mask.forEach((_, k) => (mask[k] = shape((k % width) + 0.5, Math.floor(k / width) + 0.5) > 0 ? 1 : 0));
  return mask;
}

/** The farthest from the shape's edge that a point of the image is on the wrong side of the prompt's outline. */
function farthestOff(shape: DistanceTo, image: Size): number {
  const field = lowResField(logitsOfMask(encodeRle(draw(shape, image), image), image), image);
  const step = Math.max(image.width, image.height) / 400;
  let farthest = 0;
  for (let y = step / 3; y < image.height; y += step) {
    for (let x = step / 3; x < image.width; x += step) {
      const distance = shape(x, y);
      if (sampleField(field, x, y) > 0 !== distance > 0) farthest = Math.max(farthest, Math.abs(distance));
    }
  }
  return farthest;
}

const sizes = fc.constantFrom<Size>(
  { width: 256, height: 256 },
  { width: 640, height: 427 },
  { width: 333, height: 500 },
  { width: 90, height: 61 },
  { width: 1100, height: 300 },
);
const share = fc.double({ min: 0, max: 1, noNaN: true });

describe('a mask prompt', () => {
  const allowed = (image: Size) =>
    (MOST_OFF_SAMPLES * Math.max(image.width, image.height)) / 256 + MOST_OFF_PX;

  it('has the outline of the disc that it was made of, wherever it lies, over the border too', () => {
    fc.assert(
      fc.property(sizes, share, share, share, (image, u, v, w) => {
        const longest = Math.max(image.width, image.height);
        const shape = disc(u * image.width, v * image.height, longest * (0.02 + 0.3 * w));
        expect(farthestOff(shape, image)).toBeLessThanOrEqual(allowed(image));
      }),
      { numRuns: 30 },
    );
  });

  it('has the outline of the rectangle that it was made of, up to the border and over it', () => {
    fc.assert(
      fc.property(sizes, share, share, share, share, (image, u, v, w, h) => {
        const least = 0.03 * Math.max(image.width, image.height);
        const [x, y] = [u * image.width - least, v * image.height - least];
        const [right, bottom] = [x + least + w * image.width, y + least + h * image.height];
        const shape = polygon([
          [x, y],
          [right, y],
          [right, bottom],
          [x, bottom],
        ]);
        expect(farthestOff(shape, image)).toBeLessThanOrEqual(allowed(image));
      }),
      { numRuns: 12 },
    );
  });

  it('of everything covers the image to its very border, and of nothing covers nothing', () => {
    fc.assert(
      fc.property(sizes, fc.boolean(), (image, isFull) => {
        const field = lowResField(
          logitsOfMask(
            encodeRle(
              draw(() => (isFull ? 1 : -1), image),
              image,
            ),
            image,
          ),
          image,
        );
        const { width, height } = image;
        const inset = 1e-6;
        for (const x of [inset, width / 2, width - inset]) {
          for (const y of [inset, height / 2, height - inset])
            expect(sampleField(field, x, y) > 0).toBe(isFull);
        }
      }),
      { numRuns: 10 },
    );
  });

  it('is as sure as the network is, and surely outside beyond the image', () => {
    const image = { width: 640, height: 320 };
    const logits = logitsOfMask(encodeRle(draw(disc(320, 160, 100), image), image), image);
    expect(logits).toHaveLength(256 * 256);
    expect(logits.reduce((most, value) => Math.max(most, value), -Infinity)).toBeCloseTo(10, 4);
    expect(logits.reduce((least, value) => Math.min(least, value), Infinity)).toBeCloseTo(-10, 4);
    expect(new Set(logits.subarray(128 * 256))).toEqual(new Set([-10]));
  });
});
