import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sliderFromToleranceFactor, toleranceFactorFromSlider } from '../../../plugin/ui/tolerance.js';

it('runs from eight times smoother to eight times more precise, with what suits the image in the middle', () => {
  expect(toleranceFactorFromSlider(0)).toBeCloseTo(8);
  expect(toleranceFactorFromSlider(50)).toBe(1);
  expect(toleranceFactorFromSlider(100)).toBeCloseTo(1 / 8);
});

it('leads back to where the slider was', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100 }), (position) => {
      expect(sliderFromToleranceFactor(toleranceFactorFromSlider(position))).toBe(position);
    }),
  );
});

it('is smoother the less precise it is', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 99 }), (position) => {
      expect(toleranceFactorFromSlider(position + 1)).toBeLessThan(toleranceFactorFromSlider(position));
    }),
  );
});
