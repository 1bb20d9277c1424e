/**
 * A font whose letters are bars, about as wide as the letters of Inter. Pictures of a page set in it show where
 * words are, how long and in which colour, and are the same whatever fonts a machine has.
 *
 * @source OpenType 1.9: only the tables that a browser insists on.
 */

const UNITS_PER_EM = 1000;
const ASCENT = 800;
const DESCENT = 200;
/** Bars reach into each other, or hairlines between them would come and go. */
const OVERLAP = 40;

interface Glyph {
  readonly advance: number;
  /** Top of the bar above the baseline; 0 draws nothing. */
  readonly height: number;
  readonly characters: RegExp;
}

/** Lower-case letters, capitals and digits: what a word looks like from afar. The first one that fits counts. */
const GLYPHS: readonly Glyph[] = [
  { advance: 500, height: 0, characters: /^$/ },
  { advance: 280, height: 0, characters: /[ \u00a0]/ },
  { advance: 280, height: 500, characters: /[iljt.,:;!|'()[\]]/ },
  { advance: 860, height: 500, characters: /[mw]/ },
  { advance: 680, height: 700, characters: /[A-Z0-9]/ },
  { advance: 560, height: 500, characters: /./ },
];
const FALLBACK = GLYPHS.length - 1;
/** Of the basic plane; pictures and signs beyond need no bar. */
const LAST_CHARACTER = 0xd7ff;

/**
 * @param weight 600 makes the bars taller, so that bold words look different.
 * @returns A TrueType file.
 */
export function makeBarFont(weight: 400 | 600): Uint8Array {
  const taller = weight === 600 ? 100 : 0;
  const outlines = GLYPHS.map(({ advance, height }) => bar(advance + OVERLAP, height && height + taller));
  const glyf = Buffer.concat(outlines);
  const ends = outlines.map((_, i) => outlines.slice(0, i + 1).reduce((sum, { length }) => sum + length, 0));
  return assemble({
    'OS/2': os2(weight),
    cmap: cmap(),
    glyf,
    head: head(),
    hhea: hhea(),
    hmtx: numbers('H', ...GLYPHS.flatMap(({ advance }) => [advance, 0])),
    loca: numbers('I', 0, ...ends),
    maxp: numbers('IHHHHHHHHHHHHHH', 0x10000, GLYPHS.length, 4, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0),
    name: numbers('HHH', 0, 0, 6),
    post: numbers('IIHHIIIII', 0x30000, 0, 0, 0, 0, 0, 0, 0, 0),
  });
}

/** One rectangle, all of its corners on the curve. */
function bar(width: number, height: number): Buffer {
  if (height === 0) return Buffer.alloc(0);
  const onCurve = 1;
  const header = numbers('HHHHH', 1, 0, 0, width, height);
  const corners = numbers('HHBBBB', 3, 0, onCurve, onCurve, onCurve, onCurve);
  // Up, right and down again: the steps in x, then those in y.
  const moves = numbers('H', 0, 0, width, 0, 0, height, 0, -height);
  return Buffer.concat([header, corners, moves]);
}

/** Format 13 maps a whole range of characters to one glyph. */
function cmap(): Buffer {
  const groups: number[] = [];
  for (let code = 0x20; code <= 0xa0; code++) {
    const character = String.fromCharCode(code);
    groups.push(
      code,
      code,
      GLYPHS.findIndex(({ characters }) => characters.test(character)),
    );
  }
  groups.push(0xa1, LAST_CHARACTER, FALLBACK);
  const table = numbers('HHIIII', 13, 0, 16 + 4 * groups.length, 0, groups.length / 3, ...groups);
  return Buffer.concat([numbers('HHHHI', 0, 1, 3, 10, 12), table]);
}

function head(): Buffer {
  const dates = [0, 0, 0, 0];
  const box = [0, 0, UNITS_PER_EM, ASCENT];
  const longOffsets = 1;
  return numbers(
    'IIIIHHIIIIHHHHHHHHH',
    ...[0x10000, 0x10000, 0, 0x5f0f3cf5, 0, UNITS_PER_EM, ...dates, ...box, 0, 8, 2, longOffsets, 0],
  );
}

function hhea(): Buffer {
  const rest = [UNITS_PER_EM, 0, 0, UNITS_PER_EM, 1, 0, 0, 0, 0, 0, 0, 0, GLYPHS.length];
  return numbers('IHHHHHHHHHHHHHHHH', 0x10000, ASCENT, -DESCENT, 0, ...rest);
}

function os2(weight: number): Buffer {
  const scripts = Array<number>(10).fill(0);
  return Buffer.concat([
    numbers('HHHHH', 4, 560, weight, 5, 0),
    numbers('H', ...scripts, 0),
    numbers('B', ...Array<number>(10).fill(0)),
    numbers('I', 0, 0, 0, 0, 0),
    numbers('H', 0x40, 0x20, LAST_CHARACTER, ASCENT, -DESCENT, 0, ASCENT, DESCENT),
    numbers('I', 0, 0),
    numbers('H', 500, 700, 0, 0x20, 1),
  ]);
}

/** The directory, then the tables, each on a multiple of four bytes. */
function assemble(tables: Readonly<Record<string, Buffer>>): Uint8Array {
  const entries = Object.entries(tables);
  const power = Math.floor(Math.log2(entries.length));
  const range = 16 * 2 ** power;
  const header = numbers('IHHHH', 0x10000, entries.length, range, power, 16 * entries.length - range);
  let offset = header.length + 16 * entries.length;
  const directory = entries.map(([tag, { length }]) => {
    const entry = Buffer.concat([Buffer.from(tag.padEnd(4)), numbers('III', 0, offset, length)]);
    offset += Math.ceil(length / 4) * 4;
    return entry;
  });
  const padded = entries.map(([, table]) => Buffer.concat([table, Buffer.alloc(-table.length & 3)]));
  return Buffer.concat([header, ...directory, ...padded]);
}

/**
 * Big-endian numbers: B has one byte, H two, I four; negative ones as their complement.
 *
 * @param layout A letter a number; the last letter stands for all that follow.
 */
function numbers(layout: string, ...values: readonly number[]): Buffer {
  const sizes = { B: 1, H: 2, I: 4 } as const;
  return Buffer.concat(
    values.map((value, i) => {
      const size = sizes[(layout[i] ?? layout.at(-1)) as keyof typeof sizes];
      const bytes = Buffer.alloc(size);
      bytes.writeUIntBE(value < 0 ? value + 2 ** (8 * size) : value, 0, size);
      return bytes;
    }),
  );
}
