/** Errors as the interface keeps and shows them. */
import { CodedError } from '../../protocol/errors.js';
import type { ErrorName } from '../../protocol/errors.js';
import type { Prompt } from '../../protocol/prompt.js';
import type { Failure } from './situation.js';
import { strings } from './strings.js';

/** Any error in words for a person. What was not foreseen says so and nothing else. */
export function asFailure(error: unknown): Failure {
  if (error instanceof CodedError) {
    const { code, message, hint, requestId } = error;
    return { code, message, hint, ...(requestId !== undefined && { requestId }) };
  }
  return { code: 'INTERNAL', ...strings.unexpected };
}

/** As `asFailure`, for what was asked: a sidecar of before there was a brush knows no strokes. */
export function asFailureOf(error: unknown, prompts: readonly Prompt[]): Failure {
  const failure = asFailure(error);
  const isRecent = prompts.some(({ type }) => RECENT.has(type));
  return failure.code === 'PARAMS_INVALID' && isRecent
    ? { ...failure, code: 'PROTOCOL_MISMATCH', ...strings.sidecarTooOld }
    : failure;
}

/** Prompts that came after the first sidecars. */
const RECENT: ReadonlySet<Prompt['type']> = new Set<Prompt['type']>(['stroke', 'lasso', 'grow', 'invert']);

/** Whether this is only the end of something that nobody waits for any more. */
export function isCancelled(error: unknown): boolean {
  return (
    (error instanceof CodedError && error.code === 'CANCELLED') ||
    (error instanceof Error && error.name === 'AbortError')
  );
}

/** What is wrong with an image stays wrong, however often it is sent. */
const FINAL: readonly ErrorName[] = [
  'IMAGE_UNREADABLE',
  'IMAGE_TRUNCATED',
  'IMAGE_TOO_LARGE',
  'IMAGE_TOO_SMALL',
];

/** Whether the same again may end otherwise. */
export function canRetry({ code }: Failure): boolean {
  return !FINAL.includes(code);
}

/** The words to show: those of the person's language where it has some, else what whoever failed has said in English. */
export function wordsOf({ code, message, hint }: Failure): Pick<Failure, 'message' | 'hint'> {
  return strings.failures[code] ?? { message, hint };
}
