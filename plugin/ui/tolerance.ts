/** The Smooth ↔ Precise slider: equal steps are equal factors, since half a pixel matters more than it sounds. */

const SMOOTHEST_PX = 8;
const PRECISEST_PX = 0.25;
const STEPS = 100;

/** @param position 0 (smooth) to 100 (precise). @returns Tolerance in image pixels, two decimals. */
export function toleranceFromSlider(position: number): number {
  const tolerancePx = SMOOTHEST_PX * (PRECISEST_PX / SMOOTHEST_PX) ** (position / STEPS);
  return Math.round(tolerancePx * 100) / 100;
}

/** @returns The nearest whole position, 0 to 100. */
export function sliderFromTolerance(tolerancePx: number): number {
  const position = (STEPS * Math.log(tolerancePx / SMOOTHEST_PX)) / Math.log(PRECISEST_PX / SMOOTHEST_PX);
  return Math.max(0, Math.min(STEPS, Math.round(position)));
}
