/** What colour an object has, all in all. */
import type { Rgb } from '../bridge.js';

/** Light that each of the 256 sRGB values stands for. */
const LIGHT = Float64Array.from({ length: 256 }, (_, value) => toLight(value / 255));

/**
 * The colour of the light of all pixels together, as they blur into one from afar.
 *
 * @param rgba Uint8, any number of pixels × 4; transparency counts for as little as it shows.
 * @returns undefined where everything is transparent.
 */
export function meanColour(rgba: Uint8ClampedArray): Rgb | undefined {
  let [red, green, blue, weight] = [0, 0, 0, 0];
  for (let i = 0; i < rgba.length; i += 4) {
    const alpha = rgba[i + 3]!;
    if (alpha === 0) continue;
    red += alpha * LIGHT[rgba[i]!]!;
    green += alpha * LIGHT[rgba[i + 1]!]!;
    blue += alpha * LIGHT[rgba[i + 2]!]!;
    weight += alpha;
  }
  if (weight === 0) return undefined;
  return { r: toSrgb(red / weight), g: toSrgb(green / weight), b: toSrgb(blue / weight) };
}

/** @source IEC 61966-2-1, the sRGB transfer function; both ways in [0, 1]. */
function toLight(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function toSrgb(light: number): number {
  const value = light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;
  // Rounding must not lead out of what a colour may be.
  return Math.min(1, Math.max(0, value));
}
