/** How HTTP says no: a status for the machine, and the same JSON that a JSON-RPC error carries for the person. */
import { STATUS_CODES } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ErrorName } from '../../protocol/errors.js';
import { CodedError } from '../../protocol/errors.js';
import { wireError } from '../../protocol/wire-error.js';

/** Errors that are not simply a bad request (400). */
const STATUSES: Partial<Record<ErrorName, number>> = {
  PAIRING_NEEDED: 401,
  PAIRING_CODE_WRONG: 403,
  ORIGIN_REFUSED: 403,
  HOST_REFUSED: 403,
  METHOD_UNKNOWN: 404,
  PAIRING_EXPIRED: 410,
  MESSAGE_TOO_LARGE: 413,
  IMAGE_TOO_LARGE: 413,
  BUSY: 429,
  CANCELLED: 499,
  INTERNAL: 500,
  FILE_READ: 503,
  FILE_WRITE: 503,
  SHUTTING_DOWN: 503,
  DEADLINE: 503,
};

/** When it is worth asking again, where the error does not know better. */
const RETRY_AFTER_MS = 10_000;

/** The whole answer to a request that failed with `error`. */
function errorResponse(
  error: unknown,
  requestId: string,
): {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
} {
  const name = error instanceof CodedError ? error.code : 'INTERNAL';
  const status = STATUSES[name] ?? 400;
  const body = JSON.stringify({ error: wireError(error, requestId) });
  const headers: Record<string, string> = {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(body)),
    'Cache-Control': 'no-store',
  };
  if (status === 401) headers['WWW-Authenticate'] = 'Bearer';
  if (status === 429 || status === 503) {
    const { retryAfterMs = RETRY_AFTER_MS } = error as Partial<CodedError>;
    headers['Retry-After'] = String(Math.ceil(retryAfterMs / 1000));
  }
  return { status, headers, body };
}

/** Answers an ordinary request. */
export function sendError(response: ServerResponse, error: unknown, requestId: string): void {
  const { status, headers, body } = errorResponse(error, requestId);
  response.writeHead(status, headers).end(body);
}

/** Answers an upgrade request, whose bare socket has no response object. */
export function refuseUpgrade(socket: Duplex, error: unknown, requestId: string): void {
  const { status, headers, body } = errorResponse(error, requestId);
  const head = Object.entries({ Connection: 'close', ...headers }).map(
    ([key, value]) => `${key}: ${value}\r\n`,
  );
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head.join('')}\r\n${body}`);
}
