/** How good outlines of masks are: by tolerance, and beside other tracers on the same masks. */
import { fieldFromMask } from '../../../models/logit-field.js';
import { traceField } from '../../../models/trace/outline.js';
import { throwIfCancelled } from '../../../protocol/errors.js';
import type { Outline } from '../../../protocol/outline.js';
import { mean, round } from '../statistics.js';
import { measureOutline, type OutlineQuality } from './outline-measure.js';
import type { Rival } from './rivals.js';
import type { NamedMask } from './shapes.js';

/** A slider's worth of tolerances, image pixels. */
const TOLERANCES_PX = [0.25, 0.35, 0.5, 0.7, 1, 1.4, 2, 2.8, 4, 5.6, 8] as const;

interface TraceScores extends OutlineQuality {
  readonly ms: number;
}

interface ToleranceScores {
  readonly tolerancePx: number;
  readonly segments: number;
  /** The largest that any outline reports. */
  readonly maxDeviationPx: number;
}

export interface TraceEvaluation {
  readonly masks: number;
  readonly tolerancePx: number;
  /** Segments in total, the rest on average. */
  readonly cutline: TraceScores;
  readonly rivals: readonly (TraceScores & {
    readonly name: string;
    /** Of ours in theirs. */
    readonly segmentsRatio: number;
  })[];
  readonly byTolerance: readonly ToleranceScores[];
  /** Steps to more tolerance, over all masks, that took more segments. */
  readonly rises: number;
}

/** One mask with what became of it, for whoever shows it. */
export interface TracedMask {
  readonly mask: NamedMask;
  readonly outline: Outline;
  readonly scores: TraceScores;
}

export interface EvaluateTraceOptions {
  /** Of the outlines that are compared with others, image pixels. */
  readonly tolerancePx: number;
  readonly rivals: readonly Rival[];
  readonly signal?: AbortSignal;
  readonly onMask?: (traced: TracedMask) => void;
  readonly onProgress?: (fraction: number, mask: string) => void;
}

/** @throws CodedError CANCELLED */
export async function evaluateTrace(
  masks: readonly NamedMask[],
  { tolerancePx, rivals, signal, onMask, onProgress }: EvaluateTraceOptions,
): Promise<TraceEvaluation> {
  const ours: TraceScores[] = [];
  const theirs = rivals.map((): TraceScores[] => []);
  const ladders: Outline[][] = [];
  for (const [index, mask] of masks.entries()) {
    throwIfCancelled(signal);
    onProgress?.(index / masks.length, mask.name);
    // Once to warm up: others' programs come compiled.
    trace(mask, tolerancePx);
    const started = performance.now();
    const outline = trace(mask, tolerancePx);
    const scores = scoresOf(outline.path, mask, performance.now() - started);
    ours.push(scores);
    onMask?.({ mask, outline, scores });
    ladders.push(TOLERANCES_PX.map((px) => trace(mask, px)));
    for (const [k, rival] of rivals.entries()) {
      const { svg, ms } = await rival.trace(mask);
      theirs[k]!.push({ ...measureOutline(svg, mask.mask, mask), ms });
    }
  }
  const cutline = summarise(ours);
  return {
    masks: masks.length,
    tolerancePx,
    cutline,
    rivals: rivals.map(({ name }, k) => {
      const scores = summarise(theirs[k]!);
      return { name, ...scores, segmentsRatio: round(cutline.segments / Math.max(1, scores.segments), 3) };
    }),
    byTolerance: TOLERANCES_PX.map((px, k) => {
      const outlines = ladders.map((ladder) => ladder[k]!);
      return {
        tolerancePx: px,
        segments: outlines.reduce((sum, { nodes }) => sum + nodes, 0),
        maxDeviationPx: Math.max(0, ...outlines.map(({ maxDeviationPx }) => maxDeviationPx)),
      };
    }),
    rises: ladders.reduce((sum, ladder) => sum + risesOf(ladder), 0),
  };
}

function trace({ mask, ...size }: NamedMask, tolerancePx: number): Outline {
  return traceField(fieldFromMask(mask, size), { tolerancePx, minRegionPx: 0 }).outline;
}

function scoresOf(path: string, mask: NamedMask, ms: number): TraceScores {
  return { ...measureOutline(`<path d="${path}"/>`, mask.mask, mask), ms };
}

function risesOf(ladder: readonly Outline[]): number {
  return ladder.filter(({ nodes }, k) => k > 0 && nodes > ladder[k - 1]!.nodes).length;
}

function summarise(scores: readonly TraceScores[]): TraceScores {
  return {
    segments: scores.reduce((sum, { segments }) => sum + segments, 0),
    iou: round(mean(scores.map(({ iou }) => iou))),
    meanDeviationPx: round(mean(scores.map(({ meanDeviationPx }) => meanDeviationPx))),
    ms: round(mean(scores.map(({ ms }) => ms)), 2),
  };
}
