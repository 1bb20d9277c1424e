/**
 * How a sidecar proves that it knows a client before the client gives it its token: whoever else has taken the port
 * knows nothing. Both sides hold a key that the token is not needed for, its SHA-256.
 *
 * 1. The client sends its key's name, which tells nothing about the key, and a nonce.
 * 2. The sidecar answers with a code over the nonce and the port that it listens on, which somebody else who hands the
 *    question on to it does not.
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`));

export const proveRequestSchema = z.object({ client: hex(32), nonce: hex(16) });
export const proveResponseSchema = z.object({ proof: hex(32) });

/** @returns A token's key, in hex: all that a sidecar keeps of it. */
function tokenKey(token: string): string {
  return bytesToHex(sha256(utf8ToBytes(token)));
}

/** @returns What a client is called by its key, in hex. */
export function keyName(key: string): string {
  return codeOver(key, 'cutline client');
}

/** @returns What only a sidecar that knows the key can answer, in hex. */
export function proofOf(key: string, nonce: string, port: number): string {
  return codeOver(key, `cutline sidecar ${port} ${nonce}`);
}

/** What a client asks with, and how it judges the answer. */
export interface Challenge {
  readonly request: z.infer<typeof proveRequestSchema>;
  isMetBy(answer: unknown): boolean;
}

/**
 * @param nonce 16 random bytes in hex, new at each call.
 * @param port Where the question goes.
 */
export function challenge(token: string, nonce: string, port: number): Challenge {
  const key = tokenKey(token);
  const proof = proofOf(key, nonce, port);
  return {
    request: { client: keyName(key), nonce },
    isMetBy: (answer) => proveResponseSchema.safeParse(answer).data?.proof === proof,
  };
}

function codeOver(key: string, text: string): string {
  return bytesToHex(hmac(sha256, hexToBytes(key), utf8ToBytes(text)));
}
