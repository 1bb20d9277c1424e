import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CodedError } from '../../protocol/errors.js';
import type { DecodePool } from '../../sidecar/engine/decode-pool.js';
import { drawHostileImages } from '../support/hostile-images.js';
import type { HostileImage } from '../support/hostile-images.js';
import { buildReader, startReader } from '../support/real-reader.js';
import type { BuiltScript } from '../support/built-script.js';

/** One of each kind and those that once did harm; the hard test has all two hundred. */
const TRIED = [
  'bomb: a PNG of 602 KB that would be 689 MB',
  'bomb: a PNG that hides as much behind a small size',
  'bomb: a GIF frame outside of its screen',
  'animation: a GIF of 5,000 frames',
  'animation: a WebP of 5,000 frames',
  'wrong size: PNG, large',
  'wrong size: AVIF, far too large',
  'disguise: SVG behind nothing',
  'disguise: SVG with the mark of a WebP',
  'disguise: PDF behind PNG',
  'disguise: XML behind big TIFF',
  'directory: the next is itself',
  'directory: EXIF that is itself',
  'directory: a strip of 4 GB',
  'chunk: PNG international text that unpacks to 500 MB',
  'chunk: a PNG profile that unpacks to 500 MB',
  'chunk: JPEG EXIF that points at itself',
  'extreme: empty',
  'extreme: PNG 0×0',
  'extreme: PNG 40000000×1',
  'polyglot: GIF and JavaScript',
];

describe('a process that reads what means harm', () => {
  let script: BuiltScript;
  let hostile: ReadonlyMap<string, HostileImage>;
  let good: Uint8Array;

  beforeAll(async () => {
    script = await buildReader();
    hostile = new Map((await drawHostileImages(7)).map((image) => [image.name, image]));
    good = await sharp({ create: { width: 3000, height: 2500, channels: 3, background: 'teal' } })
      .png()
      .toBuffer();
  }, 60_000);
  afterAll(() => script?.dispose());

  const start = (limits?: Parameters<typeof startReader>[1]) => startReader(script, limits);

  const isRead = async (pool: DecodePool, bytes: Uint8Array) =>
    pool.images.decode(bytes).then(
      ({ width, height }) => width * height <= 40e6,
      (error: unknown) => (error instanceof CodedError && error.hint !== '' ? error.code : String(error)),
    );

  it('draws two hundred of them, no two of one name', () => {
    expect(hostile.size).toBe(200);
  });

  it('answers each with pixels or a typed error with a hint, and reads the next', async () => {
    const { pool, notes } = start();
    try {
      for (const name of TRIED) {
        expect(await isRead(pool, await hostile.get(name)!.draw()), name).toSatisfy(
          (answer) => answer === true || /^IMAGE_/.test(String(answer)),
        );
      }
      expect(await isRead(pool, good)).toBe(true);
      expect(notes).toEqual([]);
    } finally {
      await pool.dispose();
    }
  }, 60_000);

  it('ends itself when an image takes more memory than it may, and says so', async () => {
    const limits = { timeMs: 60_000, memoryBytes: 4 * 1024 * 1024 };
    const { pool } = start({ small: { ...limits, memoryBytes: 2 ** 30 }, large: limits });
    try {
      await expect(pool.images.decode(good)).rejects.toMatchObject({
        code: 'IMAGE_TOO_LARGE',
        message: 'Reading the image takes more than 4 MB of memory.',
      });
    } finally {
      await pool.dispose();
    }
  });

  it('ends itself when an image takes more time than it may, and says so', async () => {
    const limits = { timeMs: 1, memoryBytes: 2 ** 30 };
    const { pool } = start({ small: { ...limits, timeMs: 60_000 }, large: limits });
    try {
      await expect(pool.images.decode(good)).rejects.toMatchObject({
        code: 'IMAGE_TOO_LARGE',
        message: 'Reading the image takes more than 0.001 s.',
      });
    } finally {
      await pool.dispose();
    }
  });
});
