import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EverythingRun } from '../../../models/everything/run.js';
import { packCursor, searchName } from '../../../models/everything/resume.js';
import { CodedError, cancelledError } from '../../../protocol/errors.js';
import type { EverythingOptions, FoundMask, Resume } from '../../../protocol/everything.js';
import { mergeProgress } from '../../../protocol/merge-progress.js';
import { createSceneModel, disc } from '../../support/scene-model.js';
import type { SceneModel, Shape } from '../../support/scene-model.js';

const IMAGE = { width: 1024, height: 768 };

/** Beads in rows, each under a click: more than are outlined in one go. */
const CLICKS_A_SIDE = 8;
const BEADS: Shape[] = Array.from({ length: 32 }, (_, i) =>
  disc(16 + 32 * (i % 8), 12 + 48 * Math.floor(i / 8), 9 + 0.5 * (i % 5)),
);

/** What each run of the model takes by the test's own clock. */
const RUN_MS = 60;

function createModel(): SceneModel {
  const model = createSceneModel(BEADS);
  const { decodeAbove, survey } = model;
  model.decodeAbove = function (...call) {
    vi.advanceTimersByTime(RUN_MS);
    return decodeAbove.apply(this, call);
  };
  model.survey = function (...call) {
    vi.advanceTimersByTime(RUN_MS);
    return survey.apply(this, call);
  };
  return model;
}

function start(model: SceneModel, options: EverythingOptions, resume?: Resume) {
  const embed = async () => ({ data: new Float32Array(0), image: IMAGE });
  const source = { image: IMAGE, embed };
  return new EverythingRun({ model, source, options: { pointsPerSide: CLICKS_A_SIDE, ...options }, resume });
}

/** Where a client could go on from, had the run broken off there. */
interface Break extends Resume {
  /** Whether the cursor came with the latest masks. */
  readonly isFresh: boolean;
  /** Prompts answered by then. */
  readonly asked: readonly string[];
}

async function breaksOf(model: SceneModel, options: EverythingOptions, budgetMs: number) {
  const run = start(model, options);
  const breaks: Break[] = [];
  let masks: readonly FoundMask[] = [];
  let cursor: string | undefined;
  for (;;) {
    const { progress, isDone } = await run.advance(budgetMs, {});
    masks = mergeProgress(masks, progress);
    cursor = progress.cursor ?? cursor;
    const isFresh = progress.cursor !== undefined;
    if (cursor !== undefined && (isFresh || progress.arrangement))
      breaks.push({ cursor, masks: [...masks], isFresh, asked: model.asked.map(String) });
    if (isDone) return { breaks, masks, prompts: run.prompts };
  }
}

async function finish(run: EverythingRun): Promise<readonly FoundMask[]> {
  while (!(await run.advance(50, {})).isDone);
  return run.masks;
}

/** The first, and two more. */
const some = <T>(all: readonly T[]): T[] => all.filter((_, i) => i % Math.ceil(all.length / 3) === 0);

const areas = (masks: readonly FoundMask[]) => masks.map(({ area }) => area).sort((a, b) => a - b);

describe.each(['fast', 'exact'] as const)('a run that broke off, %s', { timeout: 30_000 }, (mode) => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => void vi.useRealTimers());

  it.each([0, 200])(
    'can go on from wherever it broke off without losing a mask (turns of %d ms)',
    async (budgetMs) => {
      const { breaks, masks } = await breaksOf(createModel(), { mode }, budgetMs);
      expect(masks).toHaveLength(BEADS.length);
      expect(breaks.length).toBeGreaterThan(1);
      for (const { cursor, masks: shown } of some(breaks)) {
        const run = start(createModel(), { mode }, { cursor, masks: [...shown] });
        const resumed = await finish(run);
        expect(areas(resumed)).toEqual(areas(masks));
        const ids = new Set(resumed.map(({ id }) => id));
        expect(ids.size).toBe(resumed.length);
        for (const { id, rle } of shown) expect(resumed.find((mask) => mask.id === id)?.rle).toEqual(rle);
      }
    },
  );

  it('asks no prompt again that was answered before the cursor, and counts it all the same', async () => {
    const { breaks, prompts } = await breaksOf(createModel(), { mode }, 0);
    for (const { cursor, masks, asked } of some(breaks.filter(({ isFresh }) => isFresh))) {
      const model = createModel();
      const run = start(model, { mode }, { cursor, masks: [...masks] });
      await finish(run);
      expect(model.asked.map(String).filter((prompt) => asked.includes(prompt))).toEqual([]);
      expect(run.prompts).toBe(asked.length + model.asked.length);
      expect(run.prompts).toBeLessThan(1.3 * prompts);
    }
  });

  it('goes on after a run of the model that was cancelled, and loses nothing', async () => {
    const model = createModel();
    const patient = { decodeAbove: model.decodeAbove.bind(model), survey: model.survey.bind(model) };
    let calls = 0;
    const impatient =
      <A extends unknown[], R>(work: (...args: A) => Promise<R>) =>
      async (...args: A) => {
        if (calls++ % 2 === 0) throw cancelledError();
        return work(...args);
      };
    model.decodeAbove = impatient(patient.decodeAbove);
    model.survey = impatient(patient.survey);
    const run = start(model, { mode });
    for (;;) {
      const update = await run.advance(0, {}).catch((error: unknown) => {
        expect(error).toBeInstanceOf(CodedError);
        return { isDone: false };
      });
      if (update.isDone) break;
    }
    expect(run.masks).toHaveLength(BEADS.length);
  });
});

describe('a run that is to go on', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => void vi.useRealTimers());

  const resumed = (resume: Resume, options: EverythingOptions = {}) => start(createModel(), options, resume);
  const mask = async () => {
    const run = start(createModel(), {});
    return { masks: await finish(run), name: packCursor(searchName(run.mode, IMAGE, run.parameters), 0) };
  };

  it('refuses masks that share an id, or are of another image', async () => {
    const { masks, name: cursor } = await mask();
    const [first, second] = masks as [FoundMask, FoundMask];
    const twins = [first, { ...second, id: first.id }];
    const strangers = [{ ...first, rle: { size: [4, 4] as [number, number], counts: '52203' } }];
    for (const wrong of [twins, strangers, [{ ...first, id: 2 ** 53 - 1 }]]) {
      expect(() => resumed({ cursor, masks: wrong })).toThrow(
        expect.objectContaining({ code: 'RESUME_INVALID' }),
      );
    }
  });

  it('refuses the cursor of a search with another mode or other parameters', async () => {
    const { name: cursor } = await mask();
    for (const options of [{ mode: 'exact' }, { stabilityThreshold: 0.9 }] as const) {
      expect(() => resumed({ cursor, masks: [] }, options)).toThrow(
        expect.objectContaining({ code: 'RESUME_INVALID' }),
      );
    }
  });

  it('refuses a cursor that tells of clicks which the search does not have', async () => {
    const run = start(createModel(), {});
    const at = {
      crop: 0,
      prompts: 0,
      inner: { surveyed: 0, asked: [9999], pending: [], disappointments: [] },
    };
    const cursor = packCursor(searchName(run.mode, IMAGE, run.parameters), at);
    await expect(finish(resumed({ cursor, masks: [] }))).rejects.toMatchObject({ code: 'RESUME_INVALID' });
  });
});
