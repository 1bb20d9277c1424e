/** Every format, read by a program that is not ours, where one is at hand. */
import { unzipSync, zipSync } from 'fflate';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeRle, decodeRleWithin } from '../../../models/mask/rle.js';
import type { TreeFormat } from '../../../protocol/everything.js';
import { renderTree } from '../../../sidecar/export/render-tree.js';
import { localImages } from '../../../sidecar/read-here.js';
import { hasProgram, hasPython, runProgram, runPython } from '../../support/programs.js';
import { drawScene, drawSceneImage, SCENE } from './tree-scene.js';

const READ_BACK = join(import.meta.dirname, 'read-back.py');
const masks = drawScene();
let folder: string;
let photo: Uint8Array;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cutline-export-'));
  photo = await drawSceneImage();
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** @returns Path of the exported file. */
async function exportScene(format: TreeFormat): Promise<string> {
  const { bytes, extension } = await renderTree({ format, image: SCENE, masks, bytes: photo }, localImages);
  const path = join(folder, `${format}.${extension}`);
  await writeFile(path, bytes);
  return path;
}

describe.skipIf(!hasPython('pycocotools.coco'))('pycocotools', () => {
  const expected = masks.map(({ id, area, box: [x0, y0, x1, y1], rle }) => ({
    id,
    area,
    bbox: [x0, y0, x1 - x0, y1 - y0],
    sha256: createHash('sha256').update(decodeRle(rle)).digest('hex'),
  }));

  it('loads COCO and finds every mask, pixel for pixel', async () => {
    expect(runPython(READ_BACK, 'coco', await exportScene('coco'))).toEqual(expected);
  });

  it('decodes what the SA-1B file holds', async () => {
    expect(runPython(READ_BACK, 'sa1b', await exportScene('sa-1b'))).toEqual(expected);
  });
});

describe.skipIf(!hasPython('zipfile'))('Python’s zipfile', () => {
  interface Listing {
    readonly damaged: string | null;
    readonly entries: readonly { readonly name: string; readonly method: number }[];
  }
  const list = async (format: TreeFormat) =>
    runPython(READ_BACK, 'zip', await exportScene(format)) as Listing;

  it.each(['ora', 'layers'] as const)('finds %s sound, everything stored', async (format) => {
    const { damaged, entries } = await list(format);
    expect(damaged).toBeNull();
    expect(entries.filter(({ method }) => method !== 0)).toEqual([]);
  });

  it('finds OpenRaster’s media type first, at the place where programs look for it', async () => {
    const { entries } = await list('ora');
    expect(entries[0]!.name).toBe('mimetype');
    const start = await readFile(join(folder, 'ora.ora'));
    expect(start.subarray(30, 54).toString()).toBe('mimetypeimage/openraster');
    const names = entries.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['stack.xml', 'mergedimage.png', 'Thumbnails/thumbnail.png']),
    );
  });
});

describe.skipIf(!hasProgram('rsvg-convert', '--version'))('rsvg', () => {
  it('draws each object where its mask is', async () => {
    const svg = await readFile(await exportScene('svg'), 'utf8');
    for (const { id, area, rle } of masks) {
      const style =
        `<style>path { display: none } #region-${id} { display: inline; fill: black; fill-opacity: 1; ` +
        `stroke: none; shape-rendering: crispEdges }</style>`;
      const path = join(folder, `alone-${id}.svg`);
      await writeFile(path, svg.replace('<g id="objects"', `${style}$&`));
      const drawn = await sharp(runProgram('rsvg-convert', path)).extractChannel('alpha').raw().toBuffer();
      const mask = decodeRle(rle);
      const wrong = mask.filter((inside, pixel) => inside !== (drawn[pixel]! > 127 ? 1 : 0)).length;
      // The outline may leave the contour by half a pixel, along the whole of it.
      expect(wrong, `pixels of region ${id}`).toBeLessThanOrEqual(0.5 * 2 * Math.sqrt(Math.PI * area));
    }
  });

  it('draws the file as it is, every object in its colour', async () => {
    const { data, info } = await sharp(runProgram('rsvg-convert', await exportScene('svg')))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([SCENE.width, SCENE.height]);
    const middles = [
      [50, 25],
      [28, 60],
      [50, 60],
      [110, 50],
      [130, 100],
    ].map(([x, y]) => data.subarray(4 * (y! * info.width + x!), 4 * (y! * info.width + x!) + 4).join());
    expect(new Set(middles).size).toBe(middles.length);
    expect(middles.every((color) => !color.endsWith(',0'))).toBe(true);
    expect(data[3]).toBe(0);
  });
});

describe.skipIf(!hasProgram('convert', '-version'))('ImageMagick', () => {
  it('sees each cut-out transparent outside its mask', async () => {
    const files = unzipSync(await readFile(await exportScene('layers')));
    for (const [k, { id, rle, box }] of masks.entries()) {
      const name = `00${k + 1}-region-${id}.png`;
      await writeFile(join(folder, name), files[name]!);
      const alpha = runProgram('convert', join(folder, name), '-alpha', 'extract', '-depth', '8', 'gray:-');
      expect(alpha.equals(decodeRleWithin(rle, box).map((inside) => 255 * inside))).toBe(true);
    }
  });
});

describe.skipIf(!hasProgram('xvfb-run', '-a', 'krita', '--version'))('Krita', () => {
  const open = async (path: string): Promise<Buffer> => {
    const home = `HOME=${folder}`;
    runProgram('env', home, 'xvfb-run', '-a', 'krita', '--export', '--export-filename', `${path}.png`, path);
    return sharp(`${path}.png`).ensureAlpha().raw().toBuffer();
  };

  it('opens OpenRaster as the image that it was', async () => {
    const image = await sharp(photo).ensureAlpha().raw().toBuffer();
    expect((await open(await exportScene('ora'))).equals(image)).toBe(true);
  });

  it('puts each layer where its object is, as shows once the image under them is gone', async () => {
    const files = unzipSync(await readFile(await exportScene('ora')));
    const nothing = { r: 0, g: 0, b: 0, alpha: 0 };
    files['data/image.png'] = await sharp({ create: { ...SCENE, channels: 4, background: nothing } })
      .png()
      .toBuffer();
    const path = join(folder, 'objects-only.ora');
    await writeFile(path, zipSync(files, { level: 0 }));
    const opened = await open(path);
    const image = await sharp(photo).ensureAlpha().raw().toBuffer();
    const covered = new Uint8Array(SCENE.width * SCENE.height);
    for (const { rle } of masks) decodeRle(rle).forEach((inside, pixel) => (covered[pixel]! |= inside));
    covered.forEach((inside, pixel) => {
      if (!inside) image.fill(0, 4 * pixel, 4 * pixel + 4);
    });
    expect(opened.equals(image)).toBe(true);
  });
});
