/** Strokes of a brush, as the network is asked about them. */
import type { Point, Size } from '../protocol/geometry.js';
import type { Prompt } from '../protocol/prompt.js';
import type { LabelledPoint } from './adapter.js';
import { differingPart } from './click-corrections.js';
import { subtractRuns, uniteRuns } from './mask/run-sets.js';
import type { Runs } from './mask/runs.js';
import { logitsOfRuns, SURE_LOGIT } from './mask-prompt.js';
import type { Paint } from './retouch.js';

export type Stroke = Extract<Prompt, { type: 'stroke' }>;

/** A long stroke stands for so many clicks; the network was trained with few. */
const MOST_CLICKS = 4;

/** From one click to the next, at least so many brushes' widths. */
const WIDTHS_APART = 2;

/** A wheel comes along with a dab on it, not the whole car. */
const MOST_TIMES_PAINTED = 8;

/** Places evenly along a stroke, each as good as a click: the middle of a short one, and the middles of stretches of a long one. */
export function clicksOfStroke({ points, radiusPx, label }: Stroke): LabelledPoint[] {
  const lengths = points.map(([x, y], i) => {
    const [fromX, fromY] = points[Math.max(0, i - 1)]!;
    return Math.hypot(x - fromX, y - fromY);
  });
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const apartPx = 2 * radiusPx * WIDTHS_APART;
  const count = Math.min(MOST_CLICKS, Math.max(1, Math.floor(total / apartPx)));
  return Array.from({ length: count }, (_, k) => ({
    point: pointAlong(points, lengths, (total * (k + 0.5)) / count),
    inside: label === 'inside',
  }));
}

function pointAlong(points: readonly Point[], lengths: readonly number[], distance: number): Point {
  let left = distance;
  for (let i = 1; i < points.length; i++) {
    if (left <= lengths[i]! && lengths[i]! > 0) {
      const [[x0, y0], [x1, y1]] = [points[i - 1]!, points[i]!];
      const share = left / lengths[i]!;
      return [x0 + (x1 - x0) * share, y0 + (y1 - y0) * share];
    }
    left -= lengths[i]!;
  }
  return points.at(-1)!;
}

/**
 * Logits with what was painted on them, as the network is told of it.
 *
 * @param logits Float32, 256×256, model space; stays as it is.
 */
export function paintLogits(logits: Float32Array, paints: readonly Paint[], image: Size): Float32Array {
  if (paints.length === 0) return logits;
  const painted = logits.slice();
  const none: Runs = { size: image, lengths: Uint32Array.of(image.width * image.height) };
  let [inside, outside] = [none, none];
  for (const paint of paints) {
    inside = (paint.inside ? uniteRuns : subtractRuns)(inside, paint.runs);
    outside = (paint.inside ? subtractRuns : uniteRuns)(outside, paint.runs);
  }
  for (const [runs, sign] of [
    [inside, 1],
    [outside, -1],
  ] as const) {
    const paint = logitsOfRuns(runs, image);
    for (let k = 0; k < painted.length; k++) {
      if (paint[k]! > -SURE_LOGIT) painted[k] = sign * Math.max(sign * painted[k]!, paint[k]!);
    }
  }
  return painted;
}

/**
 * What a stroke changes besides what it paints: the connected part of the network's new answer that it touches, unless
 * that is far more than was painted. Whoever paints somewhere wants nothing else changed.
 *
 * @param before Float32, 256×256, model space; as the answers, it stays as it is.
 * @param answers The one in which that part is the largest counts.
 */
export function takeOverTouched(
  before: Float32Array,
  answers: readonly Float32Array[],
  { runs, inside }: Paint,
  image: Size,
): Float32Array {
  const touched: number[] = [];
  logitsOfRuns(runs, image).forEach((value, k) => {
    if (value > -SURE_LOGIT) touched.push(k);
  });
  let changed = before;
  let most = 0;
  for (const answer of answers) {
    const part = differingPart(before, answer, touched, inside, image);
    if (part.length <= most || part.length > MOST_TIMES_PAINTED * touched.length) continue;
    most = part.length;
    changed = before.slice();
    for (const k of part) changed[k] = answer[k]!;
  }
  return changed;
}
