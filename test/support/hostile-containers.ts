/** Image files put together by hand, for what no library would write: sizes that lie, endless lists, floods of chunks. */
import { crc32, deflateSync, constants } from 'node:zlib';

export interface PngParts {
  readonly width: number;
  readonly height: number;
  /** 0 grey, 2 RGB, 6 RGBA. */
  readonly colourType?: number;
  readonly bits?: number;
  readonly interlaced?: boolean;
  /** Compressed pixels; nothing but zeros of the right length when left out. */
  readonly pixels?: Buffer;
  /** Chunks before the pixels. */
  readonly chunks?: readonly Buffer[];
}

const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 6: 4 };

export function png(parts: PngParts): Buffer {
  const { width, height, colourType = 2, bits = 8, interlaced = false, chunks = [] } = parts;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([bits, colourType, 0, 0, Number(interlaced)], 8);
  const rowBytes = 1 + Math.ceil((width * CHANNELS[colourType]! * bits) / 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    pngChunk('IHDR', header),
    ...chunks,
    pngChunk('IDAT', parts.pixels ?? zeros(rowBytes * height)),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

export function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  return Buffer.concat([uint32(data.length), body, uint32(crc32Of(body))]);
}

/**
 * Zeros as zlib compresses them, a thousand to one, without making them all first.
 *
 * @source RFC 1950: the checksum of n zeros is n mod 65521 above 1.
 */
export function zeros(length: number): Buffer {
  const block = 1 << 20;
  const flush = { finishFlush: constants.Z_FULL_FLUSH, level: 9 };
  const whole = deflateSync(Buffer.alloc(block), flush).subarray(2);
  const rest = deflateSync(Buffer.alloc(length % block), { level: 9 }).subarray(2, -4);
  const checksum = (((length % 65521) << 16) | 1) >>> 0;
  return Buffer.concat([
    Buffer.from([0x78, 0xda]),
    ...Array<Buffer>(Math.floor(length / block)).fill(whole),
    rest,
    uint32(checksum),
  ]);
}

export interface GifParts {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  /** Of each frame. */
  readonly frameWidth?: number;
  readonly frameHeight?: number;
}

/** Every frame is one pixel of data, whatever its size is said to be. */
export function gif({ width, height, frames, frameWidth = width, frameHeight = height }: GifParts): Buffer {
  const screen = Buffer.alloc(13);
  screen.write('GIF89a', 'latin1');
  screen.writeUInt16LE(width, 6);
  screen.writeUInt16LE(height, 8);
  screen[10] = 0x80;
  const frame = Buffer.from([0x2c, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x02, 0x44, 0x01, 0x00]);
  frame.writeUInt16LE(frameWidth, 5);
  frame.writeUInt16LE(frameHeight, 7);
  const colours = Buffer.from([0, 0, 0, 255, 255, 255]);
  return Buffer.concat([screen, colours, ...Array<Buffer>(frames).fill(frame), Buffer.from([0x3b])]);
}

/** @param still A lossless WebP, of which each frame has the pixels. */
export function animatedWebp(still: Buffer, width: number, height: number, frames: number): Buffer {
  const pixels = still.subarray(12);
  const extended = Buffer.alloc(10);
  extended[0] = 0x02;
  extended.writeUIntLE(width - 1, 4, 3);
  extended.writeUIntLE(height - 1, 7, 3);
  const frameHead = Buffer.alloc(16);
  frameHead.writeUIntLE(width - 1, 6, 3);
  frameHead.writeUIntLE(height - 1, 9, 3);
  const frame = riffChunk('ANMF', Buffer.concat([frameHead, pixels]));
  return riff([
    riffChunk('VP8X', extended),
    riffChunk('ANIM', Buffer.alloc(6)),
    ...Array<Buffer>(frames).fill(frame),
  ]);
}

export function riff(chunks: readonly Buffer[]): Buffer {
  const body = Buffer.concat([Buffer.from('WEBP', 'latin1'), ...chunks]);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(body.length);
  return Buffer.concat([Buffer.from('RIFF', 'latin1'), size, body]);
}

export function riffChunk(type: string, data: Buffer): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(data.length);
  return Buffer.concat([Buffer.from(type, 'latin1'), size, data, Buffer.alloc(data.length % 2)]);
}

/** Tag, type (3 short, 4 long), count, value or offset. */
export type TiffEntry = readonly [tag: number, type: number, count: number, value: number];

export function tiff(directories: readonly { entries: readonly TiffEntry[]; next: number }[]): Buffer {
  const parts = directories.map(({ entries, next }) => {
    const part = Buffer.alloc(2 + 12 * entries.length + 4);
    part.writeUInt16LE(entries.length);
    entries.forEach(([tag, type, count, value], i) => {
      const at = 2 + 12 * i;
      part.writeUInt16LE(tag, at);
      part.writeUInt16LE(type, at + 2);
      part.writeUInt32LE(count, at + 4);
      part.writeUInt32LE(value, at + 8);
    });
    part.writeUInt32LE(next, part.length - 4);
    return part;
  });
  return Buffer.concat([Buffer.from([0x49, 0x49, 0x2a, 0x00, 8, 0, 0, 0]), ...parts]);
}

/** What a grey TIFF of a size says of itself; its pixels lie at the file's begin. */
export function tiffEntries(width: number, height: number, stripBytes: number): TiffEntry[] {
  return [
    [256, 4, 1, width],
    [257, 4, 1, height],
    [258, 3, 1, 8],
    [259, 3, 1, 1],
    [262, 3, 1, 1],
    [273, 4, 1, 8],
    [277, 3, 1, 1],
    [278, 4, 1, height],
    [279, 4, 1, stripBytes],
  ];
}

/** Puts segments right after a JPEG's first marker. */
export function withJpegSegments(jpeg: Buffer, marker: number, data: readonly Buffer[]): Buffer {
  const segments = data.map((part) => {
    const head = Buffer.from([0xff, marker, 0, 0]);
    head.writeUInt16BE(part.length + 2, 2);
    return Buffer.concat([head, part]);
  });
  return Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]);
}

/** Overwrites what follows a mark, if the file has it. */
export function patchAfter(file: Buffer, mark: Buffer, skip: number, bytes: Buffer): Buffer {
  const patched = Buffer.from(file);
  const at = patched.indexOf(mark);
  if (at >= 0) bytes.copy(patched, at + mark.length + skip);
  return patched;
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function crc32Of(bytes: Buffer): number {
  return crc32(bytes) >>> 0;
}
