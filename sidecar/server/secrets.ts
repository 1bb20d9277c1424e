/** Random secrets, and how they are kept: hashed, and compared in constant time. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { sha256 } from '../../models/sha256-node.js';

/** Letters and digits that nobody mistakes for one another (Crockford's base32: no I, L, O or U). */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

const CODE_LENGTH = 8;

/** 256 random bits as 43 characters that need no escaping anywhere. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url');
}

/** 40 random bits as eight characters for a person to type. */
export function randomCode(): string {
  return Array.from(randomBytes(CODE_LENGTH), (byte) => ALPHABET[byte & 31]).join('');
}

/** What a person typed → the characters of a code: any case, with or without spaces and dashes. */
export function normaliseCode(typed: string): string {
  return typed.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
}

/** SHA-256 in hex: all that is ever stored of a secret. */
export function hashSecret(secret: string): string {
  return sha256(secret);
}

/** Compares two SHA-256 hashes in hex in constant time. */
export function sameHash(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(one, 'hex'), Buffer.from(other, 'hex'));
}
