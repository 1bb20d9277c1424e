/** Two hundred image files that mean harm, or are broken as files break. The same ones for the same seed. */
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { seededRandom } from '../../sidecar/eval/seeded-random.js';
import {
  animatedWebp,
  gif,
  patchAfter,
  png,
  pngChunk,
  riff,
  riffChunk,
  tiff,
  tiffEntries,
  uint32,
  withJpegSegments,
  zeros,
} from './hostile-containers.js';

export interface HostileImage {
  readonly name: string;
  /** Some take seconds to draw, and some 15 MB to keep. */
  readonly draw: () => Promise<Buffer>;
}

type Format = 'png' | 'gif' | 'webp' | 'tiff' | 'avif' | 'jpeg';
type Bases = Readonly<Record<Format, Buffer>>;
const FORMATS: readonly Format[] = ['png', 'gif', 'webp', 'tiff', 'avif', 'jpeg'];
const BASE = { width: 96, height: 64 };
const HOSTILE_COUNT = 200;

/** @param seed Decides where files are cut and which of their bits are flipped. */
export async function drawHostileImages(seed: number): Promise<HostileImage[]> {
  const random = seededRandom(seed);
  const bases = await drawBases(random);
  const made = {
    bomb: bombs(),
    animation: animations(),
    'wrong size': wrongSizes(bases),
    disguise: disguises(),
    directory: directories(),
    chunk: floods(bases),
    extreme: extremes(),
    polyglot: polyglots(bases),
    cut: cuts(bases, random),
    flipped: flips(bases, random),
  };
  const named = Object.entries(made).flatMap(([family, files]) =>
    Object.entries(files).map(([name, file]) => hostile(`${family}: ${name}`, file)),
  );
  // As many of the family that there can be any number of as are missing.
  for (let i = 0; named.length < HOSTILE_COUNT; i++) {
    const format = FORMATS[i % FORMATS.length]!;
    const noise = Buffer.from(Array.from({ length: 4000 }, () => Math.floor(256 * random())));
    bases[format].copy(noise, 0, 0, 16 + (i % 5) * 12);
    named.push(hostile(`noise: ${format} ${i}`, noise));
  }
  return named.slice(0, HOSTILE_COUNT);
}

type File = Buffer | (() => Buffer | Promise<Buffer>);
type Files = Readonly<Record<string, File>>;

function hostile(name: string, file: File): HostileImage {
  return { name, draw: async () => (typeof file === 'function' ? file() : file) };
}

async function drawBases(random: () => number): Promise<Bases> {
  const { width, height } = BASE;
  const data = Uint8Array.from({ length: 3 * width * height }, (_, i) => (i % 251) * 0.7 + 70 * random());
  const image = () => sharp(data, { raw: { width, height, channels: 3 } });
  return {
    png: await image().png().toBuffer(),
    gif: await image().gif().toBuffer(),
    webp: await image().webp({ lossless: true }).toBuffer(),
    tiff: await image().tiff({ compression: 'lzw' }).toBuffer(),
    avif: await image().avif().toBuffer(),
    jpeg: await image().jpeg().toBuffer(),
  };
}

/** Small files of many pixels: above the limit, just below it, and above it without saying so. */
function bombs(): Files {
  const side = { width: 6300, height: 6300 };
  const still = (format: 'webp' | 'jpeg' | 'tiff' | 'avif' | 'gif', size = side) =>
    sharp({ create: { ...size, channels: 3, background: 'teal' }, limitInputPixels: false })
      .toFormat(format, { effort: 0, ...(format === 'webp' && { lossless: true }) })
      .toBuffer();
  return {
    'a PNG of 602 KB that would be 689 MB': () => png({ width: 24_000, height: 9_570 }),
    'a PNG that hides as much behind a small size': () =>
      png({
        width: 500,
        height: 500,
        pixels: zeros(689_000_000),
      }),
    'a PNG at the limit': () => png(side),
    'a PNG at the limit, 16 bits with transparency': () => png({ ...side, colourType: 6, bits: 16 }),
    'a PNG at the limit, interlaced': () => png({ ...side, colourType: 6, bits: 16, interlaced: true }),
    'a PNG above the limit by one row': () => png({ width: 8000, height: 5001, colourType: 0 }),
    'a PNG of one bit a pixel': () =>
      png({
        width: 200_000,
        height: 200_000,
        colourType: 0,
        bits: 1,
        pixels: zeros(1e6),
      }),
    'a GIF screen': () => gif({ width: 65_535, height: 65_535, frames: 1 }),
    'a GIF frame outside of its screen': () =>
      gif({
        width: 10,
        height: 10,
        frames: 1,
        frameWidth: 65_535,
        frameHeight: 65_535,
      }),
    'a GIF at the limit': () => gif({ ...side, frames: 1 }),
    'a WebP at the limit': () => still('webp'),
    'a JPEG at the limit': () => still('jpeg'),
    'a TIFF at the limit': () => still('tiff'),
    'an AVIF at the limit': () => still('avif', { width: 6300, height: 6300 }),
    'an AVIF of 20 megapixels': () => still('avif', { width: 5000, height: 4000 }),
  };
}

function animations(): Files {
  const still = (width: number, height: number) =>
    sharp({ create: { width, height, channels: 4, background: '#12345680' } })
      .webp({ lossless: true })
      .toBuffer();
  return {
    'a GIF of 5,000 frames': () => gif({ width: 64, height: 64, frames: 5000 }),
    'a GIF of 5,000 large frames': () => gif({ width: 4000, height: 4000, frames: 5000 }),
    'a GIF of 100,000 frames': () => gif({ width: 20, height: 20, frames: 100_000 }),
    'a WebP of 5,000 frames': async () => animatedWebp(await still(64, 64), 64, 64, 5000),
    'a WebP of 5,000 large frames': async () => animatedWebp(await still(3000, 3000), 3000, 3000, 5000),
    'a WebP whose frames do not fit': async () => animatedWebp(await still(64, 64), 4000, 4000, 20),
  };
}

/** Sizes that the pixels do not bear out. */
function wrongSizes({ png: pngBase, gif: gifBase, webp, jpeg, tiff: tiffBase, avif }: Bases): Files {
  const sof = Buffer.from([0xff, 0xc0]);
  const be16 = (...values: number[]) => Buffer.from(values.flatMap((value) => [value >> 8, value & 255]));
  const le16 = (...values: number[]) => Buffer.from(values.flatMap((value) => [value & 255, value >> 8]));
  const ihdr = Buffer.from('IHDR');
  const sizes = { small: 8, 'far too large': 65_535, large: 6000 };
  const files: Record<string, Buffer> = {};
  for (const [what, side] of Object.entries(sizes)) {
    files[`PNG, ${what}`] = patchAfter(pngBase, ihdr, 0, Buffer.concat([uint32(side), uint32(side)]));
    files[`GIF, ${what}`] = patchAfter(gifBase, Buffer.from('GIF89a'), 0, le16(side, side));
    files[`WebP, ${what}`] = patchAfter(webp, Buffer.from('VP8L'), 5, uint32(side * 0x10001));
    files[`JPEG, ${what}`] = patchAfter(jpeg, sof, 3, be16(side, side));
    files[`TIFF, ${what}`] = patchAfter(tiffBase, le16(256, 3, 1, 0), 0, le16(side));
    files[`AVIF, ${what}`] = patchAfter(
      avif,
      Buffer.from('ispe'),
      4,
      Buffer.concat([uint32(side), uint32(side)]),
    );
  }
  return files;
}

/** What reaches out or has no end, behind the first bytes of an image. */
function disguises(): Files {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="100" height="100">' +
    '<image width="100" height="100" xlink:href="file:///etc/passwd"/>' +
    '<image width="100" height="100" href="http://127.0.0.1:9/leak.png"/></svg>';
  const xml =
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">' +
    `<!ENTITY d SYSTEM "file:///etc/passwd">]>${svg.replace('<svg', '<svg data-c="&c;&d;"')}`;
  const pdf =
    '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction<</S/URI/URI(http://127.0.0.1:9/)>>>>endobj';
  const fronts: Readonly<Record<string, string>> = {
    nothing: '',
    PNG: '\x89PNG\r\n\x1a\n',
    GIF: 'GIF89a',
    JPEG: '\xff\xd8\xff\xe0',
    'little TIFF': 'II\x2a\x00',
    'big TIFF': 'MM\x00\x2a',
    AVIF: '\x00\x00\x00\x1cftypavif',
  };
  const files: Record<string, Buffer> = {};
  for (const [what, text] of Object.entries({ SVG: svg, XML: xml, PDF: pdf })) {
    for (const [front, mark] of Object.entries(fronts)) {
      files[`${what} behind ${front}`] = Buffer.from(mark + text, 'latin1');
    }
    // The mark of a WebP is eight bytes in, where a comment hides it.
    files[`${what} with the mark of a WebP`] = Buffer.from(`<!--    WEBP-->${text}`, 'latin1');
  }
  return files;
}

/** TIFFs whose lists of directories have no end, or point where there is nothing. */
function directories(): Files {
  const entries = tiffEntries(64, 64, 4096);
  const room = Buffer.alloc(4096, 0x55);
  const one = 2 + 12 * entries.length + 4;
  const huge = (tag: number, type: number): [number, number, number, number] => [tag, type, 0xffffffff, 8];
  return {
    'the next is itself': Buffer.concat([tiff([{ entries, next: 8 }]), room]),
    'two in a ring': Buffer.concat([
      tiff([
        { entries, next: 8 + one },
        { entries, next: 8 },
      ]),
      room,
    ]),
    'the next is beyond the end': Buffer.concat([tiff([{ entries, next: 0xfffffff0 }]), room]),
    'the next is inside of itself': Buffer.concat([tiff([{ entries, next: 10 }]), room]),
    '20,000 of them': Buffer.concat([
      tiff(Array.from({ length: 20_000 }, (_, i) => ({ entries, next: 8 + one * (i + 1) }))),
      room,
    ]),
    'a list below that is itself': Buffer.concat([
      tiff([{ entries: [...entries, [330, 4, 1, 8]], next: 0 }]),
      room,
    ]),
    'EXIF that is itself': Buffer.concat([
      tiff([{ entries: [...entries, [34665, 4, 1, 8]], next: 0 }]),
      room,
    ]),
    'more strips than bytes': Buffer.concat([
      tiff([{ entries: entries.map((entry) => (entry[0] === 273 ? huge(273, 4) : entry)), next: 0 }]),
      room,
    ]),
    'a palette without end': Buffer.concat([tiff([{ entries: [...entries, huge(320, 3)], next: 0 }]), room]),
    'a profile without end': Buffer.concat([
      tiff([{ entries: [...entries, huge(34675, 7)], next: 0 }]),
      room,
    ]),
    'no entry at all': tiff([{ entries: [], next: 0 }]),
    '40 megapixels in no bytes': tiff([{ entries: tiffEntries(6300, 6300, 6300 * 6300), next: 0 }]),
    'a strip of 4 GB': Buffer.concat([tiff([{ entries: tiffEntries(64, 64, 0xffffffff), next: 0 }]), room]),
    '1,000,000 samples a pixel': Buffer.concat([
      tiff([{ entries: entries.map((entry) => (entry[0] === 277 ? [277, 3, 1, 65_535] : entry)), next: 0 }]),
      room,
    ]),
  };
}

/** Much beside the pixels, in as much as a message may hold. */
function floods({ jpeg, webp }: Bases): Files {
  const large = () => Buffer.alloc(15_000_000, 0x41);
  const bomb = () => zeros(500_000_000);
  const size = { width: 64, height: 64 };
  const chunked = (...chunks: Buffer[]) => png({ ...size, chunks });
  const text = (type: string, data: Buffer, head = 'k\0') =>
    pngChunk(type, Buffer.concat([Buffer.from(head, 'latin1'), data]));
  const segment = Buffer.alloc(65_000, 0x42);
  return {
    'PNG text of 15 MB': () => chunked(text('tEXt', large())),
    'PNG text that unpacks to 500 MB': () => chunked(text('zTXt', bomb(), 'k\0\0')),
    'PNG international text that unpacks to 500 MB': () => chunked(text('iTXt', bomb(), 'k\0\x01\0\0\0')),
    'a PNG profile that unpacks to 500 MB': () => chunked(text('iCCP', bomb(), 'p\0\0')),
    'a PNG profile that is none': () => chunked(text('iCCP', deflateSync(Buffer.alloc(4000, 7)), 'p\0\0')),
    'PNG EXIF of 15 MB': () => chunked(pngChunk('eXIf', Buffer.concat([Buffer.from('MM\0\x2a'), large()]))),
    'PNG: 100,000 chunks': () => chunked(...Array<Buffer>(100_000).fill(text('tEXt', Buffer.from('x')))),
    'JPEG: 220 profiles': () =>
      withJpegSegments(
        jpeg,
        0xe2,
        Array<Buffer>(220).fill(Buffer.concat([Buffer.from('ICC_PROFILE\0\x01\xff', 'latin1'), segment])),
      ),
    'JPEG: 220 EXIFs': () =>
      withJpegSegments(
        jpeg,
        0xe1,
        Array<Buffer>(220).fill(
          Buffer.concat([Buffer.from('Exif\0\0MM\0\x2a\0\0\0\x08\xff\xff', 'latin1'), segment]),
        ),
      ),
    'JPEG EXIF that points at itself': () =>
      withJpegSegments(jpeg, 0xe1, [
        Buffer.from('Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x87\x69\0\x04\0\0\0\x01\0\0\0\x08\0\0\0\x08', 'latin1'),
      ]),
    'JPEG: 100,000 comments': () =>
      withJpegSegments(jpeg, 0xfe, Array<Buffer>(100_000).fill(Buffer.from('c'))),
    'a WebP profile of 15 MB': () =>
      riff([
        riffChunk('VP8X', Buffer.from([0x20, 0, 0, 0, 95, 0, 0, 63, 0, 0])),
        riffChunk('ICCP', large()),
        webp.subarray(12),
      ]),
  };
}

/** Nothing, a line, a hair. */
function extremes(): Files {
  const files: Record<string, Buffer> = {
    empty: Buffer.alloc(0),
    'one byte': Buffer.from([0x89]),
    'a TIFF of no size': tiff([{ entries: tiffEntries(0, 0, 0), next: 0 }]),
    'a GIF of no frames': gif({ width: 10, height: 10, frames: 0 }),
    'a GIF of no size': gif({ width: 0, height: 0, frames: 1 }),
  };
  const sizes: readonly (readonly [number, number])[] = [
    [0, 0],
    [0, 10],
    [10, 0],
    [1, 1],
    [1, 1_000_000],
    [1_000_000, 1],
    [40_000_000, 1],
    [8, 5_000_000],
    [5_000_000, 8],
    [0x7fffffff, 0x7fffffff],
    [0xffffffff, 0xffffffff],
  ];
  for (const [width, height] of sizes) {
    const isHuge = width * height > 1e8;
    files[`PNG ${width}×${height}`] = png({
      width,
      height,
      colourType: 0,
      ...(isHuge && { pixels: zeros(1000) }),
    });
  }
  return files;
}

/** One thing to one reader and another to the next. */
function polyglots(bases: Bases): Files {
  const script = Buffer.from('<script>fetch("http://127.0.0.1:9")</script>');
  const zip = Buffer.from('PK\x05\x06'.padEnd(22, '\0'), 'latin1');
  const files: Record<string, Buffer> = {
    'GIF and JavaScript': Buffer.concat([
      Buffer.from('GIF89a/*'),
      bases.gif.subarray(8),
      Buffer.from('*/=1;alert(1)'),
    ]),
    'PNG, then SVG': Buffer.concat([bases.png, Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')]),
    'JPEG, then PNG': Buffer.concat([bases.jpeg, bases.png]),
    'AVIF that calls itself HEIC': patchAfter(bases.avif, Buffer.from('ftypavif'), 4, Buffer.from('heic')),
  };
  for (const format of FORMATS) {
    files[`${format} and ZIP`] = Buffer.concat([bases[format], zip]);
    files[`${format} and HTML`] = Buffer.concat([bases[format], script]);
  }
  return files;
}

function cuts(bases: Bases, random: () => number): Files {
  const files: Record<string, Buffer> = {};
  for (const format of FORMATS) {
    for (let k = 0; k < 6; k++) {
      const length = Math.floor(bases[format].length * ((k + random()) / 6));
      files[`${format} after ${length} bytes`] = bases[format].subarray(0, length);
    }
  }
  return files;
}

function flips(bases: Bases, random: () => number): Files {
  const files: Record<string, Buffer> = {};
  for (const format of FORMATS) {
    for (let k = 0; k < 5; k++) {
      const damaged = Buffer.from(bases[format]);
      for (let i = 0; i < 1 << k; i++) {
        damaged[Math.floor(damaged.length * random())]! ^= 1 << Math.floor(8 * random());
      }
      files[`${format}, ${1 << k} bits, ${k}`] = damaged;
    }
  }
  return files;
}
