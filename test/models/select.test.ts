import { describe, expect, it } from 'vitest';
import { isHonoured } from '../../models/click-corrections.js';
import { lowResField } from '../../models/coordinates.js';
import { coarseIou, coarseMask } from '../../models/click-evidence.js';
import { selectCandidates } from '../../models/select.js';
import { decodedMasks, discLogits } from '../support/fake-model.js';

const IMAGE = { width: 1024, height: 1024 };
const empty = new Float32Array(256 * 256).fill(-5);
const disc = (radius: number) => discLogits(128, 128, radius);
const click = { points: [{ point: [512, 512] as [number, number], inside: true }] };
const first = { click: click.points[0]!, shown: undefined };

/** As sure as the network mostly is, and no more. */
const sure = (logit: number) => Math.max(-10, Math.min(10, logit));

describe('selectCandidates', () => {
  it('offers part, object and group of one click, smallest first, without the single-mask token', () => {
    const { candidates } = selectCandidates(
      decodedMasks([disc(60), disc(40), disc(10), disc(20)]),
      click,
      IMAGE,
      [first],
    );
    expect(candidates.map(({ token }) => token)).toEqual([2, 3, 1]);
  });

  it('leads with the single-mask token after a box', () => {
    const box: [number, number, number, number] = [400, 400, 620, 620];
    const { candidates, chosen } = selectCandidates(
      decodedMasks([disc(30), disc(40), disc(10), disc(20)], [0.8, 0.99, 0.99, 0.99]),
      { points: [], box },
      IMAGE,
      [],
    );
    expect(candidates[chosen]!.token).toBe(0);
  });

  it('leads with the mask that has the second click in the middle of what it changes', () => {
    const shown = disc(20);
    const [left, right] = [discLogits(90, 128, 18), discLogits(175, 128, 19)];
    const besides = (other: Float32Array) => shown.map((value, k) => sure(Math.max(value, other[k]!)));
    const second = { point: [4 * 175, 4 * 128] as [number, number], inside: true };
    const { candidates, chosen } = selectCandidates(
      decodedMasks([besides(left), disc(110).map(sure), besides(right), besides(left)]),
      { points: [...click.points, second], maskLogits: shown },
      IMAGE,
      [{ click: second, shown }, first],
    );
    const { token, logits } = candidates[chosen]!;
    expect(token).toBe('mean');
    const overlap = coarseIou(coarseMask(logits, IMAGE), coarseMask(besides(right), IMAGE));
    expect(overlap).toBeGreaterThan(0.85);
  });

  it('stays with what is shown where no answer explains a click better', () => {
    const shown = disc(40);
    const outside = { point: [4 * 128, 4 * 30] as [number, number], inside: false };
    const jumped = disc(8);
    const { candidates, chosen } = selectCandidates(
      decodedMasks([jumped, jumped, jumped, jumped]),
      { points: [...click.points, outside], maskLogits: shown },
      IMAGE,
      [{ click: outside, shown }, first],
    );
    const { logits } = candidates[chosen]!;
    expect(coarseIou(coarseMask(logits, IMAGE), coarseMask(shown, IMAGE))).toBeGreaterThan(0.6);
  });

  it('prefers the mask that has a first click in its middle to one just as large that has it at its edge', () => {
    const { candidates, chosen } = selectCandidates(
      decodedMasks([empty, discLogits(160, 128, 40), disc(40), empty], [0, 0.95, 0.8, 0]),
      click,
      IMAGE,
      [first],
    );
    expect(candidates[chosen]!.token).toBe(2);
  });

  it('prefers a mask in one piece to one just as large of which half is elsewhere', () => {
    const elsewhere = discLogits(40, 40, 28);
    const scattered = disc(28).map((value, k) => 2 * Math.max(value, elsewhere[k]!));
    const { candidates, chosen } = selectCandidates(
      decodedMasks([empty, scattered, disc(39.6), empty]),
      click,
      IMAGE,
      [first],
    );
    expect(candidates[chosen]!.token).toBe(2);
  });

  it('stays with a box’s mask where a click after it makes the network’s answers fall apart', () => {
    const shown = disc(40).map(sure);
    const outside = { point: [4 * 128, 4 * 30] as [number, number], inside: false };
    const torn = discLogits(100, 128, 9).map(sure);
    const { candidates, chosen } = selectCandidates(
      decodedMasks([torn, torn, shown, torn], [0.9, 0.9, 0.7, 0.9]),
      { points: [outside], box: [350, 350, 680, 680], maskLogits: shown },
      IMAGE,
      [{ click: outside, shown }],
    );
    const { logits } = candidates[chosen]!;
    expect(coarseIou(coarseMask(logits, IMAGE), coarseMask(shown, IMAGE))).toBeGreaterThan(0.9);
  });

  it('leads with the same mask in whichever order part, object and group come', () => {
    const shown = disc(20);
    const [part, object, group] = [discLogits(170, 128, 12), discLogits(150, 128, 45), disc(100)].map(
      (mask) => mask.map(sure),
    );
    const second = { point: [4 * 170, 4 * 128] as [number, number], inside: true };
    const leaderOf = (order: readonly Float32Array[], predictedIou: readonly number[]) => {
      const prompts = { points: [...click.points, second], maskLogits: shown };
      const decoded = decodedMasks([shown, ...order], [0.9, ...predictedIou]);
      const corrections = [{ click: second, shown }, first];
      const { candidates, chosen } = selectCandidates(decoded, prompts, IMAGE, corrections);
      return coarseMask(candidates[chosen]!.logits, IMAGE);
    };
    const inOrder = leaderOf([part!, object!, group!], [0.7, 0.9, 0.8]);
    const reversed = leaderOf([group!, object!, part!], [0.8, 0.9, 0.7]);
    expect(coarseIou(inOrder, reversed)).toBe(1);
  });

  it('leads with a mask that honours every click, whatever the scores say', () => {
    const outside = { point: [512 + 4 * 25, 512] as [number, number], inside: false };
    const prompts = { points: [...click.points, outside] };
    const { candidates, chosen } = selectCandidates(
      decodedMasks([disc(30), disc(40), disc(20), disc(35)], [0.99, 0.9, 0.5, 0.9]),
      prompts,
      IMAGE,
      [{ click: outside, shown: disc(30) }, first],
    );
    const shown = lowResField(candidates[chosen]!.logits, IMAGE);
    expect(isHonoured(shown, click.points[0]!)).toBe(true);
    expect(isHonoured(shown, outside)).toBe(true);
  });

  it('offers masks that look the same once', () => {
    const { candidates } = selectCandidates(
      decodedMasks([disc(20), disc(20), disc(20.2), disc(40)]),
      click,
      IMAGE,
      [first],
    );
    expect(candidates).toHaveLength(2);
  });

  it('prefers a whole object to a fragment with a slightly better score', () => {
    const { candidates, chosen } = selectCandidates(
      decodedMasks([empty, disc(3), disc(40), empty], [0, 0.95, 0.93, 0]),
      click,
      IMAGE,
      [first],
    );
    expect(candidates[chosen]!.token).toBe(2);
  });

  it('does not take the whole image for an object', () => {
    const everything = new Float32Array(256 * 256).fill(5);
    const { candidates, chosen } = selectCandidates(
      decodedMasks([empty, everything, disc(40), empty], [0, 0.95, 0.9, 0]),
      click,
      IMAGE,
      [first],
    );
    expect(candidates[chosen]!.token).toBe(2);
  });

  it('does not offer a frayed mask beside a firm one, but answers with it when there is no other', () => {
    const frayed = disc(40).map((value) => value * 0.05);
    const { candidates } = selectCandidates(decodedMasks([empty, disc(20), frayed, frayed]), click, IMAGE, [
      first,
    ]);
    expect(candidates.map(({ token }) => token)).toEqual([1]);
    expect(
      selectCandidates(decodedMasks([empty, frayed, empty, empty]), click, IMAGE, [first]).candidates,
    ).toHaveLength(1);
  });

  it('still answers when every mask is empty', () => {
    const { candidates, chosen } = selectCandidates(
      decodedMasks([empty, empty, empty, empty]),
      click,
      IMAGE,
      [first],
    );
    expect(candidates).toHaveLength(1);
    expect(candidates[chosen]!.stabilityScore).toBe(0);
  });

  it('measures stability as the overlap of the mask cut one logit higher and one lower', () => {
    const { candidates } = selectCandidates(decodedMasks([empty, disc(40), empty, empty]), click, IMAGE, [
      first,
    ]);
    expect(candidates[0]!.stabilityScore).toBeCloseTo((39 / 41) ** 2, 2);
  });
});
