/** A tree of masks and its image → one cut-out an object. */
import { throwIfCancelled } from '../../protocol/errors.js';
import type { Box, Size } from '../../protocol/geometry.js';
import type { RgbaImage } from '../image-reader.js';
import type { MaskNode, MaskTree } from './mask-tree.js';
import { cutOut } from './png.js';

export interface Cutout {
  readonly node: MaskNode;
  /** Part of the image that the PNG shows; whole pixels. */
  readonly box: Box;
  readonly png: Uint8Array;
}

/**
 * Cuts out one object after the other, in the order of the tree's list, so that memory holds one at a time.
 *
 * @throws CodedError RLE_INVALID; CANCELLED once the signal is aborted.
 */
export async function* cutOutAll(
  image: RgbaImage,
  { nodes }: MaskTree,
  signal: AbortSignal | undefined,
): AsyncGenerator<Cutout> {
  for (const node of nodes) {
    throwIfCancelled(signal);
    const box = pixelBox(node.mask.box, image);
    yield { node, box, png: await cutOut(image, node.mask.rle, box) };
  }
}

/** The pixels of an image that a box touches, at least one of them. */
export function pixelBox([x0, y0, x1, y1]: Box, { width, height }: Size): Box {
  const left = Math.min(width - 1, Math.max(0, Math.floor(x0)));
  const top = Math.min(height - 1, Math.max(0, Math.floor(y0)));
  return [
    left,
    top,
    Math.max(left + 1, Math.min(width, Math.ceil(x1))),
    Math.max(top + 1, Math.min(height, Math.ceil(y1))),
  ];
}
