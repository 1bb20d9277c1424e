/** Pictures to work on, no two alike: shapes on a noisy ground, as files of a photograph's size. */
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import type { Point, Size } from '../../protocol/geometry.js';

export interface Scene {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
  /** A point in each shape. */
  readonly things: readonly Point[];
}

/** One in so many comes from a good camera. */
const LARGE_ONE_IN = 30;
const LARGE = { width: 4000, height: 3000 };
const HEAVY = { width: 1400, height: 1000 };
/** Shares of kinds of files: JPEG up to here, then PNG, then WebP. */
const PNG_FROM = 0.6;
const WEBP_FROM = 0.9;

export async function drawScene(random: () => number): Promise<Scene> {
  const isLarge = random() < 1 / LARGE_ONE_IN;
  const size = { width: between(random, 800, 1400), height: between(random, 600, 1000) };
  return drawSceneOf(random, isLarge ? LARGE : size, isLarge ? 0 : random());
}

/** One whose file takes some 4 MB. */
export function drawHeavyScene(random: () => number): Promise<Scene> {
  return drawSceneOf(random, HEAVY, PNG_FROM);
}

async function drawSceneOf(random: () => number, { width, height }: Size, kind: number): Promise<Scene> {
  const number = (least: number, most: number) => between(random, least, most);
  const colour = () => `rgb(${number(0, 256)},${number(0, 256)},${number(0, 256)})`;
  const things: Point[] = [];
  const shapes = Array.from({ length: number(5, 10) }, () => {
    const radius = (Math.min(width, height) * number(6, 18)) / 100;
    const [x, y] = [number(radius, width - radius), number(radius, height - radius)];
    things.push([x, y]);
    return random() < 0.5
      ? `<ellipse cx="${x}" cy="${y}" rx="${radius}" ry="${radius * 0.7}" fill="${colour()}"/>`
      : `<rect x="${x - radius}" y="${y - radius}" width="${2 * radius}" height="${radius * 1.6}" fill="${colour()}"/>`;
  });
  const ground = `<rect width="${width}" height="${height}" fill="${colour()}"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${ground}${shapes.join('')}</svg>`;
  const bytes = await encode(await roughened(svg, width, height), kind);
  return { bytes: new Uint8Array(bytes), width, height, things };
}

/** With noise over it, since flat colours would pack into next to nothing. */
async function roughened(svg: string, width: number, height: number): Promise<Sharp> {
  const noise = { type: 'gaussian', mean: 128, sigma: 24 } as const;
  const grain = await sharp({ create: { width, height, channels: 3, background: '#808080', noise } })
    .png({ compressionLevel: 0 })
    .toBuffer();
  return sharp(Buffer.from(svg))
    .removeAlpha()
    .composite([{ input: grain, blend: 'soft-light' }]);
}

function encode(picture: Sharp, kind: number): Promise<Buffer> {
  if (kind < PNG_FROM) return picture.jpeg({ quality: 95 }).toBuffer();
  if (kind < WEBP_FROM) return picture.png({ compressionLevel: 1 }).toBuffer();
  return picture.webp({ quality: 90, effort: 0 }).toBuffer();
}

function between(random: () => number, least: number, most: number): number {
  return least + Math.floor(random() * (most - least));
}
