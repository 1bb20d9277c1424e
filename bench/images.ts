/** Photographs for benchmarks: those of the data folder where there is one, else the workbench's sample. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import sharp from 'sharp';
import type { Rle } from '../protocol/outline.js';

export interface BenchImage {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** An image of 1800×1200 pixels, or the nearest to it that is at hand. */
export async function benchImage(): Promise<BenchImage> {
  const photo = join(dataFolder(), 'photos/truck.jpg');
  if (existsSync(photo)) return { name: 'truck.jpg 1800×1200', bytes: await readFile(photo) };
  const sample = await sharp('plugin/workbench/sample.png')
    .resize(1800, 1200)
    .jpeg({ quality: 92 })
    .toBuffer();
  return { name: 'sample 1800×1200', bytes: sample };
}

/** What the reference generator found in one of the data folder's images. */
export interface AmgReference extends BenchImage {
  /** COCO RLE, and the share of the image that each mask covers. */
  readonly masks: readonly { readonly rle: Rle; readonly share: number }[];
}

/** All images that the reference's answer is at hand for; none without the data folder. */
export async function amgReferences(): Promise<AmgReference[]> {
  const folder = join(dataFolder(), 'amg-reference');
  if (!existsSync(folder)) return [];
  const names = (await readdir(folder)).map((file) => basename(file, '.json')).sort();
  return Promise.all(names.map(async (name) => readReference(name)));
}

async function readReference(name: string): Promise<AmgReference> {
  const data = dataFolder();
  const reference = JSON.parse(await readFile(join(data, 'amg-reference', `${name}.json`), 'utf8')) as {
    width: number;
    height: number;
    masks: { segmentation: Rle; area: number }[];
  };
  const path = ['photos', 'bsds'].map((set) => join(data, set, `${name}.jpg`)).find(existsSync)!;
  const pixels = reference.width * reference.height;
  return {
    name,
    bytes: await readFile(path),
    masks: reference.masks.map(({ segmentation, area }) => ({ rle: segmentation, share: area / pixels })),
  };
}

function dataFolder(): string {
  return resolve(process.env['CUTLINE_DATA'] ?? '../shared/data');
}

/** A photograph's worth of twelve megapixels. */
export async function largeImage(): Promise<BenchImage> {
  const { name, bytes } = await benchImage();
  const large = await sharp(bytes).resize(4240, 2830, { fit: 'fill' }).jpeg({ quality: 90 }).toBuffer();
  return { name: `${name.split(' ')[0]} 4240×2830`, bytes: large };
}

/** The same picture as another file: one corner differs, by more than JPEG evens out, so its hash does. */
export async function variant(image: BenchImage, number: number): Promise<Uint8Array> {
  const mark = await sharp({
    create: {
      width: 16,
      height: 16,
      channels: 3,
      background: { r: (number * 37) % 256, g: (number * 91) % 256, b: (number * 53) % 256 },
    },
  })
    .png()
    .toBuffer();
  return sharp(image.bytes)
    .composite([{ input: mark, left: 0, top: 0 }])
    .jpeg({ quality: 92 })
    .toBuffer();
}
