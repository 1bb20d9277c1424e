/**
 * Which of the decoder's four masks to offer, and which to show first.
 *
 * One click is ambiguous, so tokens 1–3 answer it with part, object and group, and the single-mask token is left
 * out. More prompts leave little to guess: the single-mask token was trained for them and leads.
 */
import type { Point, Size } from '../protocol/geometry.js';
import type { DecodedMasks, PromptSet } from './adapter.js';
import { LOW_RES_LENGTH, LOW_RES_SIDE, lowResExtent, lowResField } from './coordinates.js';
import { sampleField } from './logit-field.js';
import { middleOfMask } from './mask-prompt.js';

/** One mask worth offering. */
interface MaskCandidate {
  /** Which of the decoder's masks it is; 0 is the single-mask token. */
  readonly token: number;
  /** Float32, 256×256, model space. */
  readonly logits: Float32Array;
  readonly predictedIou: number;
  readonly stabilityScore: number;
}

/** Candidates by rank (smallest first), and the index of the one to show. */
export interface Selection {
  readonly candidates: readonly MaskCandidate[];
  readonly chosen: number;
  /**
   * Middle of the mask that a person started from, image space. It goes on counting as a click: asked of a new click
   * alone, the network goes there and lets the mask go.
   */
  readonly middle?: Point | undefined;
}

/** Masks that overlap more than this look the same to a person; only the better one is offered. */
const SAME_MASK_IOU = 0.95;
/** Most candidates offered: part, object, group. */
const MOST_CANDIDATES = 3;
/** An alternative whose edge is anywhere between two cuts is frayed texture, and nobody's choice. */
const LEAST_STABILITY = 0.6;
const STABILITY_OFFSET = 1;

/** What the choice rests on, measured on the low-res samples that show the image. */
interface Assessment {
  readonly candidate: MaskCandidate;
  /** Samples inside. */
  readonly area: number;
  /** Prompts that the mask contradicts: clicks inside it does not cover, clicks outside it does. */
  readonly violations: number;
  readonly score: number;
}

/**
 * @param decoded The decoder's answer to `prompts`.
 * @returns At least one candidate, also when every mask is empty.
 */
export function selectCandidates(decoded: DecodedMasks, prompts: PromptSet, image: Size): Selection {
  const ambiguous = prompts.points.length === 1 && !prompts.box && !prompts.maskLogits;
  const tokens = ambiguous ? [1, 2, 3] : [0, 1, 2, 3];
  const assessed = tokens
    .map((token) => assess(decoded, token, prompts, image, ambiguous))
    .sort((a, b) => a.violations - b.violations || b.score - a.score);
  const kept: Assessment[] = [];
  for (const next of assessed) {
    if (kept.length === MOST_CANDIDATES) break;
    if (kept.some((other) => lowResIou(other.candidate, next.candidate) > SAME_MASK_IOU)) continue;
    const worthOffering = next.area > 0 && next.candidate.stabilityScore >= LEAST_STABILITY;
    if (worthOffering || kept.length === 0) kept.push(next);
  }
  const best = kept[0]!.candidate;
  const candidates = kept.sort((a, b) => a.area - b.area).map((entry) => entry.candidate);
  return { candidates, chosen: candidates.indexOf(best) };
}

/**
 * A mask that a person starts from, as the only candidate.
 *
 * @param logits Float32, 256×256, model space.
 */
export function selectMask(logits: Float32Array, image: Size): Selection {
  const { stabilityScore } = measure(logits, image);
  const candidates = [{ token: 0, logits, predictedIou: 1, stabilityScore }];
  return { candidates, chosen: 0, middle: middleOfMask(logits, image) };
}

function assess(
  decoded: DecodedMasks,
  token: number,
  prompts: PromptSet,
  image: Size,
  ambiguous: boolean,
): Assessment {
  const logits = decoded.logits.subarray(token * LOW_RES_LENGTH, (token + 1) * LOW_RES_LENGTH);
  const predictedIou = decoded.predictedIou[token]!;
  const { area, share, borderShare, stabilityScore } = measure(logits, image);
  const candidate = { token, logits, predictedIou, stabilityScore };
  const violations = countViolations(logits, prompts, image);
  const score = ambiguous ? firstClickScore(candidate, share, borderShare) : laterScore(candidate);
  return { candidate, area, violations, score };
}

/**
 * What a person means by a first click is a whole, well-bounded thing. The predicted IoU alone prefers fragments, so
 * size counts a little; masks whose edge depends on the cut-off, and those that run out of the image, count against.
 * The weights were fitted to 106 segments of BSDS500 images clicked in their middle, where the mean IoU of the first
 * choice is .58; it is .46 by the predicted IoU alone, and .68 for the best of the three.
 */
function firstClickScore(candidate: MaskCandidate, share: number, borderShare: number): number {
  const quality = 0.5 * candidate.predictedIou + 1.5 * candidate.stabilityScore;
  return quality + 0.04 * Math.log(Math.max(share, 1e-6)) - 2 * borderShare;
}

function laterScore(candidate: MaskCandidate): number {
  const trained = candidate.token === 0 ? 1 : 0;
  return trained + 0.5 * candidate.predictedIou + 0.5 * candidate.stabilityScore;
}

/** Area in samples, as a share of the image, the share of the image's border inside, and the stability score. */
function measure(logits: Float32Array, image: Size) {
  const { columns, rows } = lowResExtent(image);
  let area = 0;
  let high = 0;
  let low = 0;
  let border = 0;
  for (let j = 0; j < rows; j++) {
    const edgeRow = j === 0 || j === rows - 1;
    for (let i = 0; i < columns; i++) {
      const value = logits[j * LOW_RES_SIDE + i]!;
      if (value > -STABILITY_OFFSET) low++;
      if (value <= 0) continue;
      area++;
      if (value > STABILITY_OFFSET) high++;
      if (edgeRow || i === 0 || i === columns - 1) border++;
    }
  }
  const borderSamples = Math.max(1, 2 * (columns + rows) - 4);
  return {
    area,
    share: area / (columns * rows),
    borderShare: border / borderSamples,
    stabilityScore: low === 0 ? 0 : high / low,
  };
}

function countViolations(logits: Float32Array, prompts: PromptSet, image: Size): number {
  const field = lowResField(logits, image);
  return prompts.points.filter(({ point, inside }) => sampleField(field, ...point) > 0 !== inside).length;
}

/** IoU over the whole low-res square; padding is rarely inside and would be so in both. */
function lowResIou(a: MaskCandidate, b: MaskCandidate): number {
  let intersection = 0;
  let union = 0;
  for (let i = 0; i < a.logits.length; i++) {
    const inA = a.logits[i]! > 0;
    const inB = b.logits[i]! > 0;
    if (inA && inB) intersection++;
    if (inA || inB) union++;
  }
  return union === 0 ? 1 : intersection / union;
}
