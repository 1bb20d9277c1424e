/** What to ask the sidecar, and what of its answers is on the screen. */
import { defaultTolerancePx, isRefinable, refinedTolerancePx } from '../../models/coordinates.js';
import type { Size } from '../../protocol/geometry.js';
import { DEFAULT_TOLERANCE_PX } from '../../protocol/method-parts.js';
import { TOLERANCE_RANGE_PX } from '../../protocol/outline.js';
import type { Candidate } from '../../protocol/outline.js';
import type { Prompt } from '../../protocol/prompt.js';
import * as log from './prompt-log.js';
import { imageOf } from './situation.js';
import type { Link, Source, Work } from './situation.js';

/** The sidecar's answer to a question. */
export interface Answer extends Question {
  readonly candidates: readonly Candidate[];
  /** Rank that the sidecar would show first. */
  readonly suggested: number;
  /** How many candidates there will be, while the suggested one is all that has come. */
  readonly offered?: number;
}

export interface Question {
  readonly prompts: readonly Prompt[];
  readonly tolerancePx: number;
  /** Find the edges in the image itself. */
  readonly refine?: boolean;
}

/** The candidate on the screen with its edges found in the image: what follows a first, coarse answer. */
export interface Refined extends Question {
  readonly candidate: Candidate;
}

/** The part of the state that questions and answers depend on. */
export interface Inquiry {
  readonly source: Source;
  readonly link: Link;
  readonly work: Work;
  readonly log: log.PromptLog;
  readonly answer: Answer | undefined;
  /** How far the outline may stray, against what suits the image: 2 is twice as smooth. */
  readonly toleranceFactor: number;
  /** Whether edges are to be found in the image itself once an outline is there. */
  readonly refine: boolean;
  readonly refined: Refined | undefined;
}

/** How far the outline may stray from the edge, in image pixels. */
export function toleranceOf(state: Inquiry, isRefined = false): number {
  const image = imageOf(state);
  return scaledTolerancePx(
    state.toleranceFactor,
    image ? suitingTolerancePx(image, isRefined) : DEFAULT_TOLERANCE_PX,
  );
}

/** @param factor As the person chose it. @returns What may be asked for. */
export function scaledTolerancePx(factor: number, suitingPx: number): number {
  const [least, most] = TOLERANCE_RANGE_PX;
  return Math.max(least, Math.min(most, factor * suitingPx));
}

/** A question as the sidecar takes it. */
export function wireQuestion({ prompts, tolerancePx, refine = false }: Question) {
  return { prompts: [...prompts], tolerancePx, ...(refine && { refine }) };
}

/** The tolerance that a factor of 1 stands for, image pixels. */
export function suitingTolerancePx(image: Size, isRefined: boolean): number {
  return isRefined ? refinedTolerancePx(image) : defaultTolerancePx(image);
}

/** What the sidecar should have answered for what is on the screen; undefined when there is nothing to ask. */
export function questionOf(state: Inquiry): Question | undefined {
  const prompts = log.askedPrompts(state.log.prompts);
  return prompts.length === 0 ? undefined : { prompts, tolerancePx: toleranceOf(state) };
}

/** Whether two questions have the same answer. Prompts are immutable, so the same ones are the same objects. */
export function sameQuestion(a: Question | undefined, b: Question | undefined): boolean {
  if (!a || !b) return a === b;
  return a.tolerancePx === b.tolerancePx && (a.refine ?? false) === (b.refine ?? false) && sameMarks(a, b);
}

/** Whether two questions are about the same marks and candidate, whatever the outline may be like. */
export function sameMarks(a: Question, b: Question): boolean {
  return (
    a.prompts.length === b.prompts.length && a.prompts.every((prompt, i) => samePrompt(prompt, b.prompts[i]!))
  );
}

/** An implied pick is made anew each time. */
function samePrompt(a: Prompt, b: Prompt): boolean {
  return a === b || (a.type === 'pick' && b.type === 'pick' && a.rank === b.rank);
}

/** Whether the outline on the screen answers what is marked now. */
export function isAnswered(state: Inquiry): boolean {
  return isWhole(state.answer) && sameQuestion(questionOf(state), state.answer);
}

/** Whether the alternatives are here, too. */
export function isWhole(answer: Answer | undefined): answer is Answer {
  return answer !== undefined && answer.offered === undefined;
}

/** Whether outlines are to be refined, and can be. */
export function refines(state: Inquiry): boolean {
  const image = imageOf(state);
  return state.refine && image !== undefined && isRefinable(image);
}

/** What to ask so that the edges on the screen are those of the image; undefined while that is not wanted or too early. */
export function refinementOf(state: Inquiry): Question | undefined {
  return isAnswered(state) ? refinedQuestion(state) : undefined;
}

/** Whether nothing better than what is on the screen is still to come. */
export function isSettled(state: Inquiry): boolean {
  const refinement = refinementOf(state);
  return isAnswered(state) && (!refinement || sameQuestion(refinement, state.refined));
}

/** Whether something is marked whose answer is still to come. */
export function awaitsAnswer(state: Inquiry): boolean {
  const { link, work } = state;
  const canCome = work.kind !== 'failed' && (link.kind === 'online' || link.kind === 'searching');
  return canCome && questionOf(state) !== undefined && !isSettled(state);
}

/** What the candidate on the screen answers, its pick included: asking this again shows the same outline. */
export function shownQuestion(state: Inquiry): Question | undefined {
  const refined = shownRefined(state);
  if (!refined) return coarseQuestion(state);
  const { prompts, tolerancePx, refine } = refined;
  return { prompts, tolerancePx, ...(refine && { refine }) };
}

/** As `shownQuestion`, before refining. */
function coarseQuestion(state: Inquiry): Question | undefined {
  const { answer } = state;
  if (!answer) return undefined;
  const { prompts, tolerancePx } = answer;
  const rank = coarseCandidate(state)?.rank;
  const isImplied = rank === undefined || (rank === answer.suggested && pickedRank(state) === undefined);
  return { prompts: isImplied ? prompts : [...prompts, { type: 'pick', rank }], tolerancePx };
}

/**
 * What has been refined, if it is this candidate and there is something to see. While it is traced anew for another
 * tolerance it stays: the coarse outline in between would jump to edges that are known better.
 */
function shownRefined(state: Inquiry): Refined | undefined {
  const { refined } = state;
  if (!refined || refined.candidate.outline.rings === 0) return undefined;
  const wanted = refinedQuestion(state);
  return wanted && sameMarks(wanted, refined) ? refined : undefined;
}

/** As `coarseQuestion`, refined; undefined while that is not wanted or can do nothing. */
function refinedQuestion(state: Inquiry): Question | undefined {
  const question = refines(state) ? coarseQuestion(state) : undefined;
  return question && { ...question, tolerancePx: toleranceOf(state, true), refine: true };
}

/** The candidate on the screen, refined if that has been done. */
export function chosenCandidate(state: Inquiry): Candidate | undefined {
  return shownRefined(state)?.candidate ?? coarseCandidate(state);
}

/** Ranks that can be picked, in the order of the row. */
export function offeredRanks({ candidates, offered }: Answer): number[] {
  if (offered === undefined) return candidates.map(({ rank }) => rank);
  return Array.from({ length: offered }, (_, index) => index + 1);
}

/** Rank of the candidate on the screen, or of the one picked that is still to come. */
export function shownRank(state: Inquiry): number | undefined {
  const chosen = chosenCandidate(state);
  return chosen && (pickedRank(state) ?? chosen.rank);
}

/** Where in the row it is; −1 when nothing is on the screen. */
export function shownIndex(state: Inquiry): number {
  const rank = shownRank(state);
  return state.answer && rank !== undefined ? offeredRanks(state.answer).indexOf(rank) : -1;
}

/** The one picked right after the prompts that were answered, else the suggested one. */
function coarseCandidate(state: Inquiry): Candidate | undefined {
  const { answer } = state;
  if (!answer) return undefined;
  const picked = byRank(answer, pickedRank(state));
  return picked ?? byRank(answer, answer.suggested) ?? answer.candidates[0];
}

/**
 * What was picked of what the answer offers. Looking right after its prompts, not at the end of the log, keeps the old
 * outline still until the next answer is here.
 */
function pickedRank({ answer, log: { prompts } }: Inquiry): number | undefined {
  const next = prompts[answer?.prompts.length ?? 0];
  return answer && next?.type === 'pick' && offeredRanks(answer).includes(next.rank) ? next.rank : undefined;
}

function byRank(answer: Answer, rank: number | undefined): Candidate | undefined {
  return answer.candidates.find((candidate) => candidate.rank === rank);
}

/**
 * Takes an answer to what is marked.
 *
 * @returns `inquiry` itself where the answer has come in part and what was picked before is not in it.
 */
export function takeAnswer<S extends Inquiry>(inquiry: S, whole: Answer): S {
  const answer = withoutEmpty(whole);
  const at = answer.prompts.length;
  const next = inquiry.log.prompts[at];
  if (next?.type !== 'pick' || byRank(answer, next.rank)) return { ...inquiry, answer };
  if (!isWhole(answer)) return inquiry;
  const taken = { ...inquiry, answer };
  const isPickedAhead = inquiry.answer && !isWhole(inquiry.answer) && sameMarks(inquiry.answer, answer);
  const rank = isPickedAhead ? shownRank(taken) : undefined;
  // What was picked before it was here may turn out to be nothing.
  return rank === undefined
    ? taken
    : { ...taken, log: log.amendPrompt(inquiry.log, at, { type: 'pick', rank }) };
}

/** A candidate without a ring is nothing to see, to save or to pick. */
export function withoutEmpty(answer: Answer): Answer {
  return { ...answer, candidates: answer.candidates.filter(({ outline }) => outline.rings > 0) };
}
