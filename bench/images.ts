/** Photographs for benchmarks: those of the data folder where there is one, else the workbench's sample. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import sharp from 'sharp';

export interface BenchImage {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** An image of 1800×1200 pixels, or the nearest to it that is at hand. */
export async function benchImage(): Promise<BenchImage> {
  const photo = join(resolve(process.env['CUTLINE_DATA'] ?? '../shared/data'), 'photos/truck.jpg');
  if (existsSync(photo)) return { name: 'truck.jpg 1800×1200', bytes: await readFile(photo) };
  const sample = await sharp('plugin/workbench/sample.png')
    .resize(1800, 1200)
    .jpeg({ quality: 92 })
    .toBuffer();
  return { name: 'sample 1800×1200', bytes: sample };
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
