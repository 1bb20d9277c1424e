/** Cuts objects out of the real photographs, in processes of their own that share a cache. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { decodeRle } from '../../models/mask/rle.js';
import type { Candidate, Rle } from '../../protocol/outline.js';
import { DATA_FOLDER } from './data-folder.js';
import { runCli } from './run-cli.js';

interface Report {
  readonly image: { readonly width: number; readonly height: number };
  readonly candidates: readonly (Candidate & { readonly rle: Rle })[];
  readonly chosen: number;
}

export class PhotoCutter {
  private constructor(private readonly home: string) {}

  static async create(): Promise<PhotoCutter> {
    return new PhotoCutter(await mkdtemp(join(tmpdir(), 'cutline-')));
  }

  async cut(photo: string, ...prompts: string[]) {
    const { status, stdout, stderr } = await runCli(
      this.home,
      ...['cut', join(DATA_FOLDER, 'photos', photo), ...prompts, '--json'],
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { image, candidates, chosen } = JSON.parse(stdout) as Report;
    const candidate = candidates[chosen - 1]!;
    const mask = decodeRle(candidate.rle);
    return { image, candidate, covers: (x: number, y: number) => mask[y * image.width + x] === 1 };
  }

  /** A click in the middle has an answer around it, which is as close as it says. */
  async expectMiddleFound(photo: string): Promise<void> {
    const { candidate, image, covers } = await this.cut(photo, '--point', '350,300');
    expect(candidate.outline.maxDeviationPx, photo).toBeLessThanOrEqual(candidate.outline.tolerancePx);
    expect(candidate.area, photo).toBeLessThan(image.width * image.height);
    expect(covers(350, 300), photo).toBe(true);
  }

  dispose(): Promise<void> {
    return rm(this.home, { recursive: true });
  }
}
