/** Masks → COCO annotations that pycocotools loads. */
import type { TracedCandidate } from '../../models/candidates.js';
import type { Size } from '../../protocol/geometry.js';

/**
 * @param imageId Goes into `images` and `annotations`.
 * @returns One image, one annotation a candidate; there are no categories, since nothing is named.
 */
export function toCoco(image: Size, candidates: readonly TracedCandidate[], imageId = 1): string {
  const annotations = candidates.map((candidate, index) => {
    const [x0, y0, x1, y1] = candidate.box;
    return {
      id: index + 1,
      image_id: imageId,
      segmentation: candidate.rle,
      area: candidate.area,
      bbox: [x0, y0, x1 - x0, y1 - y0],
      iscrowd: 0,
      predicted_iou: candidate.predictedIou,
      stability_score: candidate.stabilityScore,
    };
  });
  const images = [{ id: imageId, width: image.width, height: image.height }];
  return `${JSON.stringify({ images, annotations, categories: [] })}\n`;
}
