/** The sidecar's HTTP routes: who may talk to it, and images too large for one message. */
import { imageUpload } from '../../protocol/methods.js';
import type { ImageInfo } from '../../protocol/method-parts.js';
import { httpErrorSchema, pairResponseSchema } from '../../protocol/pairing.js';
import { ticketResponseSchema, tokenResponseSchema } from '../../protocol/pairing.js';
import { z } from 'zod';
import { CodedError } from '../../protocol/errors.js';
import type { ErrorName } from '../../protocol/errors.js';
import { introduce } from '../../protocol/proof.js';
import { errorFromWire } from '../../protocol/wire-error.js';
import { randomHex } from './identity.js';

/** `fetch`, as far as it is used here. */
export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

const NONCE_BYTES = 16;
/** It takes no time, except when a machine that was busy or asleep has others before it. */
const PROOF_TIMEOUT_MS = 5_000;

export interface HttpOptions {
  readonly fetch: Fetch;
  /** `http://localhost:PORT`. */
  readonly origin: string;
  readonly signal?: AbortSignal;
}

/**
 * Asks for a pairing code; the sidecar shows it in its terminal.
 *
 * @param renews The pairing that is given up for it.
 * @returns The pairing to confirm, and how long the code holds.
 */
export async function askToPair(client: string, renews: string | undefined, options: HttpOptions) {
  return pairResponseSchema.parse(await postJson('/v1/pair', { client, renews }, options));
}

/** @throws CodedError PAIRING_CODE_WRONG, PAIRING_EXPIRED */
export async function confirmPairing(pairing: string, code: string, options: HttpOptions): Promise<string> {
  const answer = await postJson('/v1/pair/confirm', { pairing, code }, options);
  return tokenResponseSchema.parse(answer).token;
}

/**
 * Has a sidecar prove that it knows the client that has this token; the token stays here.
 *
 * @returns What to send as `Authorization`, with one request; undefined when it does not know us, or is none.
 * @throws CodedError, or what fetch throws, when it cannot tell just now.
 */
export async function introduceTo(token: string, options: HttpOptions): Promise<string | undefined> {
  const port = Number(new URL(options.origin).port);
  const { request, authorization } = introduce(token, randomHex(NONCE_BYTES), port);
  const timeout = AbortSignal.timeout(PROOF_TIMEOUT_MS);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  try {
    return authorization(await postJson('/v1/prove', request, { ...options, signal }));
  } catch (error) {
    if (error instanceof CodedError ? STRANGERS.includes(error.code) : isNonsense(error)) return undefined;
    throw error;
  }
}

/** Of a sidecar with other clients, and of one that cannot prove anything. */
const STRANGERS: readonly ErrorName[] = ['PAIRING_NEEDED', 'METHOD_UNKNOWN'];

/** Whatever answered, it was no sidecar. */
function isNonsense(error: unknown): boolean {
  return error instanceof SyntaxError || error instanceof z.ZodError;
}

/** Trades the one-time ticket in the address that `npm start` opened for a token. */
export async function redeemLaunch(ticket: string, options: HttpOptions): Promise<string> {
  return tokenResponseSchema.parse(await postJson('/v1/launch', { ticket }, options)).token;
}

/**
 * Gets a ticket for one socket.
 *
 * @throws CodedError PAIRING_NEEDED when the token is no longer good.
 */
export async function askForTicket(token: string, options: HttpOptions): Promise<string> {
  const answer = await postJson('/v1/ticket', {}, options, await authorize(token, options));
  return ticketResponseSchema.parse(answer).ticket;
}

/** Sends an image that does not fit into one socket message. */
export async function uploadOverHttp(
  bytes: Uint8Array,
  token: string,
  options: HttpOptions,
): Promise<ImageInfo> {
  const authorization = await authorize(token, options);
  const body = bytes as BodyInit;
  const answer = await post('/v1/images', body, 'application/octet-stream', options, authorization);
  return imageUpload.result.parse(answer).image;
}

/** @throws CodedError PAIRING_NEEDED when whatever answers does not know us any more. */
async function authorize(token: string, options: HttpOptions): Promise<string> {
  const authorization = await introduceTo(token, options);
  if (authorization !== undefined) return authorization;
  throw new CodedError('PAIRING_NEEDED', 'The sidecar does not know this client.', 'Pair it with the code.');
}

function postJson(
  path: string,
  body: object,
  options: HttpOptions,
  authorization?: string,
): Promise<unknown> {
  return post(path, JSON.stringify(body), 'application/json', options, authorization);
}

async function post(
  path: string,
  body: BodyInit,
  type: string,
  { fetch, origin, signal }: HttpOptions,
  authorization?: string,
): Promise<unknown> {
  const headers: Record<string, string> = { 'Content-Type': type };
  if (authorization !== undefined) headers['Authorization'] = authorization;
  const response = await fetch(origin + path, { method: 'POST', headers, body, signal: signal ?? null });
  const answer: unknown = await response.json();
  if (!response.ok) {
    const { error } = httpErrorSchema.parse(answer);
    throw errorFromWire(error.message, error.data);
  }
  return answer;
}
