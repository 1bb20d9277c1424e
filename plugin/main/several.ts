/** Tells what several selected nodes are: images, layers of ours, or nothing to work on. */
import type { SelectedImage, SelectedLayer, SelectedOther, SeveralSelection } from '../selection.js';
import { MAX_LISTED } from '../selection.js';
import { CodedError } from '../../protocol/errors.js';
import { openableLayer } from './edit-layer.js';
import { planExport } from './export-node.js';
import { markRevision, openImageNode, readImageNode } from './image-node.js';
import type { ImageNode } from './image-node.js';
import { readOrigin } from './layer-data.js';

/** @returns Each image once, in the order of the selection, which layers that cannot be opened stand for, too. */
export async function describeSeveral(selected: readonly SceneNode[]): Promise<SeveralSelection> {
  const images = new Map<string, SelectedImage>();
  const layers: SelectedLayer[] = [];
  const others: SelectedOther[] = [];
  for (const node of selected.slice(0, MAX_LISTED)) {
    const source = await findSource(node);
    const found = source ? describeOurs(node, source) : await describeNode(node);
    if ('image' in found) layers.push(found);
    else if ('pixels' in found) images.set(found.nodeId, found);
    else others.push(found);
  }
  return { kind: 'several', count: selected.length, images: [...images.values()], layers, others };
}

/** The image that a layer of ours was made from; undefined for any other node, and when it is gone. */
export async function findSource(node: SceneNode): Promise<ImageNode | undefined> {
  const origin = node.removed ? undefined : readOrigin(node);
  if (!origin) return undefined;
  try {
    const source = await openImageNode(origin.nodeId);
    // A layer pasted from another file may carry an id that means something else here.
    return source.paint.imageHash === origin.imageHash ? source : undefined;
  } catch (error) {
    if (error instanceof CodedError) return undefined;
    throw error;
  }
}

/** The selected ones among the layers of one image that can be opened. */
export function describeLayers(selected: readonly SceneNode[], source: ImageNode): SelectedLayer[] {
  return selected
    .slice(0, MAX_LISTED)
    .map((node) => describeOurs(node, source))
    .filter((found) => 'image' in found);
}

function describeOurs(node: SceneNode, source: ImageNode): SelectedLayer | SelectedImage {
  const image = describeImage(source);
  if (node.removed || !openableLayer(node, image.revision)) return image;
  return { nodeId: node.id, name: node.name, image };
}

async function describeNode(node: SceneNode): Promise<SelectedImage | SelectedOther> {
  try {
    return describeImage(await readImageNode(node));
  } catch (error) {
    return describeOther(node, error);
  }
}

function describeImage(imageNode: ImageNode): SelectedImage {
  const { id, name } = imageNode.node;
  return { nodeId: id, name, revision: markRevision(imageNode), pixels: planExport(imageNode).pixels };
}

/**
 * Why a node shows no image.
 *
 * @param error What looking for one threw; anything that was not foreseen is thrown again.
 */
export function describeOther(node: SceneNode, error: unknown): SelectedOther {
  if (!(error instanceof CodedError)) throw error;
  return {
    nodeId: node.id,
    name: node.removed ? '' : node.name,
    what: node.removed ? 'layer' : node.type.toLowerCase().replace(/_/g, ' '),
    reason: error.code === 'IMAGE_MISSING' ? 'image-missing' : 'no-image-fill',
  };
}
