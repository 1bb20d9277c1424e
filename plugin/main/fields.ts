/** Checks single values of a message. Each takes the value and its name in the message, and throws PARAMS_INVALID. */
import { CodedError } from '../../protocol/errors.js';

export type Fields = Readonly<Record<string, unknown>>;

export const UPDATE_HINT = 'Close the plugin and open it again; if that does not help, reinstall it.';

export function fields(value: unknown, name: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(name, 'an object');
  return value as Fields;
}

export function list(value: unknown, name: string, most: number): readonly unknown[] {
  if (!Array.isArray(value) || value.length > most) throw invalid(name, `a list of at most ${most}`);
  return value;
}

export function text(value: unknown, name: string, most = Infinity): string {
  if (typeof value !== 'string') throw invalid(name, 'a string');
  if (value.length > most) throw invalid(name, `a string of at most ${most} characters`);
  return value;
}

export function number(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw invalid(name, 'a finite number');
  return value;
}

export function positive(value: unknown, name: string): number {
  if (number(value, name) <= 0) throw invalid(name, 'above 0');
  return value as number;
}

/** Exactly `count` of them. */
export function numbers(value: unknown, name: string, count: number): readonly number[] {
  if (!Array.isArray(value) || value.length !== count) throw invalid(name, `a list of ${count} numbers`);
  return value.map((each, i) => number(each, `${name}[${i}]`));
}

export function bytes(value: unknown, name: string, most: number): Uint8Array {
  if (!(value instanceof Uint8Array) || value.length === 0 || value.length > most) {
    throw invalid(name, `1 to ${most} bytes`);
  }
  return value;
}

/** @param expected What it should have been, to follow "not". */
export function invalid(name: string, expected: string): CodedError {
  return new CodedError(
    'PARAMS_INVALID',
    `The plugin’s window sent a wrong ${name}: not ${expected}.`,
    UPDATE_HINT,
  );
}
