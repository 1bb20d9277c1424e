/** Found objects of boxes, for tests that need no more. */
import type { FoundMask } from '../../../../protocol/everything.js';
import type { Box } from '../../../../protocol/geometry.js';
import { rleFromRings } from '../../../../models/mask/rle.js';

/** What NO_PIXELS and the images of these tests measure. */
export const SIZE = { width: 100, height: 80 };

/** A mask that fills a box. */
export function foundBox(
  id: number,
  parent: number | null,
  box: Box,
  scores: Partial<FoundMask> = {},
): FoundMask {
  const [x0, y0, x1, y1] = box;
  const { rle, area } = rleFromRings([Float64Array.of(x0, y0, x1, y0, x1, y1, x0, y1)], SIZE);
  const path = `M ${x0} ${y0} L ${x1} ${y0} L ${x1} ${y1} L ${x0} ${y1} Z`;
  return {
    id,
    parent,
    name: `Region ${id}`,
    area,
    box,
    predictedIou: 0.9,
    stabilityScore: 1,
    point: [(x0 + x1) / 2, (y0 + y1) / 2],
    cropBox: [0, 0, SIZE.width, SIZE.height],
    rle,
    outline: { path, nodes: 4, rings: 1, tolerancePx: 0.5, maxDeviationPx: 0 },
    ...scores,
  };
}

/** A house with a door that has a window, and a tree beside it. */
export const HOUSE = foundBox(1, null, [10, 10, 60, 70]);
export const DOOR = foundBox(2, 1, [30, 40, 45, 70]);
export const WINDOW = foundBox(3, 2, [34, 44, 40, 50]);
export const TREE = foundBox(4, null, [70, 20, 90, 70]);
export const SCENE: readonly FoundMask[] = [HOUSE, DOOR, WINDOW, TREE];
