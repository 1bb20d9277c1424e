/** How an error travels, in a JSON-RPC answer and in an HTTP one alike. */
import { CodedError, ERROR_NUMBERS } from './errors.js';
import type { ErrorName } from './errors.js';

/** An error as it crosses the wire: never a stack, a cause or a path. */
export interface WireError {
  readonly code: number;
  readonly message: string;
  readonly data: {
    readonly name: ErrorName;
    readonly hint: string;
    readonly requestId?: string;
    /** With BUSY and DEADLINE: when asking again is worth while. */
    readonly retryAfterMs?: number;
  };
}

/**
 * Error → wire form. What is not a CodedError says nothing about itself.
 *
 * @param requestId What the log calls the request.
 */
export function wireError(error: unknown, requestId?: string): WireError {
  const { code, message, hint, retryAfterMs } =
    error instanceof CodedError
      ? error
      : new CodedError('INTERNAL', 'The sidecar met an error of its own.', 'Its log says more; try again.');
  const data = {
    ...{ name: code, hint },
    ...(requestId !== undefined && { requestId }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
  return { code: ERROR_NUMBERS[code], message, data };
}

/** Wire form → CodedError. A name that this side does not know yet becomes INTERNAL and keeps its words. */
export function errorFromWire(message: string, data: unknown): CodedError {
  const { name, hint, requestId, retryAfterMs } = (data ?? {}) as Readonly<Record<string, unknown>>;
  const known = typeof name === 'string' && Object.hasOwn(ERROR_NUMBERS, name);
  return new CodedError(
    known ? (name as ErrorName) : 'INTERNAL',
    message,
    typeof hint === 'string' ? hint : 'Update this client; the sidecar is newer.',
    {
      requestId: isRequestId(requestId) ? requestId : undefined,
      retryAfterMs: typeof retryAfterMs === 'number' && retryAfterMs >= 0 ? retryAfterMs : undefined,
    },
  );
}

/** It is shown, so that what is no such thing had better not be. */
function isRequestId(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{1,36}$/.test(value);
}
