import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  lowResExtent,
  lowResField,
  scaledSize,
  toImageSpace,
  toModelSpace,
} from '../../models/coordinates.js';

const size = fc.record({
  width: fc.integer({ min: 8, max: 8192 }),
  height: fc.integer({ min: 8, max: 8192 }),
});
const fraction = fc.double({ min: 0, max: 1, noNaN: true });

describe('coordinates', () => {
  it('come back within 0.001 px from image to model and to image space', () => {
    fc.assert(
      fc.property(size, fraction, fraction, (image, u, v) => {
        const [x, y] = toImageSpace(toModelSpace([u * image.width, v * image.height], image), image);
        expect(Math.hypot(x - u * image.width, y - v * image.height)).toBeLessThan(0.001);
      }),
    );
  });

  it('fill the model square along the longest side and never leave it', () => {
    fc.assert(
      fc.property(size, (image) => {
        const scaled = scaledSize(image);
        expect(Math.max(scaled.width, scaled.height)).toBe(1024);
        expect(Math.min(scaled.width, scaled.height)).toBeGreaterThan(0);
        const [x, y] = toModelSpace([image.width, image.height], image);
        expect([x, y]).toEqual([scaled.width, scaled.height]);
      }),
    );
  });

  it('cover the image with low-res samples at their cell centres', () => {
    fc.assert(
      fc.property(size, (image) => {
        const field = lowResField(new Float32Array(256 * 256), image);
        const { columns, rows } = lowResExtent(image);
        // Half a sample of slack: the extent is rounded to whole samples.
        expect(Math.abs(columns * field.stepX - image.width)).toBeLessThanOrEqual(field.stepX);
        expect(Math.abs(rows * field.stepY - image.height)).toBeLessThanOrEqual(field.stepY);
        expect(field.originX).toBeCloseTo(field.stepX / 2);
      }),
    );
  });
});
