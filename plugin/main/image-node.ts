/** Finds the image that a node shows. */
import { CodedError } from '../../protocol/errors.js';
import type { Size } from '../../protocol/geometry.js';
import type { ImageFit } from './image-fit.js';

/** A node that can carry an image fill. */
export type FilledNode = SceneNode & MinimalFillsMixin & LayoutMixin;

/** A node together with the image it shows. */
export interface ImageNode {
  readonly node: FilledNode;
  /** The topmost visible image fill. */
  readonly paint: ImagePaint & { readonly imageHash: string };
  /** The stored image's own size in pixels. */
  readonly image: Size;
}

/**
 * Looks up a node that shows an image.
 *
 * @throws CodedError NODE_GONE, NOT_AN_IMAGE, IMAGE_MISSING.
 */
export async function openImageNode(nodeId: string): Promise<ImageNode> {
  const node = await figma.getNodeByIdAsync(nodeId);
  if (!node || node.removed || node.type === 'DOCUMENT' || node.type === 'PAGE') throw nodeGone();
  return readImageNode(node);
}

/** @throws CodedError NODE_GONE, NOT_AN_IMAGE, IMAGE_MISSING. */
export async function readImageNode(node: SceneNode): Promise<ImageNode> {
  const paint = findImagePaint(node);
  if (!paint) {
    throw new CodedError(
      'NOT_AN_IMAGE',
      `${node.name} has no visible image fill.`,
      'Select a layer that shows an image.',
    );
  }
  const size = await readImageSize(paint.imageHash);
  if (node.removed) throw nodeGone();
  if (!size) {
    throw new CodedError(
      'IMAGE_MISSING',
      `The file has lost the image of ${node.name}.`,
      'Place the image again, then select it.',
    );
  }
  return { node: node as FilledNode, paint, image: size };
}

/**
 * Marks what decides where the image's pixels lie in its node: size, image, crop. Colours, filters and the
 * node's own position may change without making pixels that were read before wrong.
 */
export function markRevision({ node, paint }: ImageNode): string {
  const { imageHash, scaleMode, imageTransform, scalingFactor, rotation } = paint;
  return JSON.stringify([
    node.width,
    node.height,
    imageHash,
    scaleMode,
    imageTransform,
    scalingFactor,
    rotation,
  ]);
}

/** @returns The node's size and how the image lay in it; undefined for what `markRevision` did not write. */
export function readRevision(revision: string): { readonly box: Size; readonly fit: ImageFit } | undefined {
  let parts: unknown;
  try {
    parts = JSON.parse(revision);
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts) || parts.length !== 7) return undefined;
  const [width, height, , scaleMode, imageTransform, , rotation] = parts as [number, number, ...unknown[]];
  // JSON has null for what was undefined.
  const fit = {
    scaleMode,
    ...(imageTransform !== null && { imageTransform }),
    ...(rotation !== null && { rotation }),
  };
  return { box: { width, height }, fit: fit as ImageFit };
}

/** @returns The error for a node that was deleted, before or during a request. */
export function nodeGone(): CodedError {
  return new CodedError('NODE_GONE', 'The image was deleted from the file.', 'Select another image.');
}

function findImagePaint(node: SceneNode): ImageNode['paint'] | undefined {
  if (!('fills' in node) || !Array.isArray(node.fills)) return undefined;
  const paints: readonly Paint[] = node.fills;
  for (let i = paints.length - 1; i >= 0; i--) {
    const paint = paints[i]!;
    if (paint.type === 'IMAGE' && paint.imageHash !== null && paint.visible !== false) {
      return paint as ImageNode['paint'];
    }
  }
  return undefined;
}

/** What shows of a node's fills, bottom first. Some that are hidden cannot even be copied. */
export function visiblePaints({ fills }: Pick<FilledNode, 'fills'>): readonly Paint[] {
  return (fills as readonly Paint[]).filter(({ visible }) => visible !== false);
}

/** Figma sets a fill of copies of another layer only after it has loaded that layer. */
export function hasPattern(paints: readonly Paint[]): boolean {
  return paints.some(({ type }) => type === 'PATTERN');
}

/** @returns Size of an image that the file holds; null when it has lost it. */
export async function readImageSize(imageHash: string): Promise<Size | null> {
  const image = figma.getImageByHash(imageHash);
  return image && (await image.getSizeAsync().catch(() => null));
}
