/** Photographs with an object in them of which every pixel's coverage is known. */
import { basename } from 'node:path';
import sharp from 'sharp';
import type { RgbImage } from '../../models/adapter.js';
import type { Box, Point, Size } from '../../protocol/geometry.js';
import { decodeImage } from '../image.js';
import { readImage } from './truths.js';

export interface Composite {
  readonly name: string;
  readonly image: RgbImage;
  /** Float32, height × width: the share of each pixel that the object covers. */
  readonly alpha: Float32Array;
  /** Around the object, whole pixels. */
  readonly box: Box;
  /** Within the object. */
  readonly middle: Point;
}

/** The object's mean radius, as a share of the short side: from a mug on a table to a car in a street. */
const RADII = [0.1, 0.14, 0.18, 0.085, 0.23, 0.13] as const;

/** Its outline: a circle with so many waves of shrinking size. */
const WAVES = 6;
const WAVE_SIZE = 0.22;

/**
 * Lays a piece of one photograph over another, in the shape of a smooth blob with a pixel's width of soft edge.
 *
 * @param random In [0, 1).
 */
export async function makeComposite(
  background: string,
  foreground: string,
  index: number,
  size: Size,
  random: () => number,
): Promise<Composite> {
  const [image, object] = await Promise.all([readCover(background, size), readCover(foreground, size)]);
  const { width, height } = size;
  const radius = RADII[index % RADII.length]! * Math.min(width, height);
  const room = radius * 1.9;
  const middle: Point = [between(room, width - room, random()), between(room, height - room, random())];
  const waves = Array.from({ length: WAVES }, (_, k) => ({
    phase: 2 * Math.PI * random(),
    size: (random() * WAVE_SIZE) / (1 + 0.35 * k),
  }));
  const edgeAt = (angle: number) =>
    radius * waves.reduce((sum, wave, k) => sum + wave.size * Math.cos((k + 1) * angle + wave.phase), 1);
  const alpha = new Float32Array(width * height);
  let [x0, y0, x1, y1] = [width, height, 0, 0];
  for (let y = 0, k = 0; y < height; y++) {
    for (let x = 0; x < width; x++, k++) {
      const [dx, dy] = [x + 0.5 - middle[0], y + 0.5 - middle[1]];
      const distance = Math.hypot(dx, dy);
      if (distance > 2.5 * radius) continue;
      const share = Math.min(1, Math.max(0, edgeAt(Math.atan2(dy, dx)) - distance + 0.5));
      if (share === 0) continue;
      alpha[k] = share;
      for (let channel = 3 * k; channel < 3 * k + 3; channel++) {
        image[channel] = Math.round(share * object[channel]! + (1 - share) * image[channel]!);
      }
      [x0, y0, x1, y1] = [Math.min(x0, x), Math.min(y0, y), Math.max(x1, x + 1), Math.max(y1, y + 1)];
    }
  }
  const name = `${basename(foreground)} on ${basename(background)}`;
  return { name, image: { data: image, width, height }, alpha, box: [x0, y0, x1, y1], middle };
}

/** A photograph that fills an image of the size. */
async function readCover(path: string, { width, height }: Size): Promise<Uint8Array> {
  const { data, ...size } = await decodeImage(await readImage(path));
  return sharp(data, { raw: { width: size.width, height: size.height, channels: 3 } })
    .resize(width, height, { fit: 'cover' })
    .raw()
    .toBuffer();
}

function between(low: number, high: number, share: number): number {
  return low + share * (high - low);
}
