import { describe, expect, it } from 'vitest';
import { traceCandidates } from '../../models/candidates.js';
import { iouOfRuns } from '../../models/mask/overlap.js';
import { decodeRuns, encodeRle, rleFromRings } from '../../models/mask/rle.js';
import { predictPrompts } from '../../models/predict.js';
import { validatePrompts } from '../../models/validate-prompts.js';
import type { Prompt } from '../../protocol/prompt.js';
import { createFakeModel } from '../support/fake-model.js';

const IMAGE = { width: 400, height: 300 };
const inside = (x: number, y: number): Prompt => ({ type: 'point', x, y, label: 'inside' });
const outside = (x: number, y: number): Prompt => ({ type: 'point', x, y, label: 'outside' });
const embed = async (model = createFakeModel()) => ({
  model,
  embedding: await model.encode({ ...IMAGE, data: new Uint8Array(400 * 300 * 3) }),
});

describe('predictPrompts', () => {
  it('decodes once a prompt, each time with all prompts so far and the mask chosen before', async () => {
    const { model, embedding } = await embed();
    await predictPrompts(model, embedding, [inside(100, 100), outside(300, 200), inside(120, 90)]);
    expect(model.decodes.map(({ points }) => points.length)).toEqual([1, 2, 3]);
    expect(model.decodes.map(({ maskLogits }) => maskLogits !== undefined)).toEqual([false, true, true]);
    expect(model.decodes[1]!.points[1]).toEqual({ point: [300, 200], inside: false });
  });

  it('goes on from the candidate that was picked', async () => {
    const { model, embedding } = await embed();
    const first = await predictPrompts(model, embedding, [inside(100, 100)]);
    await predictPrompts(model, embedding, [inside(100, 100), { type: 'pick', rank: 1 }, inside(120, 90)]);
    expect(model.decodes.at(-1)!.maskLogits).toEqual(first.candidates[0]!.logits);
  });

  it('gives the same answer from an earlier answer as from the beginning', async () => {
    const { model, embedding } = await embed();
    const prompts = [inside(100, 100), inside(120, 90)];
    const selection = await predictPrompts(model, embedding, prompts.slice(0, 1));
    const decodesBefore = model.decodes.length;
    const continued = await predictPrompts(model, embedding, prompts, { from: { count: 1, selection } });
    expect(model.decodes.length - decodesBefore).toBe(1);
    expect(continued).toEqual(await predictPrompts(model, embedding, prompts));
  });

  it('remembers a click with what it was made on, and none after a box', async () => {
    const { model, embedding } = await embed();
    const prompts = [inside(100, 100), outside(300, 200)];
    const one = await predictPrompts(model, embedding, prompts.slice(0, 1));
    expect(one.correction).toEqual({ click: { point: [100, 100], inside: true }, shown: undefined });
    const two = await predictPrompts(model, embedding, prompts);
    expect(two.correction!.click).toEqual({ point: [300, 200], inside: false });
    const { logits } = one.candidates[one.chosen]!;
    expect(two.correction!.shown).toEqual(logits);
    expect(two.correction!.shown!.buffer).not.toBe(logits.buffer);
    const boxed = await predictPrompts(model, embedding, [
      ...prompts,
      { type: 'box', box: [50, 50, 200, 200] },
    ]);
    expect(boxed.correction).toBeUndefined();
  });

  it('lets the latest box count, clipped to the image', async () => {
    const { model, embedding } = await embed();
    const prompts: Prompt[] = [
      { type: 'box', box: [10, 10, 50, 50] },
      { type: 'box', box: [-20, 100, 900, 250] },
    ];
    await predictPrompts(model, embedding, prompts);
    expect(model.decodes.at(-1)!.box).toEqual([0, 100, 400, 250]);
  });

  it('refuses to pick what was not offered, and says how many there are', async () => {
    const { model, embedding } = await embed();
    await expect(
      predictPrompts(model, embedding, [inside(100, 100), { type: 'pick', rank: 4 }]),
    ).rejects.toMatchObject({ code: 'CANDIDATE_UNKNOWN', hint: 'Pick a candidate from 1 to 3.' });
  });
});

describe('predictPrompts from a mask', () => {
  const { rle } = rleFromRings([Float64Array.of(100, 100, 200, 100, 200, 200, 100, 200)], IMAGE);
  const mask: Prompt = { type: 'mask', rle };

  it('takes the mask as it is, and asks the model nothing', async () => {
    const { model, embedding } = await embed();
    const { candidates, chosen } = await predictPrompts(model, embedding, [inside(10, 10), mask]);
    expect(model.decodes).toHaveLength(0);
    expect(chosen).toBe(0);
    expect(candidates).toMatchObject([{ predictedIou: 1 }]);
    const [traced] = traceCandidates({ candidates, chosen }, IMAGE, { tolerancePx: 0.5 });
    expect(iouOfRuns(decodeRuns(traced!.rle), decodeRuns(rle))).toBeGreaterThan(0.97);
  });

  it('refines it with what comes after, and forgets what came before', async () => {
    const { model, embedding } = await embed();
    const box: Prompt = { type: 'box', box: [1, 1, 30, 30] };
    const start = await predictPrompts(model, embedding, [mask]);
    await predictPrompts(model, embedding, [inside(10, 10), box, mask, outside(150, 150), inside(120, 120)]);
    const [first, second] = model.decodes;
    const [middle, click] = first!.points;
    expect(middle!.inside).toBe(true);
    expect(Math.hypot(middle!.point[0] - 150, middle!.point[1] - 150)).toBeLessThan(4);
    expect(click).toEqual({ point: [150, 150], inside: false });
    expect(first!.box).toBeUndefined();
    expect(first!.maskLogits).toEqual(start.candidates[0]!.logits);
    expect(second!.points).toHaveLength(3);
  });

  it('goes on from the last of several masks', async () => {
    const { model, embedding } = await embed();
    const other: Prompt = { type: 'mask', rle: encodeRle(new Uint8Array(400 * 300), IMAGE) };
    const last = await predictPrompts(model, embedding, [other, inside(10, 10), mask]);
    expect(last).toEqual(await predictPrompts(model, embedding, [mask]));
  });

  it('offers it as the only candidate: picking it changes nothing, and there is no second', async () => {
    const { model, embedding } = await embed();
    const start = await predictPrompts(model, embedding, [mask]);
    expect(await predictPrompts(model, embedding, [mask, { type: 'pick', rank: 1 }])).toEqual(start);
    await expect(predictPrompts(model, embedding, [mask, { type: 'pick', rank: 2 }])).rejects.toMatchObject({
      code: 'CANDIDATE_UNKNOWN',
      hint: 'Pick a candidate from 1 to 1.',
    });
  });

  it('refuses a mask of another size, and one that cannot be read', async () => {
    const { model, embedding } = await embed();
    const turned: Prompt = { type: 'mask', rle: { ...rle, size: [400, 300] } };
    expect(() => validatePrompts([turned], IMAGE)).toThrow(expect.objectContaining({ code: 'MASK_SHAPE' }));
    for (const counts of ['', 'nonsense ', '1']) {
      const broken: Prompt = { type: 'mask', rle: { size: [300, 400], counts } };
      await expect(predictPrompts(model, embedding, [broken])).rejects.toMatchObject({ code: 'RLE_INVALID' });
    }
  });
});

describe('validatePrompts', () => {
  const refusals: [string, Prompt[], string][] = [
    ['no prompt', [], 'PROMPTS_EMPTY'],
    ['1,001 prompts', Array.from({ length: 1001 }, () => inside(1, 1)), 'PROMPTS_TOO_MANY'],
    ['a point left of the image', [inside(-1, 5)], 'PROMPT_OUTSIDE'],
    ['a point below the image', [inside(5, 300.5)], 'PROMPT_OUTSIDE'],
    ['a box beside the image', [{ type: 'box', box: [400, 0, 500, 100] }], 'PROMPT_OUTSIDE'],
    ['a coordinate that is not a number', [inside(NaN, 5)], 'PROMPT_NOT_FINITE'],
    ['an infinite box', [{ type: 'box', box: [0, 0, Infinity, 9] }], 'PROMPT_NOT_FINITE'],
    ['a pick before anything was offered', [{ type: 'pick', rank: 1 }], 'CANDIDATE_UNKNOWN'],
  ];
  for (const [what, prompts, code] of refusals) {
    it(`refuses ${what}`, () => {
      expect(() => validatePrompts(prompts, IMAGE)).toThrow(expect.objectContaining({ code }));
    });
  }

  it('accepts points on the border and boxes that reach out of the image', () => {
    expect(() =>
      validatePrompts([inside(0, 0), inside(400, 300), { type: 'box', box: [-5, -5, 900, 900] }], IMAGE),
    ).not.toThrow();
  });
});
