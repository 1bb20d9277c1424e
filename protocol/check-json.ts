/** A look at a JSON message before it is parsed. */
import { checkStructure } from './message-limits.js';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Refuses a message that holds more values or nests deeper than any of ours; a parser would make an object of
 * every two bytes of `[[],[],…]`. Whether the text is JSON at all is for the parser to say.
 *
 * @throws CodedError MESSAGE_TOO_LARGE.
 */
export function checkJson(text: string): void {
  let values = 1;
  let nesting = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(text, at);
        break;
      case OPEN_ARRAY:
      case OPEN_OBJECT:
        // The first item; each further one follows a comma, and each key is followed by a colon.
        checkStructure(++values, ++nesting);
        break;
      case CLOSE_ARRAY:
      case CLOSE_OBJECT:
        nesting--;
        break;
      case COMMA:
      case COLON:
        checkStructure(++values, nesting);
    }
  }
}

/** @returns Where the string that begins at `start` has its closing quote; the text's end when it has none. */
function endOfString(text: string, start: number): number {
  // Searched for rather than walked to: an image in base64 is one string of millions of characters.
  for (let quote = text.indexOf('"', start + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return quote;
  }
  return text.length;
}
