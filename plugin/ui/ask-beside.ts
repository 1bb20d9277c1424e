/** Asks the sidecar beside what is on the screen: neither calls off the other. */
import { exportObject, maskPredict } from '../../protocol/methods.js';
import type { ExportFormat } from '../../protocol/methods.js';
import { askWithImage } from './forgotten.js';
import type { ExportOptions } from './host.js';
import type { SentImage } from './prepared.js';
import { wireQuestion } from './question.js';
import type { Answer, Question } from './question.js';

/**
 * Sends the image again if it was forgotten.
 *
 * @param more What else to ask for.
 * @throws CodedError whatever the sidecar answers; CANCELLED.
 */
export function predictBeside(
  image: SentImage,
  question: Question,
  signal: AbortSignal,
  more: { readonly rle?: boolean; readonly model?: string } = {},
) {
  const { sidecar, id } = image;
  return askWithImage(image, signal, () =>
    sidecar.call(maskPredict, { image: id, ...wireQuestion(question), ...more }, { signal }),
  );
}

/** @throws CodedError as `predictBeside`. */
export async function askBeside(image: SentImage, question: Question, signal: AbortSignal): Promise<Answer> {
  const { candidates, chosen } = await predictBeside(image, question, signal);
  return { ...question, candidates, suggested: chosen };
}

/** @throws CodedError as `predictBeside`. */
export function exportBeside(
  image: SentImage,
  question: Question,
  options: ExportOptions & { readonly format: ExportFormat },
  signal: AbortSignal,
) {
  const { sidecar, id } = image;
  return askWithImage(image, signal, () =>
    sidecar.call(exportObject, { image: id, ...options, ...wireQuestion(question) }, { signal }),
  );
}
