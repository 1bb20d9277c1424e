/** Non-maximum suppression: of masks whose boxes overlap, the best one stays. */
import type { Box } from '../../protocol/geometry.js';

/**
 * @param scores The higher stays.
 * @param threshold IoU of boxes above which the lower is dropped.
 * @returns Indices that stay, best first.
 * @source torchvision.ops.nms, which ranks equal scores by their order.
 */
export function suppress(boxes: readonly Box[], scores: readonly number[], threshold: number): number[] {
  const order = scores.map((_, index) => index).sort((a, b) => scores[b]! - scores[a]! || a - b);
  const kept: number[] = [];
  for (const index of order) {
    if (kept.every((other) => boxIou(boxes[other]!, boxes[index]!) <= threshold)) kept.push(index);
  }
  return kept;
}

export function boxIou([ax0, ay0, ax1, ay1]: Box, [bx0, by0, bx1, by1]: Box): number {
  const width = Math.min(ax1, bx1) - Math.max(ax0, bx0);
  const height = Math.min(ay1, by1) - Math.max(ay0, by0);
  if (width <= 0 || height <= 0) return 0;
  const intersection = width * height;
  return intersection / ((ax1 - ax0) * (ay1 - ay0) + (bx1 - bx0) * (by1 - by0) - intersection);
}
