/** Parts of images. */
import type { Box, Size } from '../protocol/geometry.js';
import type { RgbImage } from './adapter.js';

/** @param box Whole pixels, within the image. */
export function cropImage({ data, width }: RgbImage, [x0, y0, x1, y1]: Box): RgbImage {
  const cropped = { data: new Uint8Array((x1 - x0) * (y1 - y0) * 3), width: x1 - x0, height: y1 - y0 };
  for (let y = y0; y < y1; y++) {
    const row = data.subarray((y * width + x0) * 3, (y * width + x1) * 3);
    cropped.data.set(row, (y - y0) * cropped.width * 3);
  }
  return cropped;
}

/** A box and so much around it, in whole pixels, as far as the image goes. */
export function growBox([x0, y0, x1, y1]: Box, room: number, image: Size): Box {
  return [
    Math.max(0, Math.floor(x0 - room)),
    Math.max(0, Math.floor(y0 - room)),
    Math.min(image.width, Math.ceil(x1 + room)),
    Math.min(image.height, Math.ceil(y1 + room)),
  ];
}
