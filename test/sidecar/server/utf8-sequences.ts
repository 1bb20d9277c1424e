/**
 * Byte sequences that are UTF-8, and that are not.
 *
 * @source Markus Kuhn, UTF-8 decoder capability and stress test, in the selection of crossbario/autobahn-testsuite.
 */

const KOSME = 'cebae1bdb9cf83cebcceb5';
const BEGUN = [
  'c0',
  'e080',
  'f08080',
  'f8808080',
  'fc80808080',
  'df',
  'efbf',
  'f7bfbf',
  'fbbfbfbf',
  'fdbfbfbfbf',
];
/** Lengths of the whole text's prefixes that end between characters. */
const WHOLE_PREFIXES = [2, 5, 7, 9, 11];

const bytes = (hex: string) => Buffer.from(hex, 'hex');

function span(first: number, end: number, between: readonly number[] = []): Buffer {
  return Buffer.from(Array.from({ length: end - first }, (_, i) => [first + i, ...between]).flat());
}

function prefixes(whole: boolean): Buffer[] {
  const text = bytes(KOSME);
  const lengths = Array.from(text, (_, i) => i + 1).filter(
    (length) => WHOLE_PREFIXES.includes(length) === whole,
  );
  return lengths.map((length) => text.subarray(0, length));
}

/** The last two code points of each plane are no characters, yet UTF-8. */
function nonCharacters(): Buffer[] {
  const planes = Array.from({ length: 17 }, (_, plane) => plane * 0x10000);
  return planes.flatMap((plane) =>
    [0xfffe, 0xffff].map((last) => Buffer.from(String.fromCodePoint(plane + last))),
  );
}

export const VALID_UTF8: readonly Buffer[] = [
  ...['68656c6c6f24776f726c64', '68656c6c6fc2a2776f726c64', '68656c6c6fe282ac776f726c64'].map(bytes),
  ...['68656c6c6ff0a4ada2776f726c64', KOSME].map(bytes),
  ...prefixes(true),
  ...['00', 'c280', 'e0a080', 'f0908080'].map(bytes),
  ...['7f', 'dfbf', 'efbfbf', 'f48fbfbf'].map(bytes),
  ...['ed9fbf', 'ee8080', 'efbfbd', 'f48fbfbf'].map(bytes),
  ...nonCharacters(),
  ...['efbfb9', 'efbfba', 'efbfbb', 'efbfbc', 'efbfbd', 'efbfbe', 'efbfbf'].map(bytes),
];

export const INVALID_UTF8: readonly Buffer[] = [
  ...prefixes(false),
  ...['f888808080', 'fc8480808080', 'f7bfbfbf', 'fbbfbfbfbf', 'fdbfbfbfbfbf', 'f4908080'].map(bytes),
  ...['80', 'bf', '80bf', '80bf80', '80bf80bf', '80bf80bf80', '80bf80bf80bf'].map(bytes),
  span(0x80, 0xbf),
  ...[span(0xc0, 0xdf, [0x20]), span(0xe0, 0xef, [0x20]), span(0xf0, 0xf7, [0x20])],
  ...[span(0xf8, 0xfb, [0x20]), span(0xfc, 0xfd, [0x20])],
  ...[...BEGUN, BEGUN.join('')].map(bytes),
  ...['fe', 'ff', 'fefeffff'].map(bytes),
  ...['c0af', 'e080af', 'f08080af', 'f8808080af', 'fc80808080af'].map(bytes),
  ...['c1bf', 'e09fbf', 'f08fbfbf', 'f887bfbfbf', 'fc83bfbfbfbf'].map(bytes),
  ...['c080', 'e08080', 'f0808080', 'f880808080', 'fc8080808080'].map(bytes),
  ...['eda080', 'edadbf', 'edae80', 'edafbf', 'edb080', 'edbe80', 'edbfbf'].map(bytes),
  ...['eda080edb080', 'eda080edbfbf', 'edadbfedb080', 'edadbfedbfbf'].map(bytes),
  ...['edae80edb080', 'edae80edbfbf', 'edafbfedb080', 'edafbfedbfbf'].map(bytes),
];
