import { describe, expect, it } from 'vitest';
import { traceCandidate } from '../../models/candidates.js';
import { decodeRuns, rleFromRings } from '../../models/mask/rle.js';
import { runsContain } from '../../models/mask/run-sets.js';
import { predictPrompts } from '../../models/predict.js';
import { drawingOn, paintsOf, retouchOf } from '../../models/retouch.js';
import { clicksOfStroke } from '../../models/stroke.js';
import { validatePrompts } from '../../models/validate-prompts.js';
import type { Point } from '../../protocol/geometry.js';
import type { Prompt } from '../../protocol/prompt.js';
import { createFakeModel, decodedMasks, discLogits } from '../support/fake-model.js';

/** One pixel a low-res sample: the fake model's discs have the radii that it says. */
const IMAGE = { width: 256, height: 256 };

const inside = (x: number, y: number): Prompt => ({ type: 'point', x, y, label: 'inside' });
const outside = (x: number, y: number): Prompt => ({ type: 'point', x, y, label: 'outside' });
const stroke = (label: 'inside' | 'outside', radiusPx: number, ...points: Point[]): Prompt => ({
  type: 'stroke',
  points,
  radiusPx,
  label,
});
const lasso = (label: 'inside' | 'outside', [x0, y0, x1, y1]: readonly number[]): Prompt => ({
  type: 'lasso',
  points: [
    [x0!, y0!],
    [x1!, y0!],
    [x1!, y1!],
    [x0!, y1!],
  ],
  label,
});
const square = (x0: number, y0: number, x1: number, y1: number) =>
  rleFromRings([Float64Array.of(x0, y0, x1, y0, x1, y1, x0, y1)], IMAGE).rle;

const DISC_AREA = Math.PI * 20 ** 2;

/** Answers everything with one disc. */
function discModel(radius = 20) {
  const model = createFakeModel();
  const { decode } = model;
  model.decode = async function (embedding, sets, options) {
    await decode.call(model, embedding, sets, options);
    return sets.map(() => decodedMasks(Array<Float32Array>(4).fill(discLogits(100, 100, radius))));
  };
  return model;
}

async function answer(prompts: readonly Prompt[], model = discModel()) {
  validatePrompts(prompts, IMAGE);
  const embedding = await model.encode({ ...IMAGE, data: new Uint8Array(256 * 256 * 3) });
  const selection = await predictPrompts(model, embedding, prompts);
  const retouch = retouchOf(prompts, IMAGE);
  const traced = traceCandidate(selection, selection.chosen, IMAGE, { tolerancePx: 0.5, retouch });
  return { model, selection, traced };
}

describe('a lasso', () => {
  it('to begin with is a box around it and a mask, and takes what the network finds', async () => {
    const { model, traced } = await answer([lasso('inside', [80, 90, 140, 170])]);
    const [asked] = model.decodes;
    expect(asked).toMatchObject({ points: [], box: [80, 90, 140, 170] });
    expect(traced.area / DISC_AREA).toBeCloseTo(1, 1);
  });

  it('adds all that it goes around to an answer, or takes it away, and asks nothing', async () => {
    const click = [inside(100, 100)];
    const added = await answer([...click, lasso('inside', [150, 40, 170, 60])]);
    expect(added.model.decodes).toHaveLength(1);
    const alone = await answer(click);
    expect(Math.abs(added.traced.area - alone.traced.area - 400)).toBeLessThan(10);
    const removed = await answer([...click, lasso('outside', [0, 0, 100, 256])]);
    expect(removed.traced.area / alone.traced.area).toBeCloseTo(0.5, 1);
    expect(removed.traced.box[0]).toBe(100);
  });

  it('before a mask to start from is of no consequence', async () => {
    const mask: Prompt = { type: 'mask', rle: square(150, 150, 200, 200) };
    const { model } = await answer([lasso('inside', [10, 10, 40, 40]), mask, inside(170, 170)]);
    expect(model.decodes.at(-1)!.box).toBeUndefined();
  });

  it('that goes around nothing is refused', () => {
    expect(() => validatePrompts([lasso('inside', [10, 10, 10, 50])], IMAGE)).toThrow(
      expect.objectContaining({ code: 'PROMPT_OUTSIDE' }),
    );
  });
});

describe('a stroke', () => {
  it('to begin with stands for clicks along it, and paints nothing', async () => {
    const prompts = [stroke('inside', 3, [60, 100], [140, 100])];
    const { model } = await answer(prompts);
    expect(model.decodes[0]!.points).toEqual(
      [70, 90, 110, 130].map((x) => ({ point: [x, 100], inside: true })),
    );
    expect(retouchOf(prompts, IMAGE)).toBeUndefined();
  });

  it('that is a dab stands for one click', () => {
    expect(clicksOfStroke({ type: 'stroke', points: [[9, 8]], radiusPx: 5, label: 'outside' })).toEqual([
      { point: [9, 8], inside: false },
    ]);
  });

  it('paints to the pixel, whatever the network says of it', async () => {
    const { traced } = await answer([inside(100, 100), stroke('inside', 5, [200, 40], [200, 80])]);
    const painted = 10 * 40 + Math.PI * 25;
    expect(traced.outline.rings).toBe(2);
    expect(Math.abs(traced.area - DISC_AREA - painted)).toBeLessThan(40);
    const { traced: cut } = await answer([inside(100, 100), stroke('outside', 4, [60, 100], [140, 100])]);
    expect(cut.outline.rings).toBe(2);
  });

  it('takes along what the network says belongs to it, and leaves the rest alone', async () => {
    const model = createFakeModel();
    const union = (...discs: [number, number, number][]) => {
      const masks = discs.map((disc) => discLogits(...disc));
      // As steep as a network's, and no surer.
      return masks[0]!.map((_, k) =>
        Math.max(-10, Math.min(10, 5 * Math.max(...masks.map((mask) => mask[k]!)))),
      );
    };
    // Asked about the stroke, it also finds something far away, and loses half of what was there.
    const answers = [union([100, 100, 20]), union([108, 100, 12], [180, 60, 12], [40, 220, 15])];
    model.decode = async (_, sets) =>
      sets.map(({ maskLogits }) => decodedMasks(Array<Float32Array>(4).fill(answers[maskLogits ? 1 : 0]!)));
    const { traced } = await answer([inside(100, 100), stroke('inside', 5, [178, 60], [182, 60])], model);
    const expected = DISC_AREA + Math.PI * 12 ** 2;
    expect(Math.abs(traced.area - expected)).toBeLessThan(0.02 * expected);
  });

  it('takes along nothing that is far more than was painted', async () => {
    const model = createFakeModel();
    model.decode = async (_, sets) =>
      sets.map(({ maskLogits }) =>
        decodedMasks(Array<Float32Array>(4).fill(discLogits(100, 100, maskLogits ? 90 : 20))),
      );
    const { traced } = await answer([inside(100, 100), stroke('inside', 5, [150, 100])], model);
    expect(Math.abs(traced.area - DISC_AREA - Math.PI * 25)).toBeLessThan(25);
  });

  it('is taken back by a click on it that says the opposite', () => {
    const painted = stroke('outside', 6, [100, 100]);
    expect(paintsOf([inside(90, 90), painted], drawingOn(IMAGE))).toHaveLength(1);
    expect(paintsOf([inside(90, 90), painted, inside(102, 101)], drawingOn(IMAGE))).toHaveLength(0);
    expect(paintsOf([inside(90, 90), painted, outside(102, 101)], drawingOn(IMAGE))).toHaveLength(1);
    expect(paintsOf([inside(102, 101), painted], drawingOn(IMAGE))).toHaveLength(1);
  });
});

describe('growing and inverting', () => {
  it('move the edge that is there in the end, by what was asked last', async () => {
    const grow = (px: number): Prompt => ({ type: 'grow', px });
    const [alone, grown, shrunk, back] = await Promise.all(
      [[], [grow(5)], [grow(5), grow(-4)], [grow(5), grow(0)]].map(async (more) => {
        const { model, traced } = await answer([inside(100, 100), ...more]);
        expect(model.decodes).toHaveLength(1);
        return Math.sqrt(traced.area / Math.PI);
      }),
    );
    expect(grown! - alone!).toBeCloseTo(5, 0);
    expect(shrunk! - alone!).toBeCloseTo(-4, 0);
    expect(back).toBeCloseTo(alone!, 6);
  });

  it('turn the object into all but it, and back', async () => {
    const once = await answer([inside(100, 100), { type: 'invert' }]);
    expect(once.traced.area / (256 * 256 - DISC_AREA)).toBeCloseTo(1, 2);
    expect(once.traced.outline.rings).toBe(2);
    const twice = await answer([inside(100, 100), { type: 'invert' }, { type: 'invert' }]);
    expect(twice.traced.area / DISC_AREA).toBeCloseTo(1, 1);
  });

  it('show what is painted afterwards as it was painted', async () => {
    const inverted: Prompt[] = [inside(100, 100), { type: 'invert' }];
    const covers = async (prompts: readonly Prompt[], x: number, y: number) => {
      const { traced } = await answer(prompts);
      return runsContain(decodeRuns(traced.rle), [x, y]);
    };
    expect(await covers(inverted, 100, 100)).toBe(false);
    expect(await covers([...inverted, stroke('inside', 5, [100, 100])], 100, 100)).toBe(true);
    expect(await covers([...inverted, stroke('outside', 5, [200, 200])], 200, 200)).toBe(false);
    const back: Prompt[] = [...inverted, stroke('outside', 5, [200, 200]), { type: 'invert' }];
    expect(await covers(back, 200, 200)).toBe(true);
    const grown: Prompt[] = [inside(100, 100), { type: 'grow', px: 10 }, stroke('outside', 5, [100, 100])];
    expect(await covers(grown, 102, 100)).toBe(false);
    expect(await covers(grown, 100, 126)).toBe(true);
  });

  it('grow what is shown, the object or all but it', async () => {
    const area = async (...more: Prompt[]) => (await answer([inside(100, 100), ...more])).traced.area;
    const invert: Prompt = { type: 'invert' };
    expect(await area(invert, { type: 'grow', px: 4 })).toBeGreaterThan(await area(invert));
    expect(await area({ type: 'grow', px: 4 }, invert)).toBeLessThan(await area(invert));
  });

  it('say nothing about which object is meant', () => {
    expect(() => validatePrompts([{ type: 'grow', px: 3 }, { type: 'invert' }], IMAGE)).toThrow(
      expect.objectContaining({ code: 'PROMPTS_EMPTY' }),
    );
  });
});

describe('from a mask', () => {
  const mask: Prompt = { type: 'mask', rle: square(50, 60, 110, 130) };

  it('everything by hand starts from its very pixels, and the network is not asked', async () => {
    const { model, traced } = await answer([mask, stroke('inside', 4, [160, 90], [190, 90])]);
    expect(model.decodes).toHaveLength(0);
    const [start, painted] = [60 * 70, 8 * 30 + Math.PI * 16];
    expect(Math.abs(traced.area - start - painted)).toBeLessThan(6);
    const plain = await answer([mask]);
    expect(plain.traced.rle).toEqual(mask.type === 'mask' && mask.rle);
  });

  it('a click asks the network, which goes on from the painted mask', async () => {
    const { model } = await answer([mask, lasso('inside', [160, 80, 200, 120]), inside(100, 100)]);
    const { maskLogits } = model.decodes[0]!;
    expect(maskLogits![100 * 256 + 180]).toBeGreaterThan(0);
    expect(maskLogits![100 * 256 + 150]).toBeLessThan(0);
  });
});
