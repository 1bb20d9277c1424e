import { describe, expect, it } from 'vitest';
import { isHonoured } from '../../models/click-corrections.js';
import { selectCandidates } from '../../models/select.js';
import { decodedMasks, discLogits } from '../support/fake-model.js';

const IMAGE = { width: 1024, height: 1024 };
const empty = new Float32Array(256 * 256).fill(-5);
const disc = (radius: number) => discLogits(128, 128, radius);
const click = { points: [{ point: [512, 512] as [number, number], inside: true }] };

describe('selectCandidates', () => {
  it('offers part, object and group of one click, smallest first, without the single-mask token', () => {
    const { candidates } = selectCandidates(
      decodedMasks([disc(60), disc(40), disc(10), disc(20)]),
      click,
      IMAGE,
    );
    expect(candidates.map(({ token }) => token)).toEqual([2, 3, 1]);
  });

  it('leads with the single-mask token after a box', () => {
    const box: [number, number, number, number] = [400, 400, 620, 620];
    const { candidates, chosen } = selectCandidates(
      decodedMasks([disc(30), disc(40), disc(10), disc(20)], [0.8, 0.99, 0.99, 0.99]),
      { points: [], box },
      IMAGE,
    );
    expect(candidates[chosen]!.token).toBe(0);
  });

  it('leads with the mean of all four masks after a second click', () => {
    const prompts = { points: [...click.points, ...click.points], maskLogits: disc(20) };
    const { candidates, chosen } = selectCandidates(
      decodedMasks([disc(30), disc(40), disc(10), disc(20)]),
      prompts,
      IMAGE,
    );
    const { token, logits } = candidates[chosen]!;
    expect(token).toBe('mean');
    expect(logits[128 * 256 + 128 + 23]!).toBeGreaterThan(0);
    expect(logits[128 * 256 + 128 + 28]!).toBeLessThan(0);
  });

  it('counts the single-mask token more the more clicks there are', () => {
    const radiusAfter = (clicks: number) => {
      const points = Array.from({ length: clicks }, () => click.points[0]!);
      const decoded = decodedMasks([disc(40), disc(20), disc(20), disc(20)]);
      const { candidates, chosen } = selectCandidates(decoded, { points, maskLogits: disc(20) }, IMAGE);
      const row = candidates[chosen]!.logits.subarray(128 * 256, 129 * 256);
      return row.reduce((count, value) => count + (value > 0 ? 1 : 0), 0) / 2;
    };
    expect(radiusAfter(4)).toBe(radiusAfter(2));
    expect(radiusAfter(8)).toBeGreaterThan(radiusAfter(4));
  });

  it('leads with a mask that honours every click, whatever the scores say', () => {
    const outside = { point: [512 + 4 * 25, 512] as [number, number], inside: false };
    const prompts = { points: [...click.points, outside] };
    const { candidates, chosen } = selectCandidates(
      decodedMasks([disc(30), disc(40), disc(20), disc(35)], [0.99, 0.9, 0.5, 0.9]),
      prompts,
      IMAGE,
    );
    expect(isHonoured(candidates[chosen]!.logits, click.points[0]!, IMAGE)).toBe(true);
    expect(isHonoured(candidates[chosen]!.logits, outside, IMAGE)).toBe(true);
  });

  it('offers masks that look the same once', () => {
    const { candidates } = selectCandidates(
      decodedMasks([disc(20), disc(20), disc(20.2), disc(40)]),
      click,
      IMAGE,
    );
    expect(candidates).toHaveLength(2);
  });

  it('prefers a whole object to a fragment with a slightly better score', () => {
    const { candidates, chosen } = selectCandidates(
      decodedMasks([empty, disc(3), disc(40), empty], [0, 0.95, 0.93, 0]),
      click,
      IMAGE,
    );
    expect(candidates[chosen]!.token).toBe(2);
  });

  it('does not take the whole image for an object', () => {
    const everything = new Float32Array(256 * 256).fill(5);
    const { candidates, chosen } = selectCandidates(
      decodedMasks([empty, everything, disc(40), empty], [0, 0.95, 0.9, 0]),
      click,
      IMAGE,
    );
    expect(candidates[chosen]!.token).toBe(2);
  });

  it('does not offer a frayed mask beside a firm one, but answers with it when there is no other', () => {
    const frayed = disc(40).map((value) => value * 0.05);
    const { candidates } = selectCandidates(decodedMasks([empty, disc(20), frayed, frayed]), click, IMAGE);
    expect(candidates.map(({ token }) => token)).toEqual([1]);
    expect(
      selectCandidates(decodedMasks([empty, frayed, empty, empty]), click, IMAGE).candidates,
    ).toHaveLength(1);
  });

  it('still answers when every mask is empty', () => {
    const { candidates, chosen } = selectCandidates(decodedMasks([empty, empty, empty, empty]), click, IMAGE);
    expect(candidates).toHaveLength(1);
    expect(candidates[chosen]!.stabilityScore).toBe(0);
  });

  it('measures stability as the overlap of the mask cut one logit higher and one lower', () => {
    const { candidates } = selectCandidates(decodedMasks([empty, disc(40), empty, empty]), click, IMAGE);
    expect(candidates[0]!.stabilityScore).toBeCloseTo((39 / 41) ** 2, 2);
  });
});
