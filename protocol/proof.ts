/**
 * How client and sidecar know each other again without the token being sent: whoever else has taken the sidecar's port, or
 * listens in between, gets nothing that is good for more than one request. Both sides hold the token's SHA-256, the key.
 *
 * 1. The client sends its key's name, which tells nothing about the key, and a nonce.
 * 2. The sidecar answers with a code over the nonce and its port, which somebody who hands the question on to it cannot
 *    have, and with a challenge.
 * 3. The client sends a code over the challenge and the port, in place of the token, with one request.
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`));

export const proveRequestSchema = z.object({ client: hex(32), nonce: hex(16) });
export const proveResponseSchema = z.object({
  proof: hex(32),
  challenge: z.string().regex(/^[\w-]{1,100}$/),
});

/** An `Authorization` header by proof: the challenge, and the code over it. */
export const PROOF_AUTHORIZATION = /^Proof ([\w-]{1,100}) ([0-9a-f]{64})$/;

/** What a client begins with, and what it goes on with. */
export interface Introduction {
  readonly request: z.infer<typeof proveRequestSchema>;
  /** @returns An `Authorization` header, good once; undefined when the answer is not that of a sidecar that knows us. */
  authorization(answer: unknown): string | undefined;
}

/**
 * @param nonce 16 random bytes in hex, new at each call.
 * @param port Where the question goes.
 */
export function introduce(token: string, nonce: string, port: number): Introduction {
  const key = tokenKey(token);
  return {
    request: { client: keyName(key), nonce },
    authorization(answer) {
      const { proof, challenge } = proveResponseSchema.safeParse(answer).data ?? {};
      if (challenge === undefined || proof !== proofOf(key, nonce, port)) return undefined;
      return `Proof ${challenge} ${answerOf(key, challenge, port)}`;
    },
  };
}

/** @returns What a client is called by its key, in hex. */
export function keyName(key: string): string {
  return codeOver(key, 'cutline name');
}

/** @returns What only a sidecar on this port that knows the key can say, in hex. */
export function proofOf(key: string, nonce: string, port: number): string {
  return codeOver(key, `cutline sidecar ${port} ${nonce}`);
}

/** @returns What only the client whose key it is can say to the sidecar on this port, in hex. */
export function answerOf(key: string, challenge: string, port: number): string {
  return codeOver(key, `cutline client ${port} ${challenge}`);
}

/** @returns A token's key, in hex: all that a sidecar keeps of it. */
export function tokenKey(token: string): string {
  return bytesToHex(sha256(utf8ToBytes(token)));
}

function codeOver(key: string, text: string): string {
  return bytesToHex(hmac(sha256, hexToBytes(key), utf8ToBytes(text)));
}
