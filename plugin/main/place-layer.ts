/** Turns outlines into layers that lie exactly on their image: vectors, or cut-outs of the image. */
import type { BridgeParams, BridgeResult, OutlineLayer } from '../bridge.js';
import { insertLayers } from './insertion.js';
import { layerName, nextNumber } from './layer-name.js';
import { LayerMaker } from './make-layer.js';
import type { MadeLayer } from './make-layer.js';
import { hangAbove, openUnchanged } from './place.js';
import type { Place } from './place.js';
import type { RequestContext } from './requests.js';

/**
 * Inserts outlines above their image as one undo step and selects them. All or nothing.
 *
 * @throws CodedError NODE_GONE, NODE_CHANGED, NODE_READ_ONLY, PARAMS_INVALID, CANCELLED.
 */
export async function insertOutlines(
  { source, style = 'outlines', outlines, keepsSelection, choices }: BridgeParams<'insert-outlines'>,
  context: RequestContext,
): Promise<BridgeResult<'insert-outlines'>> {
  const { node } = await openUnchanged(source);
  const maker = await LayerMaker.for(node, source, style);
  const word = style === 'cutouts' ? 'Cut-out' : 'Outline';
  const layers: MadeLayer[] = [];
  let number: number | undefined;
  const add = (outline: OutlineLayer, place: Place, made: SceneNode[]): void => {
    number ??= nextNumber(word, place.parent, node.name);
    const layer = maker.make(outline, layerName(word, number + layers.length, node.name), place, made);
    hangAbove(layer.top, place, layers.length);
    layer.settle();
    layers.push(layer);
  };
  const selection = (): SceneNode[] => (keepsSelection ? [] : layers.map(({ top }) => top));
  const placed = await insertLayers(node, { source, layers: outlines, add, selection, choices }, context);
  return { layers: layers.map(({ ref }) => ref), ...placed };
}
