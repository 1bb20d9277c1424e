/** A model that knows a scene by heart: a click is answered with the shapes it lies in, smallest first. */
import type { DecodedMasks, PromptSet, SegmentationModel } from '../../models/adapter.js';
import { surveyedSamples } from '../../models/adapters/image-part.js';
import { toModelSpace } from '../../models/coordinates.js';
import type { Point } from '../../protocol/geometry.js';
import { above, surveyOf } from './fake-model.js';

/** Signed distance to a shape's edge in low-res samples, positive inside. */
export type Shape = (x: number, y: number) => number;

export const disc =
  (cx: number, cy: number, radius: number): Shape =>
  (x, y) =>
    radius - Math.hypot(x - cx, y - cy);

export const rectangle =
  (x0: number, y0: number, x1: number, y1: number): Shape =>
  (x, y) =>
    Math.min(x - x0, x1 - x, y - y0, y1 - y);

export const ring = (cx: number, cy: number, outer: number, inner: number): Shape => {
  const [whole, hole] = [disc(cx, cy, outer), disc(cx, cy, inner)];
  return (x, y) => Math.min(whole(x, y), -hole(x, y));
};

export interface SceneModel extends SegmentationModel {
  /** Clicks that were answered in full, and those that were surveyed, low-res samples. */
  readonly asked: Point[];
  readonly surveyed: Point[];
}

/** Steep edges, so that stability is no matter. */
const LOGITS_A_SAMPLE = 20;
const SCORES = [0.95, 0.94, 0.93];

/** @param shapes In low-res samples of the image; where more than three overlap, the three smallest answer. */
export function createSceneModel(shapes: readonly Shape[]): SceneModel {
  const masks = shapes.map(draw);
  const bySize = masks.map((_, index) => index).sort((a, b) => masks[a]!.area - masks[b]!.area);
  const answer = ([x, y]: Point): DecodedMasks => {
    const hit = bySize.filter((index) => shapes[index]!(x, y) > 0).slice(0, 3);
    const logits = new Float32Array(4 * 256 * 256).fill(-20);
    const predictedIou = new Float32Array(4).fill(0.1);
    hit.forEach((index, i) => {
      logits.set(masks[index]!.logits, (i + 1) * 256 * 256);
      predictedIou[i + 1] = SCORES[i]!;
    });
    return { logits, predictedIou };
  };
  const answerAll = (sets: readonly PromptSet[], image: Parameters<typeof toModelSpace>[1], log: Point[]) =>
    sets.map(({ points }) => {
      const [x, y] = toModelSpace(points[0]!.point, image);
      const click: Point = [x / 4, y / 4];
      log.push(click);
      return answer(click);
    });
  return {
    id: 'scene',
    device: 'cpu',
    asked: [],
    surveyed: [],
    async encode({ width, height }) {
      return { data: new Float32Array(0), image: { width, height } };
    },
    async decode(embedding, sets) {
      return answerAll(sets, embedding.image, this.asked);
    },
    async decodeAbove(minPredictedIou, embedding, sets) {
      return above(minPredictedIou, answerAll(sets, embedding.image, this.asked));
    },
    async survey(embedding, sets) {
      return surveyOf(answerAll(sets, embedding.image, this.surveyed), embedding.image);
    },
    surveySamples: surveyedSamples,
    async dispose() {},
  };
}

function draw(shape: Shape): { readonly logits: Float32Array; readonly area: number } {
  const logits = new Float32Array(256 * 256);
  let area = 0;
  for (let j = 0; j < 256; j++) {
    for (let i = 0; i < 256; i++) {
      const value = LOGITS_A_SAMPLE * shape(i + 0.5, j + 0.5);
      logits[j * 256 + i] = Math.max(-20, Math.min(20, value));
      if (value > 0) area++;
    }
  }
  return { logits, area };
}
