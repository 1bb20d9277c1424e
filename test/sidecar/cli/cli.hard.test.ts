/** What takes the command line longer: measuring edges and clicks, and each format from a process of its own. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findModel } from '../../../models/catalog.js';
import type { ModelFile } from '../../../models/catalog.js';
import { readVerified } from '../../../models/store-node.js';
import { drawScenePng } from '../../support/drawn-scene.js';
import { writeModelFolder } from '../../support/model-folder.js';
import { runCli } from '../../support/run-cli.js';
import { SCENE } from './disc-scene.js';

describe('the command line', () => {
  let home: string;
  const cutline = (...flags: string[]) => runCli(join(home, 'home'), ...flags);

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'cutline-'));
  });
  afterAll(() => rm(home, { recursive: true }));

  it('follows the image’s own edge with --refine, where the model’s grid is coarse', async () => {
    const large = join(home, 'large.png');
    await sharp(Buffer.from(SCENE), { density: 72 * 6 })
      .png()
      .toFile(large);
    const offBy = async (...flags: string[]) => {
      const { stdout } = await cutline('cut', large, '--box', '510,330,1290,1110', ...flags, '--json');
      const { candidates, chosen } = JSON.parse(stdout);
      const [x0, y0, x1, y1] = candidates[chosen - 1].box;
      return Math.max(Math.abs(x0 - 540), Math.abs(y0 - 360), Math.abs(x1 - 1260), Math.abs(y1 - 1080));
    };
    const [coarse, refined] = [await offBy(), await offBy('--refine')];
    expect(refined).toBeLessThanOrEqual(2);
    expect(refined).toBeLessThanOrEqual(coarse);
  });

  it('clicks until the object is right, beside the reference policy, and shows it on a page', async () => {
    const [images, masks] = [join(home, 'images'), join(home, 'masks')];
    await Promise.all([mkdir(images), mkdir(masks)]);
    await sharp(Buffer.from(SCENE)).png().toFile(join(images, 'scene.png'));
    const disc = Buffer.from(SCENE.replaceAll('#3a6b35', '#000').replace('#c8322b', '#fff'));
    await sharp(disc).toColourspace('b-w').png().toFile(join(masks, 'scene.png'));
    const page = join(home, 'clicks.html');
    const flags = ['--images', images, '--masks', masks, '--clicks', '3', '--cap', '6', '--report', page];
    const { status, stdout } = await cutline('eval', 'clicks', ...flags, '--baseline', '--json');
    expect(status).toBe(0);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ images: 1, objects: 1, placing: 'centre', clicks: 3, cap: 6 });
    expect(report.cutline.meanIou).toHaveLength(3);
    expect(report.baseline.meanIou).toHaveLength(3);
    expect(report.cutline.meanIou[2]).toBeGreaterThan(0.85);
    expect(Object.keys(report.cutline.clicksTo)).toEqual(['80', '85', '90']);
    expect(report.perObject[0].object).toBe('scene.png');
    expect((await readFile(page, 'utf8')).match(/<figure>/g)).toHaveLength(3);
  });

  it('writes one object as GeoJSON where the name of the file says so', async () => {
    const [image, path] = [join(home, 'disc.png'), join(home, 'disc.geojson')];
    await sharp(Buffer.from(SCENE)).png().toFile(image);
    expect((await cutline('cut', image, '--box', '85,55,215,185', '--out', path)).status).toBe(0);
    expect(JSON.parse(await readFile(path, 'utf8')).type).toBe('FeatureCollection');
  });

  it('answers with the product’s own files, brought in a folder, as without', async () => {
    const image = join(home, 'brought.png');
    await sharp(Buffer.from(SCENE)).png().toFile(image);
    const entry = findModel();
    const read = (file: ModelFile) => readVerified(entry, file);
    const { encoder, decoder } = entry.files;
    const brought = { encoder: await read(encoder), decoder: await read(decoder) };
    const folder = await writeModelFolder(join(home, 'model'), brought);
    const cut = async (...flags: string[]) => {
      const { stdout } = await cutline('cut', image, '--box', '85,55,215,185', '--json', ...flags);
      return JSON.parse(stdout);
    };
    const [own, without] = [await cut('--model', folder), await cut()];
    expect([own.model, without.model]).toEqual(['brought', entry.id]);
    expect(own.candidates).toEqual(without.candidates);
    // Embeddings depend on the encoder’s file, not on who brought it.
    expect([own.cache, without.cache]).toEqual(['miss', 'hit']);
  });

  it('measures edges on composites before and after refining', async () => {
    const photos = join(home, 'photos');
    await mkdir(photos);
    await sharp(Buffer.from(SCENE)).png().toFile(join(photos, 'a.png'));
    await sharp(Buffer.from(SCENE.replaceAll('#3a6b35', '#777')))
      .png()
      .toFile(join(photos, 'b.png'));
    const page = join(home, 'edges.html');
    const flags = ['--images', photos, '--count', '1', '--megapixels', '1.92', '--report', page, '--json'];
    const { status, stdout } = await cutline('eval', 'edges', ...flags);
    expect(status).toBe(0);
    expect((await readFile(page, 'utf8')).match(/<figure>/g)).toHaveLength(3);
    const { composites, size, before, after } = JSON.parse(stdout);
    expect({ composites, size }).toEqual({ composites: 1, size: [1200, 1600] });
    for (const scores of [before, after]) expect(scores.boundaryF2px).toBeGreaterThanOrEqual(0);
  });

  it('takes label maps, and the same random clicks for the same seed', async () => {
    const [images, masks] = [join(home, 'images'), join(home, 'masks')];
    await Promise.all([mkdir(images), mkdir(masks)]);
    await sharp(Buffer.from(SCENE)).png().toFile(join(images, 'scene.png'));
    const disc = Buffer.from(SCENE.replaceAll('#3a6b35', '#000').replace('#c8322b', '#fff'));
    await sharp(disc).toColourspace('b-w').png().toFile(join(masks, 'scene.png'));
    const flags = ['--images', images, '--masks', masks, '--labels', '--clicks', '1', '--cap', '1'];
    const run = async () => {
      const { stdout } = await cutline('eval', 'clicks', ...flags, '--placing', 'random', '--json');
      return JSON.parse(stdout).perObject;
    };
    const first = await run();
    expect(first.map(({ object }: { object: string }) => object)).toContain('scene.png #255');
    expect(await run()).toEqual(first);
  });

  describe('all', () => {
    /** Few clicks, so that the formats matter and not the search. */
    const quick = ['--points-per-side', '5'];
    let image: string;
    beforeAll(async () => {
      image = join(home, 'scene.png');
      await writeFile(image, await drawScenePng());
    });

    it('writes the format that a file’s name tells, and says what it wrote', async () => {
      const path = join(home, 'found.geojson');
      const { status, stdout, stderr } = await cutline('all', image, ...quick, '--out', path);
      expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
      expect(stderr).toMatch(/Wrote .*found\.geojson: \d+ objects? and \d+ parts?\.\n$/);
      expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ type: 'FeatureCollection' });
    });

    it('prints the format asked for, with the image’s name where it belongs', async () => {
      const { stdout } = await cutline('all', image, ...quick, '--format', 'sa-1b');
      const { image: about, annotations } = JSON.parse(stdout);
      expect(about.file_name).toBe('scene.png');
      expect(annotations.length).toBeGreaterThan(3);
    });
  });
});
