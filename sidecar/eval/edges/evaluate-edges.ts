/** How exact edges are on large images: as found, refined, and refined with a soft edge. */
import type { SegmentationModel } from '../../../models/adapter.js';
import { traceCandidate } from '../../../models/candidates.js';
import type { Refinement } from '../../../models/candidates.js';
import { defaultTolerancePx } from '../../../models/coordinates.js';
import { cropImage } from '../../../models/crop.js';
import { decodeRle } from '../../../models/mask/rle.js';
import { predictPrompts } from '../../../models/predict.js';
import { prepareRefinement } from '../../../models/refine/prepare-refinement.js';
import { softenEdge, type SoftEdge } from '../../../models/refine/soft-edge.js';
import { throwIfCancelled } from '../../../protocol/errors.js';
import type { Prompt } from '../../../protocol/prompt.js';
import { mean, round } from '../statistics.js';
import { OBJECT_KINDS } from './composites.js';
import type { Composite, ObjectKind } from './composites.js';
import { EdgeTruth } from './edge-truth.js';

/** Scores of one answer, or their means. */
export interface EdgeScores {
  readonly iou: number;
  /** Share of boundary pixels within one and two pixels of the true boundary, both ways. */
  readonly boundaryF1px: number;
  readonly boundaryF2px: number;
  /** Mean absolute difference of the coverage of a pixel, over those near the true edge. */
  readonly alphaError: number;
  /** Within the default tolerance, which is half as large once edges are refined. */
  readonly nodes: number;
  /** Encoding a window included. */
  readonly ms: number;
}

/** What one answer, or many on average, were like. */
export interface EdgeComparison {
  readonly before: EdgeScores;
  readonly after: EdgeScores;
  /** Alpha errors of cut-outs with soft edges, by the width of the band in pixels. */
  readonly softAlphaError: Readonly<Record<number, number>>;
}

export interface EdgeEvaluation extends EdgeComparison {
  readonly composites: number;
  readonly size: readonly [number, number];
  /** Composites on which refining lowered the score within two pixels. */
  readonly worse: number;
  readonly byKind: Readonly<Partial<Record<ObjectKind, EdgeComparison & { readonly composites: number }>>>;
  /**
   * Of those without fur of which the object was found at all: with an overlap of at least `FOUND_IOU` before refining.
   * The boundary of fur is that of every hair, which is not what an outline is for.
   */
  readonly found: (EdgeComparison & { readonly composites: number }) | undefined;
  readonly perComposite: readonly EvaluatedComposite[];
}

interface EvaluatedComposite extends EdgeComparison {
  readonly name: string;
  readonly kind: ObjectKind;
}

const DISTANCES_PX = [1, 2] as const;
const SOFT_EDGES_PX = [2, 16] as const;
const FOUND_IOU = 0.9;

export interface EvaluateEdgesOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (fraction: number, name: string) => void;
  readonly onComposite?: (refined: RefinedComposite) => Promise<void>;
}

/** One composite with what became of it, for whoever shows it. */
export interface RefinedComposite {
  readonly composite: Composite;
  /** Uint8, height × width, 0 or 1: half covered or more. */
  readonly truth: Uint8Array;
  readonly comparison: EdgeComparison;
  readonly before: Answer;
  readonly after: Answer;
  /** With the thinner of the soft edges: Uint8, height × width, and × 3. */
  readonly softAlpha: Uint8Array;
  readonly softColours: Uint8Array;
}

interface Answer {
  /** Uint8, height × width, 0 or 1. */
  readonly mask: Uint8Array;
  readonly path: string;
}

/**
 * Each object is asked for with a box around it and a click in it.
 *
 * @param composites Made one after another, when it is their turn.
 * @throws CodedError CANCELLED
 */
export async function evaluateEdges(
  model: SegmentationModel,
  composites: readonly (() => Promise<Composite>)[],
  { signal, onProgress, onComposite }: EvaluateEdgesOptions = {},
): Promise<EdgeEvaluation> {
  const results: EvaluatedComposite[] = [];
  let size: readonly [number, number] = [0, 0];
  for (const [index, make] of composites.entries()) {
    throwIfCancelled(signal);
    const composite = await make();
    size = [composite.image.height, composite.image.width];
    onProgress?.(index / composites.length, composite.name);
    const { name, kind } = composite;
    const refined = await refineComposite(model, composite, signal);
    results.push({ name, kind, ...refined.comparison });
    await onComposite?.(refined);
  }
  const kinds = OBJECT_KINDS.filter((kind) => results.some((result) => result.kind === kind));
  const found = results.filter(({ kind, before }) => kind !== 'fur' && before.iou >= FOUND_IOU);
  return {
    composites: results.length,
    size,
    ...meansOf(results),
    worse: results.filter(({ before, after }) => after.boundaryF2px < before.boundaryF2px).length,
    byKind: Object.fromEntries(
      kinds.map((kind) => [kind, groupOf(results.filter((result) => result.kind === kind))]),
    ),
    found: found.length > 0 ? groupOf(found) : undefined,
    perComposite: results,
  };
}

async function refineComposite(
  model: SegmentationModel,
  composite: Composite,
  signal: AbortSignal | undefined,
): Promise<RefinedComposite> {
  const { image, box, middle } = composite;
  const options = signal ? { signal } : {};
  const embedding = await model.encode(image, options);
  const prompts: Prompt[] = [
    { type: 'box', box: [...box] },
    { type: 'point', x: middle[0], y: middle[1], label: 'inside' },
  ];
  const selection = await predictPrompts(model, embedding, prompts, options);
  const truth = new EdgeTruth(composite);
  const answer = async (refinementFor?: () => Promise<Refinement>) => {
    const started = performance.now();
    const refinement = await refinementFor?.();
    const { rle, outline } = traceCandidate(selection, selection.chosen, image, {
      tolerancePx: defaultTolerancePx(image),
      refinement,
    });
    const ms = performance.now() - started;
    const mask = decodeRle(rle);
    return { mask, path: outline.path, scores: scoresOf(truth, mask, outline.nodes, ms) };
  };
  const before = await answer();
  const clicks = [{ point: middle, inside: true }];
  const after = await answer(() =>
    prepareRefinement(model, selection, image, clicks, {
      embed: (window, call) => model.encode(cropImage(image, window), call),
      signal,
    }),
  );
  const softened: SoftEdge[] = [];
  for (const bandPx of SOFT_EDGES_PX) softened.push(await softenEdge(image, after.mask, bandPx, signal));
  const softAlphaError = Object.fromEntries(
    softened.map(({ alpha }, k) => [SOFT_EDGES_PX[k]!, round(truth.alphaErrorOf(alpha, 255))]),
  );
  return {
    composite,
    truth: truth.mask,
    comparison: { before: before.scores, after: after.scores, softAlphaError },
    before,
    after,
    softAlpha: softened[0]!.alpha,
    softColours: softened[0]!.colours,
  };
}

function scoresOf(truth: EdgeTruth, answer: Uint8Array, nodes: number, ms: number): EdgeScores {
  const [boundaryF1px, boundaryF2px] = truth.boundary.score(answer, DISTANCES_PX);
  return {
    iou: round(truth.iouOf(answer)),
    boundaryF1px: round(boundaryF1px!),
    boundaryF2px: round(boundaryF2px!),
    alphaError: round(truth.alphaErrorOf(answer, 1)),
    nodes,
    ms: round(ms, 1),
  };
}

function groupOf(results: readonly EdgeComparison[]): EdgeComparison & { readonly composites: number } {
  return { composites: results.length, ...meansOf(results) };
}

function meansOf(results: readonly EdgeComparison[]): EdgeComparison {
  return {
    before: meanScores(results.map(({ before }) => before)),
    after: meanScores(results.map(({ after }) => after)),
    softAlphaError: Object.fromEntries(
      SOFT_EDGES_PX.map((bandPx) => [
        bandPx,
        round(mean(results.map(({ softAlphaError }) => softAlphaError[bandPx]!))),
      ]),
    ),
  };
}

function meanScores(scores: readonly EdgeScores[]): EdgeScores {
  const of = (read: (score: EdgeScores) => number, decimals = 4) => round(mean(scores.map(read)), decimals);
  return {
    iou: of(({ iou }) => iou),
    boundaryF1px: of(({ boundaryF1px }) => boundaryF1px),
    boundaryF2px: of(({ boundaryF2px }) => boundaryF2px),
    alphaError: of(({ alphaError }) => alphaError),
    nodes: of(({ nodes }) => nodes, 1),
    ms: of(({ ms }) => ms, 1),
  };
}
