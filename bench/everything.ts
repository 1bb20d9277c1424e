/**
 * Segment everything against the reference generator's answers: what share of its masks is found after what share of
 * the time that asking a plain grid of the exported decoder takes, for fast and exact mode and plain coarser grids.
 */
import { mergeProgress } from '../protocol/merge-progress.js';
import type { EverythingOptions, FoundMask } from '../protocol/everything.js';
import type { Point } from '../protocol/geometry.js';
import type { Embedding, SegmentationModel } from '../models/adapter.js';
import { EverythingRun } from '../models/everything/run.js';
import { decodeImage } from '../sidecar/image.js';
import { loadBareModel } from './bare-model.js';
import type { BareModel } from './bare-model.js';
import type { BenchContext } from './context.js';
import { amgReferences } from './images.js';
import type { AmgReference } from './images.js';
import { MaskComparison, recall } from './mask-comparison.js';
import { percentile, round3 } from './measure.js';
import { loadModel } from './model.js';

/** Bare decodes of the reference's grid. */
const GRID_PROMPTS = 1024;
/** Bare decodes timed before and after each variant; the grid's time is their median. */
const TIMED_DECODES = 12;
/** Masks below this share of the image are not counted in the curves. */
const SMALL_SHARE = 0.0005;
const CURVE_AT = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5];

const VARIANTS: Readonly<Record<string, EverythingOptions>> = {
  fast: { mode: 'fast' },
  exact: { mode: 'exact' },
  grid8: { mode: 'exact', pointsPerSide: 8 },
  grid16: { mode: 'exact', pointsPerSide: 16 },
  grid24: { mode: 'exact', pointsPerSide: 24 },
};

/** What stood at some time after the start. */
interface Moment {
  readonly ms: number;
  readonly masks: readonly FoundMask[];
}

export async function benchEverything({ home }: BenchContext): Promise<object> {
  const references = await amgReferences();
  if (references.length === 0) return { skipped: 'no reference answers are at hand: set CUTLINE_DATA' };
  const model = await loadModel(home);
  const images: object[] = [];
  for (const reference of references) images.push(await measureImage(model, reference));
  await model.dispose();
  return { device: 'cpu', baseline: `${GRID_PROMPTS} bare decodes`, matchedAt: 0.75, images };
}

async function measureImage(model: SegmentationModel, reference: AmgReference): Promise<object> {
  const bare = await loadBareModel(reference.bytes);
  const embedding = await model.encode(await decodeImage(reference.bytes));
  // The first runs of either are slower.
  await timeDecodes(bare, embedding);
  await runVariant(model, embedding, { pointsPerSide: 4 });
  const results: Record<string, object> = {};
  for (const [name, options] of Object.entries(VARIANTS)) {
    const before = await timeDecodes(bare, embedding);
    const moments = await runVariant(model, embedding, options);
    const after = await timeDecodes(bare, embedding);
    const floorMs = GRID_PROMPTS * percentile([...before, ...after], 0.5);
    results[name] = judge(moments, reference, floorMs);
  }
  await bare.dispose();
  return { image: reference.name, reference: reference.masks.length, ...results };
}

async function timeDecodes(bare: BareModel, { image }: Embedding): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < TIMED_DECODES; i++) {
    const place: Point = [image.width * ((i * 0.618) % 1), image.height * ((i * 0.414) % 1)];
    times.push(await bare.decode(place));
  }
  return times;
}

async function runVariant(
  model: SegmentationModel,
  embedding: Embedding,
  options: EverythingOptions,
): Promise<Moment[]> {
  const source = { image: embedding.image, embed: async () => embedding };
  const started = performance.now();
  const run = new EverythingRun({ model, source, options });
  const moments: Moment[] = [];
  let masks: readonly FoundMask[] = [];
  for (;;) {
    const { progress, isDone } = await run.advance(20, {});
    const next = mergeProgress(masks, progress);
    if (next !== masks || isDone) moments.push({ ms: performance.now() - started, masks: next });
    masks = next;
    if (isDone) return moments;
  }
}

function judge(moments: readonly Moment[], { masks: wanted }: AmgReference, floorMs: number): object {
  const { masks, ms } = moments.at(-1)!;
  const comparison = new MaskComparison(wanted.map(({ rle }) => rle));
  const isLarge = wanted.map(({ share }) => share > SMALL_SHARE);
  const curve = CURVE_AT.map((share) => {
    const then = moments.filter((moment) => moment.ms <= share * floorMs).at(-1);
    return [share, recall(comparison.bestIous(then?.masks ?? []), 0.75, isLarge)] as const;
  });
  const best = comparison.bestIous(masks);
  return {
    masks: masks.length,
    seconds: round3(ms / 1000),
    floorSeconds: round3(floorMs / 1000),
    ofFloor: round3(ms / floorMs),
    firstTenMs: round3(moments.find((moment) => moment.masks.length >= 10)?.ms ?? NaN),
    'matched@0.9': recall(best, 0.9),
    'matchedLarge@0.75': recall(best, 0.75, isLarge),
    extra: round3(comparison.countUnmatched(masks, 0.9) / wanted.length),
    recallAtShareOfFloor: Object.fromEntries(curve),
  };
}
