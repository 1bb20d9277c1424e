import type { DecodedMasks, PromptSet, SegmentationModel, SurveyedMasks } from '../../models/adapter.js';
import { surveyedSamples } from '../../models/adapters/image-part.js';
import type { Size } from '../../protocol/geometry.js';

/** A disc of logits in model space: positive within the radius, falling off by one logit a sample. */
export function discLogits(x: number, y: number, radius: number): Float32Array {
  const logits = new Float32Array(256 * 256);
  for (let j = 0; j < 256; j++) {
    for (let i = 0; i < 256; i++) logits[j * 256 + i] = radius - Math.hypot(i + 0.5 - x, j + 0.5 - y);
  }
  return logits;
}

/** Four masks with their scores, as a decoder answers. */
export function decodedMasks(
  masks: readonly Float32Array[],
  predictedIou: readonly number[] = [0.9, 0.9, 0.9, 0.9],
): DecodedMasks {
  const logits = new Float32Array(4 * 256 * 256);
  masks.forEach((mask, token) => logits.set(mask, token * 256 * 256));
  return { logits, predictedIou: Float32Array.from(predictedIou) };
}

/** What a survey sees of full answers, for models that have nothing quicker. */
export function surveyOf(answers: readonly DecodedMasks[], image: Size): SurveyedMasks[] {
  const samples = surveyedSamples(image);
  return answers.map(({ logits, predictedIou }) => {
    const seen = new Float32Array(4 * samples.length);
    for (let token = 0; token < 4; token++) {
      samples.forEach((at, i) => (seen[token * samples.length + i] = logits[token * 256 * 256 + at]!));
    }
    return { logits: seen, predictedIou };
  });
}

/** Answers of which one of masks 1–3 is good enough. */
export function above(
  minPredictedIou: number,
  answers: readonly DecodedMasks[],
): (DecodedMasks | undefined)[] {
  return answers.map((answer) =>
    Math.max(...answer.predictedIou.subarray(1)) > minPredictedIou ? answer : undefined,
  );
}

/** A model that answers every prompt with discs around its first point, and remembers what it was asked. */
export interface FakeModel extends SegmentationModel {
  readonly decodes: PromptSet[];
  encodes: number;
}

export function createFakeModel(): FakeModel {
  return {
    id: 'fake',
    device: 'cpu',
    decodes: [],
    encodes: 0,
    async encode({ width, height }) {
      this.encodes++;
      return { data: new Float32Array(256 * 64 * 64), image: { width, height } };
    },
    async decode(embedding, promptSets) {
      this.decodes.push(...promptSets);
      const scale = 256 / Math.max(embedding.image.width, embedding.image.height);
      return promptSets.map(({ points, box }) => {
        const [x, y] = points[0]?.point ?? [(box![0] + box![2]) / 2, (box![1] + box![3]) / 2];
        const discs = [20, 10, 20, 40].map((radius) => discLogits(x * scale, y * scale, radius));
        return decodedMasks(discs, [0.95, 0.9, 0.92, 0.91]);
      });
    },
    async decodeAbove(minPredictedIou, embedding, promptSets, options) {
      return above(minPredictedIou, await this.decode(embedding, promptSets, options));
    },
    async survey(embedding, promptSets, options) {
      return surveyOf(await this.decode(embedding, promptSets, options), embedding.image);
    },
    surveySamples: surveyedSamples,
    async dispose() {},
  };
}
