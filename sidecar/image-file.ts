/** What is known of an image file without decoding it. */
import { sha256 } from '../models/sha256-node.js';

/** Largest image file accepted, in bytes. */
export const MAX_IMAGE_BYTES = 25 * 1024 * 1024;
/** Most pixels an image may have. */
export const MAX_IMAGE_PIXELS = 40_000_000;

/** Content hash, lower-case hex; it is the image's id everywhere. */
export function hashImage(bytes: Uint8Array): string {
  return sha256(bytes);
}

/**
 * Bytes with a buffer of their own. A part of a message holds on to the whole of it, in memory and when it is sent to
 * another thread.
 */
export function ownBytes(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
}
