import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Embedding } from '../../../models/adapter.js';
import type { EverythingOptions, FoundMask } from '../../../protocol/everything.js';
import { mergeProgress } from '../../../protocol/merge-progress.js';
import { EverythingJobs } from '../../../sidecar/engine/everything-jobs.js';
import { decodeImage } from '../../../sidecar/image.js';
import { localImages } from '../../../sidecar/read-here.js';
import { loadRealModel } from '../../support/real-model.js';
import type { RealModel } from '../../support/real-model.js';
import { treeFaults } from '../../support/tree-faults.js';

let real: RealModel;
beforeAll(async () => {
  real = await loadRealModel();
});
afterAll(() => real.dispose());

/** Searches a drawing, and sees to it that what is streamed is a tree all along. */
async function search(drawing: Drawing, options: EverythingOptions) {
  const { bytes, embedding } = drawing;
  const jobs = new EverythingJobs(localImages);
  const run = await jobs.start(real.model, embedding, { key: 'key', options, bytes });
  let streamed: readonly FoundMask[] = [];
  for (;;) {
    const { progress, isDone } = await jobs.advance(run, {});
    streamed = mergeProgress(streamed, progress);
    expect(treeFaults(streamed)).toEqual([]);
    if (isDone) break;
  }
  const summary = jobs.summarise(run);
  expect(streamed).toEqual(summary.masks);
  return summary;
}

interface Drawing {
  readonly bytes: Uint8Array;
  readonly embedding: Embedding;
}

async function draw(svg: string, { width, height } = { width: 200, height: 150 }): Promise<Drawing> {
  const drawn = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${svg}</svg>`;
  const bytes = await sharp(Buffer.from(drawn)).png().toBuffer();
  return { bytes, embedding: await real.model.encode(await decodeImage(bytes)) };
}

const DOT = '<rect width="200" height="150" fill="#eee"/><circle cx="100" cy="75" r="40" fill="#b22"/>';
const LINES = Array.from(
  { length: 8 },
  (_, i) => `<text x="8" y="${18 + 17 * i}" font-size="13">Sphinx of black quartz, judge</text>`,
);
const TEXT = `<rect width="200" height="150" fill="#fff"/>${LINES.join('')}`;
const MODES = ['fast', 'exact'] as const;

describe('everything where there is little to find', () => {
  it('ends well on an image that is all black', async () => {
    const black = await draw('<rect width="200" height="150"/>');
    for (const mode of MODES) {
      const { masks } = await search(black, { mode, pointsPerSide: 4 });
      for (const { name } of masks) expect(name).toMatch(/ · black · /);
    }
  });

  it('ends well on a page of text', async () => {
    const page = await draw(TEXT);
    for (const mode of MODES) await search(page, { mode, pointsPerSide: 6 });
  });

  it('asks once with one click a side, and finds what lies there', async () => {
    const dot = await draw(DOT);
    for (const mode of MODES) {
      const { masks, prompts } = await search(dot, { mode, pointsPerSide: 1 });
      expect(prompts).toBe(1);
      const found = masks.find(({ area }) => Math.abs(area / (Math.PI * 40 * 40) - 1) < 0.05);
      expect(found?.name).toMatch(/ · red · 17 %$/);
    }
  });

  it('answers with an empty tree when no mask survives', async () => {
    const dot = await draw(DOT);
    const strict = { pointsPerSide: 3, stabilityThreshold: 1, predictedIouThreshold: 1 };
    for (const mode of MODES) expect((await search(dot, { ...strict, mode })).masks).toEqual([]);
  });

  it('searches crops of an image smaller than the edge that crops are trimmed by', async () => {
    const tiny = await draw('<rect width="9" height="12" fill="#b22"/>', { width: 18, height: 12 });
    const { masks, prompts } = await search(tiny, { mode: 'exact', cropLayers: 1, pointsPerSide: 2 });
    expect(prompts).toBe(5 * 4);
    for (const { box } of masks)
      expect(box[0] >= 0 && box[1] >= 0 && box[2] <= 18 && box[3] <= 12).toBe(true);
  });
});
