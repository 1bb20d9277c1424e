/** Base64 for binary fields in JSON messages; MessagePack carries bytes as they are. */

import { CodedError } from './errors.js';

/** Node's own coder, which is there in the sidecar and takes a fiftieth of the time: an image is megabytes. */
interface NativeCoder {
  from(text: string, encoding: 'base64'): Uint8Array<ArrayBuffer>;
  from(bytes: Uint8Array): { toString(encoding: 'base64'): string };
}
const nativeCoder = () => (globalThis as { readonly Buffer?: NativeCoder }).Buffer;

/** Bytes → base64. */
export function encodeBase64(bytes: Uint8Array): string {
  const native = nativeCoder();
  if (native) {
    const { buffer, byteOffset, byteLength } = bytes;
    return native.from(new Uint8Array(buffer, byteOffset, byteLength)).toString('base64');
  }
  return encodeAnywhere(bytes);
}

/**
 * Base64 → bytes.
 *
 * @throws CodedError PARSE when the text is anything else.
 */
export function decodeBase64(text: string): Uint8Array {
  const bytes = parseBase64(text);
  if (bytes) return bytes;
  throw new CodedError('PARSE', 'The text is not base64.', 'Send bytes as base64 in JSON.');
}

/**
 * As `decodeBase64`, for text that may be anything.
 *
 * @returns undefined when the text is anything else, the alphabet for URLs and spaces between included.
 */
export function parseBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || text.includes('-') || text.includes('_')) return undefined;
  const native = nativeCoder();
  const bytes = native ? decodeNatively(native, text) : decodeAnywhere(text);
  // Node's coder passes over what it does not know, which shows in the length.
  return bytes?.length === lengthOf(text) ? bytes : undefined;
}

/** How many bytes a text of whole groups of four stands for. */
function lengthOf(text: string): number {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return (text.length / 4) * 3 - padding;
}

function decodeNatively(coder: NativeCoder, text: string): Uint8Array {
  const { buffer, byteOffset, byteLength } = coder.from(text, 'base64');
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Works in chunks, since a call takes a limited number of arguments. */
function encodeAnywhere(bytes: Uint8Array): string {
  const chunk = 0x8000;
  let binary = '';
  for (let start = 0; start < bytes.length; start += chunk) {
    binary += String.fromCharCode(...bytes.subarray(start, start + chunk));
  }
  return btoa(binary);
}

function decodeAnywhere(text: string): Uint8Array | undefined {
  let binary: string;
  try {
    binary = atob(text);
  } catch {
    return undefined;
  }
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
