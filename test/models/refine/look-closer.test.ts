import { describe, expect, it, vi } from 'vitest';
import type {
  Embedding,
  LabelledPoint,
  PromptSet,
  RunOptions,
  SegmentationModel,
} from '../../../models/adapter.js';
import { lowResGrid } from '../../../models/coordinates.js';
import { sampleField } from '../../../models/logit-field.js';
import { lookCloser, windowAround, type CloserLookOptions } from '../../../models/refine/look-closer.js';
import { contourField } from '../../../models/trace/contour.js';
import { cancelledError } from '../../../protocol/errors.js';
import type { Box, Size } from '../../../protocol/geometry.js';
import { decodedMasks } from '../../support/fake-model.js';

const IMAGE = { width: 4000, height: 3000 };

/** What a network would answer over an image, or a window of one, about a disc. */
function discOver({ width, height }: Size, x: number, y: number, radius: number): Float32Array {
  const { originX, originY, stepX, stepY } = lowResGrid({ width, height });
  const at = (k: number) => [originX + (k % 256) * stepX, originY + Math.floor(k / 256) * stepY] as const;
  return Float32Array.from(
    { length: 256 * 256 },
    (_, k) => (radius - Math.hypot(at(k)[0] - x, at(k)[1] - y)) / stepX,
  );
}

/** A model that answers every window with a disc at one place of the image, and what it was asked. */
function modelThatSees(x: number, y: number, radius: number) {
  const asked: PromptSet[] = [];
  const windows: Box[] = [];
  const embed = vi.fn(async (box: Box): Promise<Embedding> => {
    windows.push(box);
    return { data: new Float32Array(0), image: { width: box[2] - box[0], height: box[3] - box[1] } };
  });
  const model = {
    async decode({ image }: Embedding, sets: readonly PromptSet[]) {
      asked.push(...sets);
      const [left, top] = windows.at(-1)!;
      return [decodedMasks(Array.from({ length: 4 }, () => discOver(image, x - left, y - top, radius)))];
    },
  } as unknown as SegmentationModel;
  return { model, embed, asked, windows };
}

const options = (embed: CloserLookOptions['embed']) => ({ embed, minRegionPx: 2000 });
const click = (x: number, y: number, inside = true): LabelledPoint => ({ point: [x, y], inside });

describe('lookCloser', () => {
  it('gives the same object on a finer grid, where it is in the image', async () => {
    const { model, embed, windows } = modelThatSees(2600, 1203, 301);
    const coarse = discOver(IMAGE, 2600, 1200, 310);
    const closer = (await lookCloser(model, coarse, [click(2600, 1200)], IMAGE, options(embed)))!;
    expect(closer.stepX).toBeLessThan(4);
    const [ring] = contourField(closer);
    for (let k = 0; k < ring!.length; k += 2) {
      expect(Math.hypot(ring![k]! - 2600, ring![k + 1]! - 1203)).toBeCloseTo(301, 0);
    }
    const [left, top, right, bottom] = windows[0]!;
    expect(left).toBeLessThan(2290);
    expect(top).toBeLessThan(890);
    expect(right).toBeGreaterThan(2910);
    expect(bottom).toBeGreaterThan(1510);
  });

  it('asks with the clicks in the window, the mask and its box, all seen from there', async () => {
    const { model, embed, asked, windows } = modelThatSees(2600, 1200, 300);
    const clicks = [click(2650, 1250), click(2400, 1000, false), click(100, 100, false)];
    await lookCloser(model, discOver(IMAGE, 2600, 1200, 300), clicks, IMAGE, options(embed));
    const [left, top] = windows[0]!;
    const { points, box, maskLogits } = asked[0]!;
    expect(points).toEqual([click(2650 - left, 1250 - top), click(2400 - left, 1000 - top, false)]);
    expect(box![0] + left).toBeCloseTo(2300, -2);
    expect(box![3] + top).toBeCloseTo(1500, -2);
    const { stepX } = lowResGrid({ width: 1000, height: 1000 });
    expect(maskLogits!.filter((value) => value > 0).length * stepX ** 2).toBeGreaterThan(0);
  });

  it('clicks in the middle of a mask that was asked for without a click', async () => {
    const { model, embed, asked, windows } = modelThatSees(2600, 1200, 300);
    await lookCloser(model, discOver(IMAGE, 2600, 1200, 300), [], IMAGE, options(embed));
    const [left, top] = windows[0]!;
    const [x, y] = asked[0]!.points[0]!.point;
    expect(Math.hypot(x + left - 2600, y + top - 1200)).toBeLessThan(20);
  });

  it('takes no speck of noise for a part of the object', async () => {
    const { model, embed, windows } = modelThatSees(2600, 1200, 300);
    const coarse = discOver(IMAGE, 2600, 1200, 300);
    coarse[5 * 256 + 5] = 3;
    const closer = await lookCloser(model, coarse, [click(2600, 1200)], IMAGE, options(embed));
    expect(closer).toBeDefined();
    expect(windows[0]![0]).toBeGreaterThan(2000);
  });

  it.each([
    [0.87, false],
    [0.93, true],
  ])('takes an answer that overlaps by %s for the same object: %s', async (iou, isSame) => {
    const { model, embed } = modelThatSees(2600, 1200, 300 * Math.sqrt(iou));
    const coarse = discOver(IMAGE, 2600, 1200, 300);
    const closer = await lookCloser(model, coarse, [click(2600, 1200)], IMAGE, options(embed));
    expect(closer !== undefined).toBe(isSame);
  });

  it('does not begin once it is cancelled', async () => {
    const { model } = modelThatSees(2600, 1200, 300);
    const cancel = new AbortController();
    const embed = vi.fn((_: Box, { signal }: RunOptions) => {
      cancel.abort();
      return signal?.aborted ? Promise.reject(cancelledError()) : Promise.reject(new Error('was not told'));
    });
    const coarse = discOver(IMAGE, 2600, 1200, 300);
    const look = lookCloser(model, coarse, [], IMAGE, { ...options(embed), signal: cancel.signal });
    await expect(look).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('says nothing where it would leave a click', async () => {
    const { model, embed } = modelThatSees(2600, 1200, 295);
    const coarse = discOver(IMAGE, 2600, 1200, 305);
    expect(
      await lookCloser(model, coarse, [click(2600, 1200), click(2902, 1200)], IMAGE, options(embed)),
    ).toBeUndefined();
  });

  it('does not encode anything for an empty mask, or one that fills the image', async () => {
    const { model, embed } = modelThatSees(0, 0, 0);
    for (const radius of [-10, 1400]) {
      expect(
        await lookCloser(model, discOver(IMAGE, 2000, 1500, radius), [], IMAGE, options(embed)),
      ).toBeUndefined();
    }
    expect(embed).not.toHaveBeenCalled();
  });

  it('claims nothing beyond its window', async () => {
    // What the network sees goes on to the right, out of the window.
    const { model, embed, windows } = modelThatSees(2600, 1200, 300);
    const answer = vi.spyOn(model, 'decode').mockImplementation(async ({ image }) => {
      const bar = discOver(image, 2600 - windows[0]![0], 1200 - windows[0]![1], 300);
      const row = Math.round(((1200 - windows[0]![1]) / image.height) * 256);
      for (let column = 128; column < 256; column++) bar[row * 256 + column] = 5;
      return [decodedMasks(Array.from({ length: 4 }, () => bar))];
    });
    const closer = (await lookCloser(model, discOver(IMAGE, 2600, 1200, 300), [], IMAGE, options(embed)))!;
    expect(answer).toHaveBeenCalled();
    expect(sampleField(closer, 3900, 1200)).toBeLessThan(0);
  });
});

describe('windowAround', () => {
  it('gives neighbouring objects of about the same size the same window', () => {
    const window = windowAround([1000, 1000, 1400, 1300], IMAGE);
    expect(windowAround([1008, 1004, 1404, 1310], IMAGE)).toEqual(window);
  });

  it('keeps room around the object, within the image', () => {
    for (let k = 0; k < 500; k++) {
      const [x, y] = [(k * 397) % 3600, (k * 241) % 2600];
      const [w, h] = [20 + ((k * 53) % 1700), 20 + ((k * 31) % 1700)];
      const box: Box = [x, y, Math.min(4000, x + w), Math.min(3000, y + h)];
      const window = windowAround(box, IMAGE);
      if (!window) continue;
      const room = 0.05 * Math.max(box[2] - box[0], box[3] - box[1]);
      expect(window.every(Number.isInteger)).toBe(true);
      expect(window[0]).toBeLessThanOrEqual(Math.max(0, box[0] - room));
      expect(window[1]).toBeLessThanOrEqual(Math.max(0, box[1] - room));
      expect(window[2]).toBeGreaterThanOrEqual(Math.min(4000, box[2] + room));
      expect(window[3]).toBeGreaterThanOrEqual(Math.min(3000, box[3] + room));
    }
  });
});
