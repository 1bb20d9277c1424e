/** Non-maximum suppression: of masks whose boxes overlap, the best one stays. */
import type { Box } from '../../protocol/geometry.js';

/**
 * @param score The higher stays; of equal scores, the earlier.
 * @param threshold IoU of boxes above which the lower is dropped.
 * @returns What stays, best first.
 * @source torchvision.ops.nms, on boxes as segment-anything measures them; see rivalry.
 */
export function pickBest<T extends { readonly box: Box }>(
  all: readonly T[],
  score: (one: T) => number,
  threshold: number,
): T[] {
  const scores = all.map(score);
  const order = [...all.keys()].sort((a, b) => scores[b]! - scores[a]! || a - b);
  const kept: T[] = [];
  for (const index of order) {
    const next = all[index]!;
    if (kept.every((better) => rivalry(better.box, next.box) <= threshold)) kept.push(next);
  }
  return kept;
}

/**
 * How much two masks' boxes overlap, as the reference measures it: between the indices of their first and last pixels,
 * which makes boxes a pixel short. For masks of a few pixels that decides.
 */
export function rivalry(a: Box, b: Box): number {
  return boxIou([a[0], a[1], a[2] - 1, a[3] - 1], [b[0], b[1], b[2] - 1, b[3] - 1]);
}

export function boxIou([ax0, ay0, ax1, ay1]: Box, [bx0, by0, bx1, by1]: Box): number {
  const width = Math.min(ax1, bx1) - Math.max(ax0, bx0);
  const height = Math.min(ay1, by1) - Math.max(ay0, by0);
  if (width <= 0 || height <= 0) return 0;
  const intersection = width * height;
  return intersection / ((ax1 - ax0) * (ay1 - ay0) + (bx1 - bx0) * (by1 - by0) - intersection);
}
