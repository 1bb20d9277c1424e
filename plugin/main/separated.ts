/** The object of an image and its background, each the rest of the other. */
import type { OutlineLayer } from '../bridge.js';
import type { Size } from '../../protocol/geometry.js';
import { findSeparated } from './layer-data.js';
import { clampPath } from './path.js';

/** Paths of the two, in image pixels. */
export interface SeparatedPaths {
  readonly object: string;
  readonly background: string;
}

/**
 * Splits the image's box along an outline. Together both cover it once, everywhere: what of the outline sticks out
 * of the box, by a fraction of a pixel as a rule, is drawn back to its edge.
 *
 * @param outline In image pixels.
 * @param node The image's, in Figma units.
 * @throws CodedError PARAMS_INVALID when the path cannot be read.
 */
export function separatePaths(
  outline: Pick<OutlineLayer, 'path'>,
  node: Size,
  pixelsPerUnit: number,
): SeparatedPaths {
  const [width, height] = [node.width * pixelsPerUnit, node.height * pixelsPerUnit];
  const object = clampPath(outline.path, { width, height });
  const box = clampPath(`M 0 0 L ${BEYOND} 0 L ${BEYOND} ${BEYOND} L 0 ${BEYOND} Z`, { width, height });
  // The hole of an even-odd path is whatever lies in two of its rings.
  return { object, background: `${box} ${object}` };
}

/** More pixels than any image has a side. */
const BEYOND = 999_999;

/** The background that an object was separated from, as long as both are in one group. */
export function findBackground(object: VectorNode): VectorNode | undefined {
  for (let parent = object.parent; parent?.type === 'GROUP'; parent = parent.parent) {
    const background = findSeparated(parent, object);
    if (background) return background;
  }
  return undefined;
}
