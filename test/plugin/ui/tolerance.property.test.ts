import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sliderFromTolerance, toleranceFromSlider } from '../../../plugin/ui/tolerance.js';

it('runs from 8 px to a quarter of a pixel', () => {
  expect(toleranceFromSlider(0)).toBe(8);
  expect(toleranceFromSlider(100)).toBe(0.25);
});

it('leads back to where the slider was', () => {
  // Near the precise end a hundredth of a pixel is less than one step, so a position may shift by one.
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100 }), (position) => {
      expect(Math.abs(sliderFromTolerance(toleranceFromSlider(position)) - position)).toBeLessThanOrEqual(1);
    }),
  );
});

it('is never smoother for being more precise', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 99 }), (position) => {
      expect(toleranceFromSlider(position + 1)).toBeLessThanOrEqual(toleranceFromSlider(position));
    }),
  );
});
