/** Where automatic mask generation looks: points over an image, and crops of it. */
import type { Box, Point, Size } from '../../protocol/geometry.js';

/**
 * @param pointsPerSide 1 or more.
 * @returns Points at the cell centres of the unit square, row by row.
 */
export function pointGrid(pointsPerSide: number): Point[] {
  const centre = (index: number) => (index + 0.5) / pointsPerSide;
  return Array.from({ length: pointsPerSide ** 2 }, (_, i): Point => [
    centre(i % pointsPerSide),
    centre(Math.floor(i / pointsPerSide)),
  ]);
}

export interface Crop {
  readonly box: Box;
  /** 0 is the whole image. */
  readonly layer: number;
}

/**
 * The whole image, then for layer i a grid of 2^i × 2^i crops that overlap. Of images of few pixels the last crops
 * would begin beyond the edge: those are left out.
 *
 * @param overlap Share of the short side by which the crops of the first layer overlap; half as much in the next.
 * @source segment-anything, generate_crop_boxes.
 */
export function cropBoxes(image: Size, layers: number, overlap: number): Crop[] {
  const crops: Crop[] = [{ box: [0, 0, image.width, image.height], layer: 0 }];
  const shortSide = Math.min(image.width, image.height);
  for (let layer = 1; layer <= layers; layer++) {
    const perSide = 2 ** layer;
    const overlapPx = Math.trunc(overlap * shortSide * (2 / perSide));
    const length = (side: number) => Math.ceil((overlapPx * (perSide - 1) + side) / perSide);
    const [width, height] = [length(image.width), length(image.height)];
    // Column by column, as the reference has it; NMS between crops depends on the order.
    for (let column = 0; column < perSide; column++) {
      for (let row = 0; row < perSide; row++) {
        const x0 = Math.trunc((width - overlapPx) * column);
        const y0 = Math.trunc((height - overlapPx) * row);
        const box: Box = [x0, y0, Math.min(x0 + width, image.width), Math.min(y0 + height, image.height)];
        if (box[0] < box[2] && box[1] < box[3]) crops.push({ box, layer });
      }
    }
  }
  return crops;
}

/** Points a side of a crop's grid. */
export function pointsPerSideOf(layer: number, pointsPerSide: number, scale: number): number {
  return Math.max(1, Math.trunc(pointsPerSide / scale ** layer));
}
