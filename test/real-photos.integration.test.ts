import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeRle } from '../models/mask/rle.js';
import type { Candidate, Rle } from '../protocol/outline.js';
import { DATA_FOLDER, hasData } from './support/data-folder.js';
import { runCli } from './support/run-cli.js';

interface Report {
  readonly image: { readonly width: number; readonly height: number };
  readonly candidates: readonly (Candidate & { readonly rle: Rle })[];
  readonly chosen: number;
}

describe.skipIf(!hasData('photos'))('on real photographs', () => {
  let home: string;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'cutline-'));
  });
  afterAll(() => rm(home, { recursive: true }));

  async function cut(photo: string, ...prompts: string[]) {
    const { status, stdout, stderr } = await runCli(
      home,
      ...['cut', join(DATA_FOLDER, 'photos', photo), ...prompts, '--json'],
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { image, candidates, chosen } = JSON.parse(stdout) as Report;
    const candidate = candidates[chosen - 1]!;
    const mask = decodeRle(candidate.rle);
    return { image, candidate, covers: (x: number, y: number) => mask[y * image.width + x] === 1 };
  }

  it('cuts one truck out of its box, wheels included, without specks', async () => {
    const { candidate, covers } = await cut('truck.jpg', '--box', '75,275,1725,850');
    expect(candidate.outline.rings).toBe(1);
    expect(candidate.outline.nodes).toBeLessThan(100);
    for (const [x, y] of [
      [565, 745],
      [1525, 670],
      [900, 500],
    ] as const) {
      expect(covers(x, y)).toBe(true);
    }
    expect(covers(900, 250)).toBe(false);
    expect(covers(900, 900)).toBe(false);
  });

  it('takes a click on a window for the window, not for the street', async () => {
    const { candidate, image } = await cut('truck.jpg', '--point', '500,375');
    expect(candidate.area / (image.width * image.height)).toBeLessThan(0.05);
  });

  it('answers a click in the middle of each of them within the tolerance it reports', async () => {
    for (const photo of await readdir(join(DATA_FOLDER, 'photos'))) {
      const { candidate, image, covers } = await cut(photo, '--point', '350,300');
      expect(candidate.outline.maxDeviationPx, photo).toBeLessThanOrEqual(candidate.outline.tolerancePx);
      expect(candidate.area, photo).toBeLessThan(image.width * image.height);
      expect(covers(350, 300), photo).toBe(true);
    }
  });
});
