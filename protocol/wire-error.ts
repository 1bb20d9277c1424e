/** How an error travels, in a JSON-RPC answer and in an HTTP one alike. */
import { CodedError, ERROR_NUMBERS } from './errors.js';
import type { ErrorName } from './errors.js';

/** An error as it crosses the wire: never a stack, a cause or a path. */
export interface WireError {
  readonly code: number;
  readonly message: string;
  readonly data: { readonly name: ErrorName; readonly hint: string };
}

/** Error → wire form. What is not a CodedError says nothing about itself. */
export function wireError(error: unknown): WireError {
  const { code, message, hint } =
    error instanceof CodedError
      ? error
      : new CodedError('INTERNAL', 'The sidecar met an error of its own.', 'Its log says more; try again.');
  return { code: ERROR_NUMBERS[code], message, data: { name: code, hint } };
}

/** Wire form → CodedError. A name that this side does not know yet becomes INTERNAL and keeps its words. */
export function errorFromWire(message: string, data: unknown): CodedError {
  const { name, hint } = (data ?? {}) as { name?: unknown; hint?: unknown };
  const known = typeof name === 'string' && Object.hasOwn(ERROR_NUMBERS, name);
  return new CodedError(
    known ? (name as ErrorName) : 'INTERNAL',
    message,
    typeof hint === 'string' ? hint : 'Update this client; the sidecar is newer.',
  );
}
