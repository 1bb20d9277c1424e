/** What Figma's own errors mean for a person. */
import { CodedError } from '../../protocol/errors.js';
import type { ErrorName } from '../../protocol/errors.js';

/** How Figma words what its API throws: "in set_fills: …". */
const FIGMAS_WORDS = /^in [\w.]+: (.+)/;

const MOST_CHARACTERS = 120;

/**
 * The error for a change that Figma refused.
 *
 * @param what What was being done, to follow "did not let the plugin".
 */
export function refusedByFigma(cause: unknown, what: string): CodedError {
  const hint = 'Check that you may edit this file and that it is not inside a component of a library.';
  return refusal('NODE_READ_ONLY', cause, what, hint);
}

/**
 * The error for a call that failed without anything being changed.
 *
 * @param what As above.
 * @returns undefined for what Figma did not throw: that is ours.
 */
export function failedInFigma(cause: unknown, what: string): CodedError | undefined {
  if (readWords(cause) === undefined) return undefined;
  const hint = 'Try again; if it happens again, close the plugin and open it anew.';
  return refusal('FIGMA_FAILED', cause, what, hint);
}

/** @returns What Figma said, to end a sentence with; nothing when it said nothing. */
export function quote(cause: unknown): string {
  const words = readWords(cause);
  return words === undefined ? '' : `: “${words.slice(0, MOST_CHARACTERS)}”`;
}

function refusal(code: ErrorName, cause: unknown, what: string, hint: string): CodedError {
  const message = `Figma did not let the plugin ${what}${quote(cause)}.`;
  return goneMeanwhile(cause) ?? new CodedError(code, message, hint, { cause });
}

function goneMeanwhile(cause: unknown): CodedError | undefined {
  if (!/node.* does not exist/.test(readWords(cause) ?? '')) return undefined;
  return new CodedError(
    'NODE_GONE',
    'A layer was deleted while the plugin was at work on it.',
    'Select the image again, then repeat it.',
    { cause },
  );
}

function readWords(cause: unknown): string | undefined {
  return cause instanceof Error ? FIGMAS_WORDS.exec(cause.message)?.[1] : undefined;
}
