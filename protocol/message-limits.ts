/** How much one message may hold, whatever its encoding, so that a small message cannot ask for much memory. */
import { CodedError } from './errors.js';

/** Deepest nesting accepted; the deepest message of ours has 8 levels. */
export const MAX_NESTING = 32;

/** Most masks of an image that a request may bring: those to go on from, to export, or to insert. */
export const MAX_FOUND_MASKS = 5000;
/** Longest name of one. */
export const MAX_NAME_CHARACTERS = 200;

/** Most values in one message, keys of objects and arrays themselves included. */
export const MAX_VALUES = 262_144;

/** @throws CodedError MESSAGE_TOO_LARGE when a message holds more values or nests deeper than any of ours. */
export function checkStructure(values: number, nesting: number): void {
  if (values <= MAX_VALUES && nesting <= MAX_NESTING) return;
  const excess =
    nesting > MAX_NESTING
      ? `is nested deeper than ${MAX_NESTING} levels`
      : `holds more than ${MAX_VALUES} values`;
  throw new CodedError('MESSAGE_TOO_LARGE', `The message ${excess}.`, 'Send less at a time.');
}
