/**
 * Which masks to offer, and which to show first, after every prompt.
 *
 * One click is ambiguous, so tokens 1–3 answer it with part, object and group, and the single-mask token is left out.
 * The mask that has the click in its middle is likely meant. More clicks seldom settle at once which mask is, and the
 * network's own favourite jumps from one to another; so a mean leads in which a mask counts the more, the better it
 * hangs together with the clicks, resembles what is shown and explains what was clicked (decision 0015). A box by itself
 * leaves little to guess: the single-mask token was trained for it and leads.
 */
import type { Point, Size } from '../protocol/geometry.js';
import type { DecodedMasks, LabelledPoint, PromptSet } from './adapter.js';
import { LOW_RES_LENGTH, LOW_RES_SIDE, lowResExtent, lowResField } from './coordinates.js';
import { honourClicks, isHonoured } from './click-corrections.js';
import { coarseIou, coarseMask, connectedShare, explanation } from './click-evidence.js';
import type { CoarseMask, Correction } from './click-evidence.js';
import { middleOfMask } from './mask-prompt.js';

/** One mask worth offering. */
interface MaskCandidate {
  /** Which of the decoder's masks it is, 0 for the single-mask token; or a mean. */
  readonly token: number | 'mean';
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
  /** The click that it answers, with what that was made on; none when it answers a box or a mask. */
  readonly correction?: Correction | undefined;
}

/** Masks that overlap more than this look the same to a person; only the better one is offered. */
const SAME_MASK_IOU = 0.95;
/** Most candidates offered: part, object, group. */
const MOST_CANDIDATES = 3;
/** An alternative whose edge is anywhere between two cuts is frayed texture, and nobody's choice. */
const LEAST_STABILITY = 0.6;
const STABILITY_OFFSET = 1;
/** The share of the image that is likeliest for what people mean. */
const USUAL_SHARE = 0.05;

type Unassessed = Omit<MaskCandidate, 'stabilityScore'>;

/** What the choice rests on, measured on the low-res samples that show the image. */
interface Assessment {
  readonly candidate: MaskCandidate;
  /** Samples inside. */
  readonly area: number;
  /** Prompts that the mask contradicts: clicks inside it does not cover, clicks outside it does. */
  readonly violations: number;
  readonly score: number;
}

/** Everything that scores may depend on. */
interface Asked {
  readonly prompts: PromptSet;
  readonly image: Size;
  /** The last clicks with what they were made on, newest first. */
  readonly corrections: readonly { readonly click: LabelledPoint; readonly shown: CoarseMask | undefined }[];
}

/**
 * @param decoded The decoder's answer to `prompts`.
 * @param corrections The newest click and the one before it, in this order; none when the newest prompt is a box.
 * @returns At least one candidate, also when every mask is empty.
 */
export function selectCandidates(
  decoded: DecodedMasks,
  prompts: PromptSet,
  image: Size,
  corrections: readonly Correction[],
): Selection {
  const asked: Asked = {
    prompts,
    image,
    corrections: corrections.map(({ click, shown }) => ({ click, shown: shown && coarseMask(shown, image) })),
  };
  const isFirstClick = prompts.points.length === 1 && !prompts.box && !prompts.maskLogits;
  const tokens = isFirstClick ? [1, 2, 3] : [0, 1, 2, 3];
  const score = isFirstClick ? firstClickScore : laterScore;
  const assessed = tokens.map((token) => {
    const logits = maskOf(decoded, token);
    return assess({ token, logits, predictedIou: decoded.predictedIou[token]! }, asked, score);
  });
  assessed.sort((a, b) => a.violations - b.violations || b.score - a.score);
  if (!isFirstClick) assessed.unshift(leader(assessed, asked));
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
 * What is shown first after more than one prompt: a box's best mask or the clicks' mean, put right where clicks say so.
 *
 * @param ranked The decoder's four masks, best first.
 */
function leader(ranked: readonly Assessment[], asked: Asked): Assessment {
  const { prompts, image, corrections } = asked;
  const four = ranked.map(({ candidate }) => candidate);
  const leading = corrections.length === 0 ? four[0]! : likelyMean(four, asked);
  const others = four.map(({ logits }) => logits);
  if (prompts.maskLogits) others.push(prompts.maskLogits);
  const logits = honourClicks(leading.logits, prompts.points, others, image);
  return assess({ ...leading, logits }, asked, laterScore);
}

/**
 * Mean of the masks that may be meant, each put right where it contradicts a click, by how likely they are: the
 * decoder's four, the mean of these, and what is shown.
 *
 * @param four Best first: parts to put others right with are taken from the best that has them.
 */
function likelyMean(four: readonly Unassessed[], asked: Asked): Unassessed {
  const { prompts, image } = asked;
  const mean = meanOf(four, [0.25, 0.25, 0.25, 0.25]);
  const possible = [...four, mean];
  if (prompts.maskLogits) possible.push({ ...mean, logits: prompts.maskLogits });
  const honoured = possible.map((mask) => {
    const others = possible.filter((other) => other !== mask).map(({ logits }) => logits);
    return { ...mask, logits: honourClicks(mask.logits, prompts.points, others, image) };
  });
  return meanOf(honoured, shares(honoured.map(({ logits }) => clicksEvidence(logits, asked))));
}

/** Likelihoods from their logarithms; together 1. */
function shares(evidence: readonly number[]): number[] {
  const most = Math.max(...evidence);
  const odds = evidence.map((value) => Math.exp(value - most));
  const all = odds.reduce((sum, value) => sum + value, 0);
  return odds.map((value) => value / all);
}

/** @param weights Together 1. */
function meanOf(masks: readonly Unassessed[], weights: readonly number[]): Unassessed {
  const logits = new Float32Array(LOW_RES_LENGTH);
  let predictedIou = 0;
  masks.forEach((mask, i) => {
    const weight = weights[i]!;
    predictedIou += weight * mask.predictedIou;
    for (let k = 0; k < logits.length; k++) logits[k]! += weight * mask.logits[k]!;
  });
  return { token: 'mean', logits, predictedIou };
}

/** @returns Float32, 256×256: one of a decoder's four masks. */
export function maskOf({ logits }: DecodedMasks, token: number): Float32Array {
  return logits.subarray(token * LOW_RES_LENGTH, (token + 1) * LOW_RES_LENGTH);
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

type Score = (candidate: MaskCandidate, share: number, asked: Asked) => number;

function assess(unassessed: Unassessed, asked: Asked, score: Score): Assessment {
  const { prompts, image } = asked;
  const { area, share, stabilityScore } = measure(unassessed.logits, image);
  const candidate = { ...unassessed, stabilityScore };
  const field = lowResField(candidate.logits, image);
  const violations = prompts.points.filter((click) => !isHonoured(field, click)).length;
  return { candidate, area, violations, score: score(candidate, share, asked) };
}

/**
 * What a person means by a first click is a whole, well-bounded thing with the click in its middle. Masks whose edge
 * depends on the cut-off, that lie in pieces far from the click, or that are much larger or smaller than things in
 * photographs mostly are, count less.
 */
function firstClickScore(
  { logits, stabilityScore }: MaskCandidate,
  share: number,
  { prompts, image }: Asked,
): number {
  const mask = coarseMask(logits, image);
  const middle = explanation(mask, undefined, prompts.points[0]!, image);
  const connected = connectedShare(mask, prompts.points, image);
  const size = Math.log(Math.max(share, 1e-6) / USUAL_SHARE);
  return 8.5 * middle ** 4 + 5 * connected + 6 * stabilityScore - 0.64 * size ** 2;
}

/**
 * Logarithm of how likely a mask is after several clicks, but for a constant: it explains the last two of them, hangs
 * together with what was clicked, and is much like what was shown before.
 */
function clicksEvidence(logits: Float32Array, { prompts, image, corrections }: Asked): number {
  const mask = coarseMask(logits, image);
  let evidence = 10 * connectedShare(mask, prompts.points, image);
  for (const { click, shown: before } of corrections) {
    evidence += 2 * explanation(mask, before, click, image) ** 4;
  }
  const shown = corrections[0]?.shown;
  if (shown) evidence += 5 * coarseIou(mask, shown);
  return evidence;
}

function laterScore({ token, predictedIou, stabilityScore }: MaskCandidate): number {
  const trained = token === 0 ? 1 : 0;
  return trained + 0.5 * predictedIou + 0.5 * stabilityScore;
}

/** Area in samples and as a share of the image, and the stability score. */
function measure(logits: Float32Array, image: Size) {
  const { columns, rows } = lowResExtent(image);
  let area = 0;
  let high = 0;
  let low = 0;
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) {
      const value = logits[j * LOW_RES_SIDE + i]!;
      if (value > -STABILITY_OFFSET) low++;
      if (value <= 0) continue;
      area++;
      if (value > STABILITY_OFFSET) high++;
    }
  }
  return {
    area,
    share: area / (columns * rows),
    stabilityScore: low === 0 ? 0 : high / low,
  };
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
