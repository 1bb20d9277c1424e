/** Asks the sidecar for what is to be on the screen: the outline to show first comes before its alternatives. */
import { maskPredict, predictProgressSchema } from '../../protocol/methods.js';
import type { Candidate } from '../../protocol/outline.js';
import type { SentImage } from './prepared.js';
import { wireQuestion } from './question.js';
import type { Answer, Question } from './question.js';

interface ScreenQuestion {
  readonly question: Question;
  /** Where the answer goes: a newer question for the same view calls off the older. */
  readonly view: string;
  readonly signal: AbortSignal;
}

/**
 * @param onFirst Hears of the answer while the candidate to show is all there is of it, unless nothing of that is to be
 *   seen; not any more once the signal is aborted.
 * @throws CodedError whatever the sidecar answers; CANCELLED.
 */
export async function predictForScreen(
  { sidecar, id }: SentImage,
  { question, view, signal }: ScreenQuestion,
  onFirst: (first: Answer) => void,
): Promise<Answer> {
  const onProgress = (value: unknown) => {
    const { data: first } = predictProgressSchema.safeParse(value);
    if (signal.aborted || !first || first.candidate.outline.rings === 0) return;
    const { candidate, offered } = first;
    onFirst({ ...question, candidates: [candidate], suggested: candidate.rank, offered });
  };
  const params = { image: id, view, ...wireQuestion(question) };
  const { candidates, chosen } = await sidecar.call(maskPredict, params, { signal, onProgress });
  return { ...question, candidates, suggested: chosen };
}

/**
 * Asks for the candidate to show and calls off the others.
 *
 * @throws CodedError as `predictForScreen`.
 */
export function predictChosen(image: SentImage, asked: ScreenQuestion): Promise<Candidate> {
  const others = new AbortController();
  const signal = AbortSignal.any([asked.signal, others.signal]);
  return new Promise((resolve, reject) => {
    const whole = predictForScreen(image, { ...asked, signal }, ({ candidates }) => {
      resolve(candidates[0]!);
      others.abort();
    });
    whole.then(({ candidates, suggested }) => resolve(candidates[suggested - 1]!), reject);
  });
}
