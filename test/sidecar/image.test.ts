import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage, inspectImage } from '../../sidecar/image.js';

const plain = (width = 40, height = 20): Sharp =>
  sharp({ create: { width, height, channels: 3, background: { r: 200, g: 100, b: 50 } } });

/** Too varied to compress, so that cutting it short always cuts pixels. */
function noise(): Sharp {
  const data = Uint8Array.from({ length: 200 * 200 * 3 }, (_, i) => (i * 7919 + (i >> 3) * 104729) % 256);
  return sharp(data, { raw: { width: 200, height: 200, channels: 3 } });
}

const firstPixel = async (bytes: Uint8Array) => [...(await decodeImage(bytes)).data.subarray(0, 3)];

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

  it('turns the image as its EXIF orientation says', async () => {
    const sideways = await plain().jpeg().withMetadata({ orientation: 6 }).toBuffer();
    expect(await inspectImage(sideways)).toMatchObject({ width: 20, height: 40 });
    expect(await decodeImage(sideways)).toMatchObject({ width: 20, height: 40 });
  });

  it('reads the first frame of an animation', async () => {
    const frames = await sharp([await plain().png().toBuffer(), await plain().negate().png().toBuffer()], {
      join: { animated: true },
    })
      .gif()
      .toBuffer();
    expect(await decodeImage(frames)).toMatchObject({ width: 40, height: 20 });
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

function firstPart(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, Math.floor(bytes.length * 0.6));
}
