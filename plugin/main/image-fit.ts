/** Where the pixels of a stored image lie in its node. */
import type { Size } from '../../protocol/geometry.js';
import { compose, scaling } from './placement.js';
import type { Matrix } from './placement.js';

/** What of an image fill decides where the image lies. */
export type ImageFit = Pick<ImagePaint, 'scaleMode' | 'imageTransform' | 'rotation'>;

/**
 * The map that Figma keeps as a crop: position in the node → position in the image, each in 0..1.
 *
 * @param box The node's size in units.
 * @param image The stored image's own size in pixels.
 * @returns undefined for an image that is repeated, or turned in its node: no single crop shows the former, and
 *   Figma does not document which way the latter turns.
 */
export function imageTransformOf(fit: ImageFit, box: Size, image: Size): Matrix | undefined {
  if (fit.scaleMode === 'TILE') return undefined;
  if (fit.scaleMode === 'CROP' && fit.imageTransform) return fit.imageTransform;
  if ((fit.rotation ?? 0) % 360 !== 0) return undefined;
  // Like Figma, a crop that says nothing fills the node.
  const ratios = [box.width / image.width, box.height / image.height];
  const unitsPerPixel = fit.scaleMode === 'FIT' ? Math.min(...ratios) : Math.max(...ratios);
  const across = box.width / (image.width * unitsPerPixel);
  const down = box.height / (image.height * unitsPerPixel);
  return [
    [across, 0, (1 - across) / 2],
    [0, down, (1 - down) / 2],
  ];
}

/** The map from pixels that were read from the node → pixels of the stored image; undefined as above. */
export function readToStored(
  fit: ImageFit,
  box: Size,
  pixelsPerUnit: number,
  image: Size,
): Matrix | undefined {
  const transform = imageTransformOf(fit, box, image);
  if (!transform) return undefined;
  const toUnit = scaling(1 / (pixelsPerUnit * box.width), 1 / (pixelsPerUnit * box.height));
  return compose(scaling(image.width, image.height), compose(transform, toUnit));
}
