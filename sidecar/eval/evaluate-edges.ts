/** How exact edges are on large images, before and after refining. */
import type { RgbImage, SegmentationModel } from '../../models/adapter.js';
import { traceCandidate } from '../../models/candidates.js';
import { defaultTolerancePx, refinedTolerancePx } from '../../models/coordinates.js';
import { decodeRle } from '../../models/mask/rle.js';
import { predictPrompts } from '../../models/predict.js';
import { throwIfCancelled } from '../../protocol/errors.js';
import type { Prompt } from '../../protocol/prompt.js';
import { boundaryScores } from './boundary.js';
import { mean, round } from './click-report.js';
import type { Composite } from './composites.js';

/** Scores of one answer, or their means. */
interface EdgeScores {
  readonly iou: number;
  /** Share of boundary pixels within one and two pixels of the true boundary, both ways. */
  readonly boundaryF1px: number;
  readonly boundaryF2px: number;
  /** Mean absolute difference of the coverage of a pixel, over the band of 8 pixels around the true edge. */
  readonly alphaError: number;
  /** Within the default tolerance, which is half as large once edges are refined. */
  readonly nodes: number;
  readonly traceMs: number;
}

export interface EdgeEvaluation {
  readonly composites: number;
  readonly size: readonly [number, number];
  readonly before: EdgeScores;
  readonly after: EdgeScores;
  /** Composites on which refining lowered the score within two pixels. */
  readonly worse: number;
  readonly perComposite: readonly {
    readonly name: string;
    readonly before: EdgeScores;
    readonly after: EdgeScores;
  }[];
}

const DISTANCES_PX = [1, 2] as const;
const BAND_PX = 8;

export interface EvaluateEdgesOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (fraction: number, name: string) => void;
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
  { signal, onProgress }: EvaluateEdgesOptions = {},
): Promise<EdgeEvaluation> {
  const results: { name: string; before: EdgeScores; after: EdgeScores }[] = [];
  let size: readonly [number, number] = [0, 0];
  for (const [index, make] of composites.entries()) {
    throwIfCancelled(signal);
    const composite = await make();
    const { image, box, middle, name } = composite;
    onProgress?.(index / composites.length, name);
    size = [image.height, image.width];
    const embedding = await model.encode(image, signal && { signal });
    const prompts: Prompt[] = [
      { type: 'box', box: [...box] },
      { type: 'point', x: middle[0], y: middle[1], label: 'inside' },
    ];
    const selection = await predictPrompts(model, embedding, prompts, signal && { signal });
    const refinement = {
      pixels: image,
      clicks: [{ point: middle, inside: true }],
      tolerancePx: refinedTolerancePx(image),
      signal,
    };
    const trace = (isRefined: boolean) => {
      const started = performance.now();
      const traced = traceCandidate(
        selection,
        selection.chosen,
        embedding.image,
        defaultTolerancePx(image),
        isRefined ? refinement : undefined,
      );
      const traceMs = performance.now() - started;
      return score(composite, decodeRle(traced.rle), traced.outline.nodes, traceMs);
    };
    results.push({ name, before: trace(false), after: trace(true) });
  }
  return {
    composites: results.length,
    size,
    before: meanOf(results.map(({ before }) => before)),
    after: meanOf(results.map(({ after }) => after)),
    worse: results.filter(({ before, after }) => after.boundaryF2px < before.boundaryF2px).length,
    perComposite: results,
  };
}

/** @param answer Uint8, height × width, 0 or 1. */
function score({ image, alpha }: Composite, answer: Uint8Array, nodes: number, traceMs: number): EdgeScores {
  const truth = new Uint8Array(alpha.length);
  for (let k = 0; k < alpha.length; k++) truth[k] = alpha[k]! >= 0.5 ? 1 : 0;
  const [boundaryF1px, boundaryF2px] = boundaryScores(answer, truth, image, DISTANCES_PX);
  let shared = 0;
  let either = 0;
  for (let k = 0; k < truth.length; k++) {
    if (truth[k] && answer[k]) shared++;
    if (truth[k] || answer[k]) either++;
  }
  return {
    iou: round(shared / Math.max(1, either)),
    boundaryF1px: round(boundaryF1px!),
    boundaryF2px: round(boundaryF2px!),
    alphaError: round(alphaErrorOf(image, alpha, answer)),
    nodes,
    traceMs: round(traceMs, 1),
  };
}

/** Over pixels of which one eight to the left, right, above or below is on the other side of the edge. */
function alphaErrorOf({ width, height }: RgbImage, alpha: Float32Array, answer: Uint8Array): number {
  let sum = 0;
  let count = 0;
  const isInside = (k: number) => alpha[k]! >= 0.5;
  for (let y = BAND_PX; y < height - BAND_PX; y++) {
    for (let x = BAND_PX; x < width - BAND_PX; x++) {
      const k = y * width + x;
      const left = isInside(k - BAND_PX);
      const isFar =
        left === isInside(k + BAND_PX) &&
        left === isInside(k - BAND_PX * width) &&
        left === isInside(k + BAND_PX * width);
      if (isFar) continue;
      sum += Math.abs(alpha[k]! - answer[k]!);
      count++;
    }
  }
  return count === 0 ? 0 : sum / count;
}

function meanOf(scores: readonly EdgeScores[]): EdgeScores {
  const of = (read: (score: EdgeScores) => number, decimals = 4) => round(mean(scores.map(read)), decimals);
  return {
    iou: of(({ iou }) => iou),
    boundaryF1px: of(({ boundaryF1px }) => boundaryF1px),
    boundaryF2px: of(({ boundaryF2px }) => boundaryF2px),
    alphaError: of(({ alphaError }) => alphaError),
    nodes: of(({ nodes }) => nodes, 1),
    traceMs: of(({ traceMs }) => traceMs, 1),
  };
}
