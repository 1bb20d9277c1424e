/**
 * Renders sample.png.
 *
 * Run: npx esbuild plugin/workbench/make-sample.ts --bundle --platform=node --packages=external --format=esm
 *      --outfile=dist/make-sample.mjs && node dist/make-sample.mjs
 */
import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { drawSample } from './sample-scene.js';

const OUTPUT = 'plugin/workbench/sample.png';
/** The workbench carries the picture inline. */
const MAX_BYTES = 300_000;

const pixels = await sharp(Buffer.from(drawSample()))
  .removeAlpha()
  .png({ palette: true, colours: 256, dither: 0.9, effort: 10 })
  .toBuffer();
if (pixels.length > MAX_BYTES)
  throw new Error(`The sample is ${pixels.length} bytes, more than ${MAX_BYTES}.`);
await writeFile(OUTPUT, pixels);
