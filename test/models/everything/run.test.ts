import { describe, expect, it } from 'vitest';
import type { EverythingOptions, FoundMask, Resume } from '../../../protocol/everything.js';
import { CodedError } from '../../../protocol/errors.js';
import { mergeProgress } from '../../../protocol/merge-progress.js';
import { EverythingRun } from '../../../models/everything/run.js';
import type { EverythingUpdate } from '../../../models/everything/run.js';
import { decodeRle } from '../../../models/mask/rle.js';
import { treeFaults } from '../../support/tree-faults.js';
import { createSceneModel, disc, rectangle, ring } from '../../support/scene-model.js';
import type { SceneModel, Shape } from '../../support/scene-model.js';

/** 4 image pixels are one low-res sample, so shapes have the same numbers in both but for that factor. */
const IMAGE = { width: 1024, height: 768 };

/** A table with a plate on it, a ring on the plate with a pearl in it, and a ball beside the table. */
const SCENE: Shape[] = [
  rectangle(20, 20, 150, 120),
  disc(80, 70, 36),
  ring(72, 66, 22, 12),
  disc(72, 66, 7),
  disc(200, 100, 24),
];

async function start(
  shapes: readonly Shape[],
  options: EverythingOptions,
  { model = createSceneModel(shapes), resume }: { model?: SceneModel; resume?: Resume } = {},
) {
  const embedding = { data: new Float32Array(0), image: IMAGE };
  const source = { image: IMAGE, embed: async () => embedding };
  const run = new EverythingRun({ model, source, options: { pointsPerSide: 16, ...options }, resume });
  return { model, run };
}

async function finish(
  run: EverythingRun,
  onUpdate: (update: EverythingUpdate) => void = () => undefined,
): Promise<readonly FoundMask[]> {
  for (;;) {
    const update = await run.advance(5, {});
    onUpdate(update);
    if (update.isDone) return run.masks;
  }
}

describe.each(['fast', 'exact'] as const)('segment everything, %s', (mode) => {
  it('finds every shape of a scene once, nested rightly, holes kept', async () => {
    const { run } = await start(SCENE, { mode });
    const masks = await finish(run);
    expect(masks).toHaveLength(5);
    const [table, plate, band, pearl, ball] = [10_000 * 16 + 48_000, 65_000, 17_086, 2463, 28_953].map(
      (area) =>
        masks.reduce((best, mask) => (Math.abs(mask.area - area) < Math.abs(best.area - area) ? mask : best)),
    );
    expect(new Set([table, plate, band, pearl, ball]).size).toBe(5);
    expect(table!.parent).toBeNull();
    expect(ball!.parent).toBeNull();
    expect(plate!.parent).toBe(table!.id);
    expect(band!.parent).toBe(plate!.id);
    // The hole of a ring is no part of it.
    expect(pearl!.parent).toBe(plate!.id);
    expect(band!.outline.rings).toBe(2);
    expect(decodeRle(band!.rle)[264 * 1024 + 288]).toBe(0);
  });

  it('puts parents before children and large siblings before small ones', async () => {
    const { run } = await start(SCENE, { mode });
    const seen = new Set<number | null>([null]);
    let lastTop = Infinity;
    for (const { id, parent, area } of await finish(run)) {
      expect(seen).toContain(parent);
      seen.add(id);
      if (parent !== null) continue;
      expect(area).toBeLessThanOrEqual(lastTop);
      lastTop = area;
    }
  });

  it('streams a valid tree at any time, and ends with what it streamed', async () => {
    const { run } = await start(SCENE, { mode });
    let streamed: readonly FoundMask[] = [];
    const masks = await finish(run, ({ progress }) => {
      streamed = mergeProgress(streamed, progress);
      expect(treeFaults(streamed)).toEqual([]);
    });
    expect(streamed).toEqual(masks);
  });

  it('goes on where it was cut off, asks no prompt twice, and ends with the same masks', async () => {
    const whole = await start(SCENE, { mode });
    const expected = await finish(whole.run);
    const model = createSceneModel(SCENE);
    const first = await start(SCENE, { mode }, { model });
    let masks: readonly FoundMask[] = [];
    let cursor: string | undefined;
    while (cursor === undefined) {
      const { progress } = await first.run.advance(0, {});
      masks = mergeProgress(masks, progress);
      cursor = progress.cursor;
    }
    const second = await start(SCENE, { mode }, { model, resume: { cursor, masks: [...masks] } });
    const resumed = await finish(second.run);
    const asked = [...model.asked, ...model.surveyed].map(String);
    const repeated = asked.length - new Set(asked).size;
    const ever = [...whole.model.asked, ...whole.model.surveyed].map(String);
    expect(repeated).toBeLessThanOrEqual(ever.length - new Set(ever).size);
    const areas = (all: readonly FoundMask[]) => all.map(({ area }) => area).sort((a, b) => a - b);
    expect(areas(resumed)).toEqual(areas(expected));
    for (const { id, outline } of masks) {
      const kept = resumed.find((mask) => mask.id === id);
      if (kept) expect(kept.outline).toEqual(outline);
    }
  });

  it('finds nothing where there is nothing, and says so with an empty tree', async () => {
    const { run } = await start([], { mode });
    expect(await finish(run)).toEqual([]);
  });

  it('manages with a single click', async () => {
    const { run, model } = await start([disc(128, 96, 40)], { mode, pointsPerSide: 1 });
    expect(await finish(run)).toHaveLength(1);
    expect(model.asked).toHaveLength(1);
  });

  it('leaves out what covers too much of the image when told to', async () => {
    const shapes = [rectangle(-5, -5, 300, 300), disc(128, 96, 40)];
    const all = await finish((await start(shapes, { mode, pointsPerSide: 6 })).run);
    const most = await finish((await start(shapes, { mode, pointsPerSide: 6, maxAreaShare: 0.95 })).run);
    expect([all.length, most.length]).toEqual([2, 1]);
  });

  it('refuses a cursor that is none', async () => {
    for (const cursor of ['nonsense', '{"crop":-1}', '{"crop":0,"prompts":0,"inner":{"surveyed":"x"}}']) {
      const resumed = async () =>
        finish((await start(SCENE, { mode }, { resume: { cursor, masks: [] } })).run);
      const error: unknown = await resumed().catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(CodedError);
      expect((error as CodedError).code).toBe('RESUME_INVALID');
    }
  });

  it('stops between two runs of the model when it is cancelled, and keeps what it has', async () => {
    const { run } = await start(SCENE, { mode });
    const controller = new AbortController();
    controller.abort();
    await run.advance(0, {});
    await expect(run.advance(50, { signal: controller.signal })).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await finish(run)).toHaveLength(5);
  });
});

describe('segment everything in fast mode', () => {
  it('asks far fewer prompts in full than exact mode', async () => {
    const { run, model } = await start(SCENE, { mode: 'fast', pointsPerSide: 32 });
    await finish(run);
    expect(model.surveyed).toHaveLength(1024);
    expect(model.asked.length).toBeLessThan(60);
  });
});
