import type { RgbImage } from '../../models/adapter.js';

/** An image of stripes, curves and squares by a formula that the reference script repeats. */
export function drawTestImage(width: number, height: number): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3;
      const light = (Math.floor(x / 20) + Math.floor(y / 20)) % 2 === 0;
      data[at] = (x * 7 + y * 3) % 256;
      data[at + 1] = (Math.floor((x * x) / 16) + y * 5) % 256;
      data[at + 2] = light ? 230 : (x * y) % 256;
    }
  }
  return { data, width, height };
}
