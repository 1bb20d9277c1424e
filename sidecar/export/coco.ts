/** Masks → COCO annotations that pycocotools loads, and those of one image as SA-1B has them. */
import type { Box, Size } from '../../protocol/geometry.js';
import type { Rle } from '../../protocol/outline.js';
import { parentId, type MaskTree } from './mask-tree.js';

/** The file holds one image. */
const IMAGE_ID = 1;

export interface CocoMask {
  /** Numbered from 1 where absent. */
  readonly id?: number;
  readonly rle: Rle;
  readonly area: number;
  readonly box: Box;
  readonly predictedIou: number;
  readonly stabilityScore: number;
  readonly name?: string;
  /** Id of the annotation that this one is a part of. */
  readonly parent?: number | null;
}

/**
 * @returns One image, one annotation a mask. There are no categories, not even an empty list of them: nothing is
 *   classified, and pycocotools looks up every annotation's category as soon as there is a list.
 */
export function toCoco(image: Size, masks: readonly CocoMask[]): string {
  const annotations = masks.map((mask, index) => ({
    id: mask.id ?? index + 1,
    image_id: IMAGE_ID,
    ...measures(mask),
    iscrowd: 0,
    name: mask.name,
    parent: mask.parent,
  }));
  const images = [{ id: IMAGE_ID, width: image.width, height: image.height }];
  return `${JSON.stringify({ images, annotations })}\n`;
}

export function treeToCoco(image: Size, { nodes }: MaskTree): string {
  return toCoco(
    image,
    nodes.map((node) => ({ ...node.mask, parent: parentId(node) })),
  );
}

/**
 * @param fileName Goes into `image`, where SA-1B names its photograph.
 * @returns The JSON file of one image, as the Segment Anything data set has it.
 * @source Segment Anything (arXiv 2304.02643), SA-1B.
 */
export function treeToSa1b({ width, height }: Size, { nodes }: MaskTree, fileName: string): string {
  const annotations = nodes.map(({ mask }) => ({
    id: mask.id,
    ...measures(mask),
    crop_box: toXywh(mask.cropBox),
    point_coords: [mask.point],
  }));
  const image = { image_id: IMAGE_ID, width, height, file_name: fileName };
  return `${JSON.stringify({ image, annotations })}\n`;
}

/** What both kinds of file say about a mask, in the same words. */
function measures({ rle, area, box, predictedIou, stabilityScore }: CocoMask) {
  return {
    segmentation: rle,
    area,
    bbox: toXywh(box),
    predicted_iou: predictedIou,
    stability_score: stabilityScore,
  };
}

function toXywh([x0, y0, x1, y1]: Box): Box {
  return [x0, y0, x1 - x0, y1 - y0];
}
