/** Masks of every kind → outlines, against other tracers on the same masks: segments, overlap, deviation, time. */
import { fieldFromMask } from '../models/logit-field.js';
import { traceField } from '../models/trace/outline.js';
import { DEFAULT_TOLERANCE_PX } from '../protocol/method-parts.js';
import type { BenchContext } from './context.js';
import { generateMasks } from '../sidecar/eval/trace/masks.js';
import { measureOutline, type OutlineQuality } from '../sidecar/eval/trace/outline-measure.js';
import { findRivals } from '../sidecar/eval/trace/rivals.js';
import type { NamedMask } from '../sidecar/eval/trace/shapes.js';

/** Rounds over all masks; the first ones warm up. */
const ROUNDS = 5;
const WARM_UPS = 2;

interface Result extends OutlineQuality {
  readonly mask: string;
  readonly ms: number;
}

export async function benchTrace({ home }: BenchContext): Promise<object> {
  const masks = generateMasks();
  const rivals = findRivals(home);
  const results = new Map(
    ['cutline', ...rivals.map(({ name }) => name)].map((name) => [name, [] as Result[]]),
  );
  for (let round = 0; round < WARM_UPS + ROUNDS; round++) {
    for (const mask of masks) {
      const ours = traceOurs(mask);
      const traced = [{ name: 'cutline', ...ours }];
      for (const rival of rivals) traced.push({ name: rival.name, ...(await rival.trace(mask)) });
      if (round < WARM_UPS) continue;
      for (const { name, svg, ms } of traced) {
        // Quality is the same every time.
        const quality = round === WARM_UPS ? measureOutline(svg, mask.mask, mask) : undefined;
        const known = results.get(name)!.find((result) => result.mask === mask.name);
        results.get(name)!.push({ ...(quality ?? known!), mask: mask.name, ms });
      }
    }
  }
  return report(masks.length, results);
}

function traceOurs(mask: NamedMask): { readonly svg: string; readonly ms: number } {
  const started = performance.now();
  const { outline } = traceField(fieldFromMask(mask.mask, mask), {
    tolerancePx: DEFAULT_TOLERANCE_PX,
    minRegionPx: 0,
  });
  return { ms: performance.now() - started, svg: `<path d="${outline.path}"/>` };
}

function report(masks: number, results: ReadonlyMap<string, readonly Result[]>): object {
  const summaries = [...results].map(([name, list]) => ({ name, ...summarise(list, list.length / ROUNDS) }));
  const [ours, baseline, ...others] = summaries;
  const isComplete = ours !== undefined && baseline !== undefined;
  return {
    masks,
    runs: ROUNDS,
    tolerancePx: DEFAULT_TOLERANCE_PX,
    ...ours,
    ...(isComplete && {
      baseline,
      ratio: round(ours.p50Ms / baseline.p50Ms, 3),
      segmentsRatio: round(ours.segments / baseline.segments, 3),
    }),
    ...(others.length > 0 && { others }),
  };
}

function summarise(list: readonly Result[], masks: number) {
  const once = list.slice(0, masks);
  const mean = (read: (result: Result) => number) =>
    once.reduce((sum, result) => sum + read(result), 0) / once.length;
  const times = list.map(({ ms }) => ms).sort((a, b) => a - b);
  const percentile = (share: number) => round(times[Math.floor(share * (times.length - 1))] ?? NaN, 2);
  return {
    p50Ms: percentile(0.5),
    p95Ms: percentile(0.95),
    segments: once.reduce((sum, { segments }) => sum + segments, 0),
    iou: round(
      mean(({ iou }) => iou),
      4,
    ),
    meanDeviationPx: round(
      mean(({ meanDeviationPx }) => meanDeviationPx),
      4,
    ),
  };
}

function round(value: number, decimals: number): number {
  return Math.round(value * 10 ** decimals) / 10 ** decimals;
}
