/** The Smooth ↔ Precise slider: equal steps are equal factors, and its middle is what suits the image. */

/** Either end is this many times smoother, or more precise, than the middle. */
const RANGE = 8;
const MIDDLE = 50;

/** @param position 0 (smooth) to 100 (precise). @returns Tolerance against what suits the image. */
export function toleranceFactorFromSlider(position: number): number {
  return RANGE ** ((MIDDLE - position) / MIDDLE);
}

/** @returns The nearest whole position, 0 to 100. */
export function sliderFromToleranceFactor(factor: number): number {
  const position = MIDDLE - (MIDDLE * Math.log(factor)) / Math.log(RANGE);
  return Math.max(0, Math.min(2 * MIDDLE, Math.round(position)));
}
