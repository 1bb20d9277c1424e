import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../models/adapter.js';
import { traceCandidate } from '../../models/candidates.js';
import { lowResField } from '../../models/coordinates.js';
import type { Selection } from '../../models/select.js';
import { discLogits } from '../support/fake-model.js';

const SIZE = { width: 1600, height: 1200 };
/** Nothing to see, so edges stay where the network has them. */
const PLAIN: RgbImage = { ...SIZE, data: new Uint8Array(3 * SIZE.width * SIZE.height).fill(90) };
const SAMPLE_PX = 1600 / 256;

/** A disc of so many samples. */
const answer = (radius: number): Selection => ({
  candidates: [{ token: 0, logits: discLogits(90, 90, radius), predictedIou: 1, stabilityScore: 1 }],
  chosen: 0,
});

const radiusOf = (area: number) => Math.sqrt(area / Math.PI) / SAMPLE_PX;

describe('traceCandidate', () => {
  it('refines what a closer look found rather than the coarse answer', () => {
    const closer = lowResField(discLogits(90, 90, 33), SIZE);
    const refinement = { pixels: PLAIN, closer, clicks: [], tolerancePx: 1 };
    const { area, outline } = traceCandidate(answer(30), 0, SIZE, { tolerancePx: 4, refinement });
    expect(radiusOf(area)).toBeCloseTo(33, 0);
    expect(outline.tolerancePx).toBe(1);
  });

  it('takes the coarse outline without a refinement', () => {
    expect(radiusOf(traceCandidate(answer(30), 0, SIZE, { tolerancePx: 4 }).area)).toBeCloseTo(30, 0);
  });
});
