/** The sidecar's HTTP routes: who may talk to it, and images too large for one message. */
import { imageUpload } from '../../protocol/methods.js';
import type { ImageInfo } from '../../protocol/method-parts.js';
import { httpErrorSchema, pairResponseSchema } from '../../protocol/pairing.js';
import { ticketResponseSchema, tokenResponseSchema } from '../../protocol/pairing.js';
import { errorFromWire } from '../../protocol/wire-error.js';

/** `fetch`, as far as it is used here. */
export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

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
  const answer = await postJson('/v1/ticket', {}, options, token);
  return ticketResponseSchema.parse(answer).ticket;
}

/** Sends an image that does not fit into one socket message. */
export async function uploadOverHttp(
  bytes: Uint8Array,
  token: string,
  options: HttpOptions,
): Promise<ImageInfo> {
  const answer = await post('/v1/images', bytes as BodyInit, 'application/octet-stream', options, token);
  return imageUpload.result.parse(answer).image;
}

function postJson(path: string, body: object, options: HttpOptions, token?: string): Promise<unknown> {
  return post(path, JSON.stringify(body), 'application/json', options, token);
}

async function post(
  path: string,
  body: BodyInit,
  type: string,
  { fetch, origin, signal }: HttpOptions,
  token?: string,
): Promise<unknown> {
  const headers: Record<string, string> = { 'Content-Type': type };
  if (token !== undefined) headers['Authorization'] = `Bearer ${token}`;
  const response = await fetch(origin + path, { method: 'POST', headers, body, signal: signal ?? null });
  const answer: unknown = await response.json();
  if (!response.ok) {
    const { error } = httpErrorSchema.parse(answer);
    throw errorFromWire(error.message, error.data);
  }
  return answer;
}
