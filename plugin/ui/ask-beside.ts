/** Asks the sidecar beside what is on the screen: neither calls off the other. */
import { maskPredict } from '../../protocol/methods.js';
import { askWithImage } from './forgotten.js';
import type { Prepared } from './prepared.js';
import { wireQuestion } from './question.js';
import type { Answer, Question } from './question.js';

/** @throws CodedError whatever the sidecar answers; CANCELLED. */
export async function askBeside(
  prepared: Prepared,
  question: Question,
  signal: AbortSignal,
): Promise<Answer> {
  const { candidates, chosen } = await askWithImage(prepared, signal, () =>
    prepared.sidecar.call(maskPredict, { image: prepared.id, ...wireQuestion(question) }, { signal }),
  );
  return { ...question, candidates, suggested: chosen };
}
