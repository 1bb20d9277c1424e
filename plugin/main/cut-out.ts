/**
 * Shows the image's own pixels inside an outline, where the image shows them.
 *
 * One vector with the image as its fill is enough where each of the node's fills can be written for another box: a
 * third of the layers of a mask with a copy below it, and no rectangle of the whole image a layer. The others get
 * the mask: docs/decisions/0008-fill-cut-outs-with-the-image.md.
 */
import { CodedError } from '../../protocol/errors.js';
import { readOrientation } from './exif.js';
import { imageTransformOf } from './image-fit.js';
import { hasPattern, readImageSize, visiblePaints } from './image-node.js';
import type { FilledNode } from './image-node.js';
import { isStretched } from './place.js';
import type { Place } from './place.js';
import { compose, translation } from './placement.js';
import type { Matrix } from './placement.js';

/** A fill of the image's node, written so that it can be moved to another box. */
export type MovableFill =
  { readonly paint: SolidPaint } | { readonly paint: ImagePaint; readonly transform: Matrix };

/** @returns The node's visible fills, bottom first; undefined when one of them cannot be moved exactly. */
export async function readMovableFills(node: FilledNode): Promise<readonly MovableFill[] | undefined> {
  const fills: MovableFill[] = [];
  for (const paint of visiblePaints(node)) {
    const fill =
      paint.type === 'SOLID' ? { paint } : paint.type === 'IMAGE' && (await readImageFill(node, paint));
    if (!fill) return undefined;
    fills.push(fill);
  }
  return fills;
}

async function readImageFill(node: FilledNode, paint: ImagePaint): Promise<MovableFill | undefined> {
  const size = paint.imageHash === null ? null : await readImageSize(paint.imageHash);
  const transform = size && imageTransformOf(paint, node, size);
  if (!transform) return undefined;
  // A crop says by itself where the image lies; the others follow from its proportions.
  const isCrop = paint.scaleMode === 'CROP' && paint.imageTransform !== undefined;
  if (!isCrop && (await isTurnedByFile(paint.imageHash!))) return undefined;
  return { paint, transform };
}

/**
 * Whether the file itself asks to be shown on its side, or mirrored. Figma does not document whether the size that it
 * tells is meant before or after that.
 */
async function isTurnedByFile(imageHash: string): Promise<boolean> {
  try {
    const bytes = await figma.getImageByHash(imageHash)!.getBytesAsync();
    return readOrientation(bytes) !== 1;
  } catch {
    // What cannot be looked at gets the mask, which lies right in any case.
    return true;
  }
}

/**
 * The same fills for a vector whose box is a part of the node's.
 *
 * @param vector As it was drawn: at its place in the node's own axes, its scale baked in.
 */
export function moveFills(
  fills: readonly MovableFill[],
  vector: VectorNode,
  node: FilledNode,
  { scaleX, scaleY }: Place,
): Paint[] {
  const [width, height] = [scaleX * node.width, scaleY * node.height];
  // Position in the vector → position in the node, each in 0..1.
  const toNode = compose(translation(vector.x / width, vector.y / height), [
    [vector.width / width, 0, 0],
    [0, vector.height / height, 0],
  ]);
  return fills.map((fill) =>
    'transform' in fill
      ? { ...fill.paint, scaleMode: 'CROP', imageTransform: compose(fill.transform, toNode) }
      : fill.paint,
  );
}

/**
 * Gives a rectangle, which is on the page still, the node's size and fills.
 *
 * @throws CodedError NODE_CHANGED when the node's axes are scaled apart: fills that repeat cannot follow; or for fills
 *   that cannot be copied at once.
 */
export function copyImage(rectangle: RectangleNode, node: FilledNode, place: Place): void {
  const { scaleX, scaleY } = place;
  const paints = visiblePaints(node);
  if (hasPattern(paints)) {
    throw new CodedError(
      'NODE_CHANGED',
      `${node.name} has a pattern among its fills, which cannot be copied behind a mask.`,
      'Insert an outline or a picture instead, or hide the pattern.',
    );
  }
  if (isStretched(place)) {
    throw new CodedError(
      'NODE_CHANGED',
      `${node.name} is skewed by the layers around it, and its fill cannot be skewed along.`,
      'Insert outlines instead of cut-outs.',
    );
  }
  rectangle.name = node.name;
  rectangle.x = 0;
  rectangle.y = 0;
  rectangle.resize(scaleX * node.width, scaleY * node.height);
  rectangle.strokes = [];
  rectangle.fills = paints.map((paint) =>
    'scalingFactor' in paint && paint.scalingFactor !== undefined
      ? { ...paint, scalingFactor: paint.scalingFactor * scaleX }
      : paint,
  );
}
