import sharp from 'sharp';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Embedding, RgbImage, SegmentationModel } from '../../../models/adapter.js';
import type { Selection } from '../../../models/select.js';
import type { Prompt } from '../../../protocol/prompt.js';
import { Refinements } from '../../../sidecar/engine/refinements.js';
import { localImages } from '../../../sidecar/read-here.js';
import { decodedMasks, discLogits } from '../../support/fake-model.js';

const SIZE = { width: 1600, height: 1200 };
const PROMPTS: Prompt[] = [{ type: 'point', x: 400, y: 400, label: 'inside' }];

let encoded: RgbImage[];
let model: SegmentationModel;
let refinements: Refinements;

async function photo(level: number): Promise<Uint8Array> {
  const background = { r: level, g: level, b: level };
  return sharp({ create: { ...SIZE, channels: 3, background } })
    .png()
    .toBuffer();
}

/** A disc of 120 px around (400, 400). */
function selection(): Selection {
  const logits = discLogits(64, 64, 19);
  return { candidates: [{ token: 0, logits, predictedIou: 1, stabilityScore: 1 }], chosen: 0 };
}

const prepare = async (key: string, level: number, prompts = PROMPTS, signal?: AbortSignal) => {
  const job = { key, refine: true, bytes: await photo(level), prompts };
  return refinements.prepare(model, job, SIZE, selection(), { signal });
};

beforeEach(() => {
  encoded = [];
  refinements = new Refinements(localImages);
  model = {
    encode: vi.fn(async (image: RgbImage): Promise<Embedding> => {
      encoded.push(image);
      return { data: new Float32Array(0), image: { width: image.width, height: image.height } };
    }),
    decode: vi.fn(async () => [decodedMasks(Array.from({ length: 4 }, () => discLogits(128, 128, 60)))]),
  } as unknown as SegmentationModel;
});

describe('Refinements', () => {
  it('encodes a window of an image once, however often its object is clicked', async () => {
    await prepare('a', 10);
    await prepare('a', 10);
    expect(encoded).toHaveLength(1);
    expect(encoded[0]!.width).toBeLessThan(SIZE.width);
  });

  it('never mistakes one image for another with an object in the same place', async () => {
    for (const level of [10, 200, 10, 200]) {
      const refinement = await prepare(`image ${level}`, level);
      expect(refinement!.pixels.data[0]).toBe(level);
    }
    expect(encoded.map(({ data }) => data[0])).toEqual([10, 200]);
  });

  it('does not ask the network about clicks from before a mask that was started from', async () => {
    const rle = { size: [SIZE.height, SIZE.width] as [number, number], counts: '' };
    const prompts: Prompt[] = [
      { type: 'point', x: 1500, y: 1100, label: 'inside' },
      { type: 'mask', rle },
      ...PROMPTS,
    ];
    const refinement = await prepare('a', 10, prompts);
    expect(refinement!.clicks).toEqual([{ point: [400, 400], inside: true }]);
  });

  it('keeps nothing of an encode that failed', async () => {
    vi.mocked(model.encode).mockRejectedValueOnce(new Error('out of memory'));
    await expect(prepare('a', 10)).rejects.toThrow('out of memory');
    await prepare('a', 10);
    expect(encoded).toHaveLength(1);
  });

  it('stops when it is cancelled, and needs the image’s bytes', async () => {
    await expect(prepare('a', 10, PROMPTS, AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' });
    const job = { key: 'a', refine: true, prompts: PROMPTS };
    const lacking = refinements.prepare(model, job, SIZE, selection());
    await expect(lacking).rejects.toMatchObject({ code: 'IMAGE_UNKNOWN' });
    expect(encoded).toHaveLength(0);
  });
});
