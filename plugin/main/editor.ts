/** What differs between the editors of Figma that the plugin runs in; docs/publishing.md says how that is known. */
import { CodedError } from '../../protocol/errors.js';
import type { FilledNode } from './image-node.js';

/**
 * FigJam has nothing to make or release a mask with, and Figma does not document masks there.
 *
 * @throws CodedError NODE_CHANGED in FigJam.
 */
export function requireMasks({ name }: Pick<FilledNode, 'name'>): void {
  if (figma.editorType !== 'figjam') return;
  throw new CodedError(
    'NODE_CHANGED',
    `${name} is filled, or shaped, in a way that takes a mask, and FigJam has none.`,
    'Insert an outline or a picture instead, or do it in a design file.',
  );
}

/** Figma documents buttons on layers for design files and for FigJam. */
export function hasLayerButtons(): boolean {
  return figma.editorType !== 'slides';
}
