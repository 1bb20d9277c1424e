/** Names that nobody else has: for this window, and for an image by its bytes. */

import type { SourceImage } from './situation.js';

/** Sixteen random bytes: no two windows ever share a name. */
const VIEW_ID_BYTES = 16;

/** @returns A name for this window among all that may ask the sidecar: 32 hex digits, new at each call. */
export function createViewId(): string {
  return randomHex(VIEW_ID_BYTES);
}

export function randomHex(bytes: number): string {
  // Unlike randomUUID, this exists in insecure contexts too.
  return toHex(crypto.getRandomValues(new Uint8Array(bytes)));
}

/**
 * The image's id, so that a sidecar that knows it need not be sent it.
 *
 * @returns SHA-256 in hex; undefined in an insecure context, which cannot compute it.
 */
export async function hashBytes(bytes: Uint8Array): Promise<string | undefined> {
  const { subtle } = crypto as { subtle?: SubtleCrypto };
  if (!subtle) return undefined;
  return toHex(new Uint8Array(await subtle.digest('SHA-256', bytes as BufferSource)));
}

/** @returns Hashes an image once, however often it is asked for: an image is prepared anew with each connection. */
export function rememberHashes(hash: typeof hashBytes): (image: SourceImage) => Promise<string | undefined> {
  const hashes = new WeakMap<SourceImage, Promise<string | undefined>>();
  return (image) => {
    const known = hashes.get(image) ?? hash(image.bytes);
    hashes.set(image, known);
    return known;
  };
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
