import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { describe, expect, it, onTestFinished } from 'vitest';
import { blockOtherLoaders, decodeImage, inspectImage } from '../../sidecar/image.js';

const plain = (width = 40, height = 20): Sharp =>
  sharp({ create: { width, height, channels: 3, background: { r: 200, g: 100, b: 50 } } });

/** Too varied to compress, so that cutting it short always cuts pixels. */
function noise(): Sharp {
  const data = Uint8Array.from({ length: 200 * 200 * 3 }, (_, i) => (i * 7919 + (i >> 3) * 104729) % 256);
  return sharp(data, { raw: { width: 200, height: 200, channels: 3 } });
}

const firstPixel = async (bytes: Uint8Array) => [...(await decodeImage(bytes)).data.subarray(0, 3)];

/** From the top left, clockwise. */
const CORNERS = ['red', 'green', 'blue', 'grey'];
const COLOURS: Readonly<Record<string, readonly [number, number, number]>> = {
  red: [255, 0, 0],
  green: [0, 255, 0],
  blue: [0, 0, 255],
  grey: [90, 90, 90],
};

/** 40×20, each quarter in the colour of its corner. */
function cornered(): Sharp {
  const data = new Uint8Array(40 * 20 * 3);
  for (let i = 0; i < 800; i++) {
    const [isRight, isLower] = [i % 40 >= 20, i >= 400];
    data.set(COLOURS[CORNERS[isLower ? (isRight ? 2 : 3) : isRight ? 1 : 0]!]!, 3 * i);
  }
  return sharp(data, { raw: { width: 40, height: 20, channels: 3 } });
}

/**
 * The same image as a camera stores it that was held otherwise.
 *
 * @source Exif 2.3, 4.6.4: what the first row and column of each orientation are.
 */
function asStored(orientation: number): Sharp {
  const undo: readonly ((image: Sharp) => Sharp)[] = [
    (image) => image,
    (image) => image.flop(),
    (image) => image.rotate(180),
    (image) => image.flip(),
    (image) => image.flop().rotate(270),
    (image) => image.rotate(270),
    (image) => image.flop().rotate(90),
    (image) => image.rotate(90),
  ];
  return undo[orientation - 1]!(cornered());
}

/** The colour nearest to the middle of each quarter, clockwise. */
async function cornersOf(bytes: Uint8Array): Promise<string[]> {
  const { data, width, height } = await decodeImage(bytes);
  return [[0.25, 0.25] as const, [0.75, 0.25] as const, [0.75, 0.75] as const, [0.25, 0.75] as const].map(
    ([u, v]) => {
      const at = 3 * (Math.floor(v * height) * width + Math.floor(u * width));
      const distance = (name: string): number =>
        Math.hypot(...COLOURS[name]!.map((value, channel) => value - data[at + channel]!));
      return Object.keys(COLOURS).reduce((best, name) => (distance(name) < distance(best) ? name : best));
    },
  );
}

describe('decodeImage', () => {
  const readable: [string, () => Promise<Uint8Array>][] = [
    ['PNG', () => plain().png().toBuffer()],
    ['a palette PNG', () => plain().png({ palette: true }).toBuffer()],
    ['16 bits', () => plain().toColourspace('rgb16').png().toBuffer()],
    ['lossless WebP', () => plain().webp({ lossless: true }).toBuffer()],
    ['TIFF', () => plain().tiff().toBuffer()],
  ];
  for (const [what, make] of readable) {
    it(`reads ${what}`, async () => {
      expect(await firstPixel(await make())).toEqual([200, 100, 50]);
    });
  }

  it('reads GIF, AVIF and CMYK JPEG as RGB', async () => {
    for (const bytes of [
      await plain().gif().toBuffer(),
      await plain().avif().toBuffer(),
      await plain().toColourspace('cmyk').jpeg().toBuffer(),
    ]) {
      const { data, width, height } = await decodeImage(bytes);
      expect(data).toHaveLength(width * height * 3);
    }
  });

  it('makes grey RGB, in 8 and in 16 bits', async () => {
    for (const space of ['b-w', 'grey16'] as const) {
      const { data } = await decodeImage(await noise().toColourspace(space).png().toBuffer());
      expect(data).toHaveLength(200 * 200 * 3);
      expect(data[0] === data[1] && data[1] === data[2]).toBe(true);
    }
  });

  it('lays transparency over white', async () => {
    const half = sharp({
      create: { width: 40, height: 20, channels: 4, background: { r: 200, g: 0, b: 0, alpha: 0.5 } },
    });
    const [red, green] = await firstPixel(await half.png().toBuffer());
    expect(red).toBeCloseTo(227, -1);
    expect(green).toBeCloseTo(127, -1);
  });

  it('lays the transparency of a mask over black', async () => {
    const clear = sharp({
      create: { width: 40, height: 20, channels: 4, background: { r: 255, g: 255, b: 255, alpha: 0 } },
    });
    const { data } = await decodeImage(await clear.png().toBuffer(), 'black');
    expect(data[0]).toBe(0);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'shows it upright, whatever its EXIF orientation: %d',
    async (orientation) => {
      const stored = await asStored(orientation)
        .jpeg({ quality: 100 })
        .withMetadata({ orientation })
        .toBuffer();
      expect(await inspectImage(stored)).toMatchObject({ width: 40, height: 20 });
      expect(await cornersOf(stored)).toEqual(CORNERS);
    },
  );

  it.each([
    ['16 bits', () => cornered().toColourspace('rgb16').png().toBuffer()],
    ['16 bits with transparency', () => cornered().ensureAlpha().toColourspace('rgb16').png().toBuffer()],
    ['transparency', () => cornered().ensureAlpha().png().toBuffer()],
    ['lossless WebP', () => cornered().webp({ lossless: true }).toBuffer()],
    ['an interlaced PNG', () => cornered().png({ progressive: true }).toBuffer()],
  ])('has every corner where it was: %s', async (_, make) => {
    expect(await cornersOf(await make())).toEqual(CORNERS);
  });

  it('reads the first frame of an animation, and none of the others', async () => {
    const first = await cornered().png().toBuffer();
    const second = await cornered().negate().png().toBuffer();
    const frames = await sharp([first, second], { join: { animated: true } })
      .gif()
      .toBuffer();
    expect((await sharp(frames, { animated: true }).metadata()).pages).toBe(2);
    expect(await inspectImage(frames)).toMatchObject({ width: 40, height: 20 });
    expect(await decodeImage(frames)).toMatchObject({ width: 40, height: 20 });
    expect(await cornersOf(frames)).toEqual(CORNERS);
  });

  it('reads images that are longer than Figma’s largest, every corner of them', async () => {
    const large = await cornered().resize(5000, 2500, { kernel: 'nearest' }).png().toBuffer();
    expect(await inspectImage(large)).toMatchObject({ width: 5000, height: 2500 });
    expect(await cornersOf(large)).toEqual(CORNERS);
  });

  it('takes what is nearly transparent for the background that it lies on', async () => {
    const clear = { r: 0, g: 0, b: 0, alpha: 0 };
    const faint = sharp({ create: { width: 40, height: 20, channels: 4, background: clear } });
    expect(await firstPixel(await faint.png().toBuffer())).toEqual([255, 255, 255]);
  });

  const refused: [string, () => Promise<Uint8Array>, string][] = [
    ['text', async () => new TextEncoder().encode('hello'), 'IMAGE_UNREADABLE'],
    ['an empty file', async () => new Uint8Array(), 'IMAGE_UNREADABLE'],
    [
      'a PNG signature and nothing after',
      async () => Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 1),
      'IMAGE_TRUNCATED',
    ],
    [
      'SVG',
      async () => new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"/>'),
      'IMAGE_UNREADABLE',
    ],
    ['SVG with the mark of WebP', async () => svgBytes('<svg a="WEBP"', ''), 'IMAGE_UNREADABLE'],
    ['SVG with the mark of AVIF', async () => svgBytes('<svg', '<!--ftypavif-->'), 'IMAGE_UNREADABLE'],
    ['a truncated JPEG', async () => firstPart(await noise().jpeg().toBuffer()), 'IMAGE_TRUNCATED'],
    ['a truncated PNG', async () => firstPart(await noise().png().toBuffer()), 'IMAGE_TRUNCATED'],
    ['a truncated WebP', async () => firstPart(await noise().webp().toBuffer()), 'IMAGE_TRUNCATED'],
    ['a truncated TIFF', async () => firstPart(await noise().tiff().toBuffer()), 'IMAGE_TRUNCATED'],
    ['a truncated GIF', async () => firstPart(await noise().gif().toBuffer()), 'IMAGE_TRUNCATED'],
    ['a 48-megapixel PNG of 200 kB', () => plain(8000, 6000).png().toBuffer(), 'IMAGE_TOO_LARGE'],
    ['1×1 pixel', () => plain(1, 1).png().toBuffer(), 'IMAGE_TOO_SMALL'],
    ['1×10,000 pixels', () => plain(1, 10_000).png().toBuffer(), 'IMAGE_TOO_SMALL'],
    ['a file over 25 MB', async () => new Uint8Array(25 * 1024 * 1024 + 1), 'IMAGE_TOO_LARGE'],
  ];
  for (const [what, make, code] of refused) {
    it(`refuses ${what} with a hint`, async () => {
      await expect(decodeImage(await make())).rejects.toMatchObject({
        code,
        hint: expect.stringMatching(/\.$/),
      });
    });
  }

  it('says how many pixels a bomb has', async () => {
    const bomb = await plain(8000, 6000).png().toBuffer();
    await expect(inspectImage(bomb)).rejects.toThrow('8000×6000');
  });
});

describe('blockOtherLoaders', () => {
  it('leaves what reads the formats let through, and nothing else', async () => {
    blockOtherLoaders();
    // The decoder is one for all tests of this process.
    onTestFinished(() => sharp.unblock({ operation: ['VipsForeignLoad'] }));
    for (const format of ['png', 'jpeg', 'webp', 'gif', 'avif', 'tiff'] as const) {
      expect(await inspectImage(await plain().toFormat(format).toBuffer())).toMatchObject({ width: 40 });
    }
    await expect(sharp(svgBytes('<svg', '')).metadata()).rejects.toThrow('unsupported');
  });
});

/** A drawing of 20×20 pixels with more than drawings need. */
function svgBytes(open: string, before: string): Uint8Array {
  const svg = `${before}${open} xmlns="http://www.w3.org/2000/svg" width="20" height="20"><rect width="20" height="20"/></svg>`;
  return new TextEncoder().encode(svg);
}

function firstPart(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, Math.floor(bytes.length * 0.6));
}
