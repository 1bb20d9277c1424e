/** Photographs with an object in them of which every pixel's coverage is known. */
import { basename } from 'node:path';
import sharp from 'sharp';
import type { RgbImage } from '../../../models/adapter.js';
import type { Box, Point, Size } from '../../../protocol/geometry.js';
import { decodeImage } from '../../image.js';
import { readImage } from '../image-files.js';

/**
 * What an object is made of. A piece of a photograph holds parts of several things, so often it is not clear what is
 * meant; one material throughout, shaded, looks more like a thing; fur is that with hairs around.
 */
export const OBJECT_KINDS = ['material', 'piece', 'fur'] as const;
export type ObjectKind = (typeof OBJECT_KINDS)[number];

export interface Composite {
  readonly name: string;
  readonly kind: ObjectKind;
  readonly image: RgbImage;
  /** Float32, height × width: the share of each pixel that the object covers. */
  readonly alpha: Float32Array;
  /** Around the object, whole pixels. */
  readonly box: Box;
  /** Within the object. */
  readonly middle: Point;
}

/** The object's mean radius, as a share of the short side: from a mug on a table to a car in a street. */
const RADIUS = [0.085, 0.23] as const;

/** Its outline: a circle with so many waves of shrinking size. */
const WAVES = 6;
const WAVE_SIZE = 0.22;

/** A material is so large a patch of a photograph, in the object's radii, mirrored at its borders. */
const PATCH_RADII = 0.4;

/** Brightness of the object's dark and light sides. */
const SHADE = [0.75, 1.15] as const;

/** Hairs: one every so many pixels of the outline, their lengths in radii, and their width at the root. */
const HAIR_EVERY_PX = 7;
const HAIR_LENGTH = [0.03, 0.09] as const;
const HAIR_PX = 3;

/** The outline's distance from the middle, by angle. */
type Shape = (angle: number) => number;

/** Everything that is not the photographs: where the object is, and of what shape. */
interface Plan {
  readonly radius: number;
  readonly middle: Point;
  readonly edgeAt: Shape;
}

/**
 * Lays an object, made of one photograph, over another. Its shape is a smooth blob with a pixel's width of soft edge.
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
  const kind = OBJECT_KINDS[index % OBJECT_KINDS.length]!;
  const plan = makePlan(size, random);
  const alpha = new Float32Array(size.width * size.height);
  drawBlob(alpha, size, plan);
  if (kind === 'fur') drawHairs(alpha, size, plan, random);
  const colourAt = kind === 'piece' ? undefined : materialOf(object, size, plan, random);
  const box = overlay(image, object, alpha, size, colourAt);
  const name = `${basename(foreground)} on ${basename(background)}`;
  return { name, kind, image: { data: image, ...size }, alpha, box, middle: plan.middle };
}

function makePlan({ width, height }: Size, random: () => number): Plan {
  const radius = between(...RADIUS, random()) * Math.min(width, height);
  const room = radius * 1.9;
  const middle: Point = [between(room, width - room, random()), between(room, height - room, random())];
  const waves = Array.from({ length: WAVES }, (_, k) => ({
    phase: 2 * Math.PI * random(),
    size: (random() * WAVE_SIZE) / (1 + 0.35 * k),
  }));
  const edgeAt: Shape = (angle) =>
    radius * waves.reduce((sum, wave, k) => sum + wave.size * Math.cos((k + 1) * angle + wave.phase), 1);
  return { radius, middle, edgeAt };
}

function drawBlob(alpha: Float32Array, { width, height }: Size, { radius, middle, edgeAt }: Plan): void {
  for (let y = 0, k = 0; y < height; y++) {
    for (let x = 0; x < width; x++, k++) {
      const [dx, dy] = [x + 0.5 - middle[0], y + 0.5 - middle[1]];
      const distance = Math.hypot(dx, dy);
      if (distance > 2.5 * radius) continue;
      alpha[k] = Math.min(1, Math.max(0, edgeAt(Math.atan2(dy, dx)) - distance + 0.5));
    }
  }
}

/** Hairs start within the outline, lean to one side and end in a tip. */
function drawHairs(
  alpha: Float32Array,
  size: Size,
  { radius, middle, edgeAt }: Plan,
  random: () => number,
): void {
  const count = Math.round((2 * Math.PI * radius) / HAIR_EVERY_PX);
  for (let hair = 0; hair < count; hair++) {
    const angle = 2 * Math.PI * random();
    const length = radius * between(HAIR_LENGTH[0], HAIR_LENGTH[1], random());
    let heading = angle + between(-0.5, 0.5, random());
    const bend = between(-0.6, 0.6, random()) / length;
    const root = edgeAt(angle) - 2;
    let [x, y] = [middle[0] + root * Math.cos(angle), middle[1] + root * Math.sin(angle)];
    for (let at = 0; at < length; at += 0.5) {
      stamp(alpha, size, x, y, (HAIR_PX / 2) * (1 - at / length));
      heading += bend / 2;
      x += Math.cos(heading) / 2;
      y += Math.sin(heading) / 2;
    }
  }
}

/** A disc of less than a pixel covers a share of one. */
function stamp(alpha: Float32Array, { width, height }: Size, x: number, y: number, radius: number): void {
  const most = Math.min(1, 2 * radius);
  for (let row = Math.floor(y - radius - 1); row <= y + radius + 1; row++) {
    for (let column = Math.floor(x - radius - 1); column <= x + radius + 1; column++) {
      if (row < 0 || column < 0 || row >= height || column >= width) continue;
      const share = Math.min(most, radius - Math.hypot(column + 0.5 - x, row + 0.5 - y) + 0.5);
      const k = row * width + column;
      if (share > alpha[k]!) alpha[k] = share;
    }
  }
}

/** Reads one channel of a material at a pixel. */
type Material = (x: number, y: number, channel: number) => number;

function materialOf(
  photo: Uint8Array,
  { width, height }: Size,
  { radius, middle }: Plan,
  random: () => number,
): Material {
  const side = Math.round(PATCH_RADII * radius);
  const left = Math.floor(between(0, width - side, random()));
  const top = Math.floor(between(0, height - side, random()));
  const light = 2 * Math.PI * random();
  const mirror = (value: number) => {
    const within = ((value % (2 * side)) + 2 * side) % (2 * side);
    return within < side ? within : 2 * side - 1 - within;
  };
  return (x, y, channel) => {
    const towards = (Math.cos(light) * (x - middle[0]) + Math.sin(light) * (y - middle[1])) / radius;
    const shade = between(SHADE[0], SHADE[1], Math.min(1, Math.max(0, (towards + 1) / 2)));
    return Math.min(255, shade * photo[3 * ((top + mirror(y)) * width + left + mirror(x)) + channel]!);
  };
}

/** @returns The box of what is covered. */
function overlay(
  image: Uint8Array,
  object: Uint8Array,
  alpha: Float32Array,
  { width, height }: Size,
  material: Material | undefined,
): Box {
  let [x0, y0, x1, y1] = [width, height, 0, 0];
  for (let y = 0, k = 0; y < height; y++) {
    for (let x = 0; x < width; x++, k++) {
      const share = alpha[k]!;
      if (share <= 0) continue;
      for (let channel = 0; channel < 3; channel++) {
        const over = material ? material(x, y, channel) : object[3 * k + channel]!;
        image[3 * k + channel] = Math.round(share * over + (1 - share) * image[3 * k + channel]!);
      }
      [x0, y0, x1, y1] = [Math.min(x0, x), Math.min(y0, y), Math.max(x1, x + 1), Math.max(y1, y + 1)];
    }
  }
  return [x0, y0, x1, y1];
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
