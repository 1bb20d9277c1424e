import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Embedding, SegmentationModel } from '../../models/adapter.js';
import { findModel } from '../../models/catalog.js';
import { compareProbe, probeModel } from '../../models/probe.js';
import reference from '../fixtures/model-reference.json' with { type: 'json' };
import { loadRealModel } from '../support/real-model.js';
import type { RealModel } from '../support/real-model.js';
import { largestDifference, summarise } from '../support/statistics.js';
import { drawTestImage } from '../support/test-image.js';

describe('the default model', () => {
  let real: RealModel;
  let model: SegmentationModel;
  /** Each is encoded once. */
  const encoded = new Map<string, Promise<Embedding>>();
  function encode(width: number, height: number): Promise<Embedding> {
    const key = `${width}×${height}`;
    if (!encoded.has(key)) encoded.set(key, model.encode(drawTestImage(width, height)));
    return encoded.get(key)!;
  }

  beforeAll(async () => {
    real = await loadRealModel();
    model = real.model;
  });
  afterAll(() => real.dispose());

  for (const { width, height, embedding } of reference) {
    it(`encodes ${width}×${height} as onnxruntime does from Pillow's pixels`, async () => {
      const { data } = await encode(width, height);
      const summary = summarise(data);
      expect(data).toHaveLength(256 * 64 * 64);
      expect(summary.mean).toBeCloseTo(embedding.mean, 5);
      expect(summary.deviation).toBeCloseTo(embedding.deviation, 5);
      expect(largestDifference(summary.samples, embedding.samples)).toBeLessThan(2e-3);
    });
  }

  it('answers the probe as recorded', async () => {
    expect(compareProbe(await probeModel(model), findModel().probe)).toBeUndefined();
  });

  it('answers a batch of prompts as it answers each of them alone', async () => {
    const embedding = await encode(301, 203);
    const sets = [
      { points: [{ point: [50, 60] as [number, number], inside: true }] },
      { points: [], box: [10, 10, 200, 150] as [number, number, number, number] },
      {
        points: [
          { point: [150, 100] as [number, number], inside: true },
          { point: [20, 20] as [number, number], inside: false },
        ],
      },
      { points: [{ point: [250, 160] as [number, number], inside: true }] },
    ];
    const together = await model.decode(embedding, sets);
    for (const [index, set] of sets.entries()) {
      const [alone] = await model.decode(embedding, [set]);
      expect(largestDifference([...alone!.predictedIou], [...together[index]!.predictedIou])).toBeLessThan(
        1e-3,
      );
      const worst = together[index]!.logits.reduce(
        (most, value, i) => Math.max(most, Math.abs(value - alone!.logits[i]!)),
        0,
      );
      expect(worst).toBeLessThan(1e-2);
    }
  });

  it('uses the mask of an earlier answer', async () => {
    const embedding = await encode(301, 203);
    const points = [{ point: [50, 60] as [number, number], inside: true }];
    const [first] = await model.decode(embedding, [{ points }]);
    const maskLogits = first!.logits.subarray(0, 256 * 256);
    const [second] = await model.decode(embedding, [{ points, maskLogits }]);
    expect(second!.predictedIou).not.toEqual(first!.predictedIou);
  });
});
