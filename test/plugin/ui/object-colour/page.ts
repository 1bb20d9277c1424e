/** Takes the mean colour of an object in an image of stripes. */
import type { Rgb } from '../../../../plugin/bridge.js';
import { meanObjectColour } from '../../../../plugin/ui/outline-image.js';
import { decodeLevels } from '../../../../plugin/ui/pixels.js';

/** Left to right, each as wide; "transparent" is one, too. */
async function colourOf(
  width: number,
  height: number,
  stripes: readonly string[],
  path: string,
): Promise<{ colour: Rgb | undefined; ms: number }> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d')!;
  stripes.forEach((stripe, i) => {
    context.fillStyle = stripe;
    context.fillRect((i * width) / stripes.length, 0, width / stripes.length, height);
  });
  const levels = await decodeLevels(await canvas.convertToBlob());
  const outline = { path, nodes: 4, rings: 1, tolerancePx: 1, maxDeviationPx: 0 };
  const start = performance.now();
  const colour = meanObjectColour({ width, height, levels }, { box: [0, 0, width, height], outline });
  return { colour, ms: performance.now() - start };
}

Object.assign(window, { colourOf });
