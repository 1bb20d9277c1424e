/** Turns outlines into vector layers that lie exactly on their image. */
import type { BridgeParams, BridgeResult, ImageSource, OutlineLayer } from '../bridge.js';
import { CodedError } from '../../protocol/errors.js';
import { markRevision, nodeGone, openImageNode } from './image-node.js';
import type { FilledNode } from './image-node.js';
import { writeLayerData } from './layer-data.js';
import { transformPath } from './path.js';
import {
  compose,
  containerOf,
  findAnchor,
  hasAutoLayout,
  IDENTITY,
  invert,
  scaling,
  splitScale,
  translation,
} from './placement.js';
import type { Matrix, TreeNode } from './placement.js';
import type { RequestContext } from './requests.js';

/** Layers made before the canvas gets a chance to repaint. */
const CHUNK = 10;

/** What an outline without a colour of its own is drawn with: visible on light and dark photographs alike. */
const STROKE: SolidPaint = { type: 'SOLID', color: { r: 0.05, g: 0.55, b: 1 } };

type Parent = BaseNode & ChildrenMixin;

/**
 * Inserts outlines above their image as one undo step and selects them. All or nothing.
 *
 * @throws CodedError NODE_GONE, NODE_CHANGED, NODE_READ_ONLY, PARAMS_INVALID, CANCELLED.
 */
export async function insertOutlines(
  { source, outlines }: BridgeParams<'insert-outlines'>,
  context: RequestContext,
): Promise<BridgeResult<'insert-outlines'>> {
  const node = await openUnchanged(source);
  const layers: VectorNode[] = [];
  try {
    figma.commitUndo();
    for (let start = 0; start < outlines.length; start += CHUNK) {
      if (start > 0) await pause(context, node, start, outlines.length);
      placeLayers(node, source, outlines.slice(start, start + CHUNK), layers);
    }
    selectLayers(layers);
    figma.commitUndo();
    return { layers: layers.map(({ id, name }) => ({ nodeId: id, name })) };
  } catch (error) {
    for (const layer of layers) if (!layer.removed) layer.remove();
    throw error instanceof CodedError ? error : refusedByFigma(error);
  }
}

async function openUnchanged(source: ImageSource): Promise<FilledNode> {
  const imageNode = await openImageNode(source.nodeId);
  if (markRevision(imageNode) === source.revision) return imageNode.node;
  throw new CodedError(
    'NODE_CHANGED',
    `${imageNode.node.name} was resized, cropped or replaced since it was read.`,
    'Load the image again, then insert.',
  );
}

/** A bare await may not let the canvas repaint; a timer does. */
async function pause(context: RequestContext, node: FilledNode, done: number, total: number): Promise<void> {
  context.progress(done, total);
  await new Promise((resolve) => setTimeout(resolve, 0));
  context.throwIfCancelled();
  if (node.removed) throw nodeGone();
}

/** Adds a chunk of layers on top of those made so far. */
function placeLayers(
  node: FilledNode,
  source: ImageSource,
  outlines: readonly OutlineLayer[],
  layers: VectorNode[],
): void {
  const anchor = findAnchor<TreeNode>(node);
  const parent = anchor.parent as Parent | null;
  if (!parent) throw nodeGone();
  const top = parent.children.findIndex(({ id }) => id === anchor.id) + 1 + layers.length;
  const number = nextNumber(parent, node.name);
  // A node's axes have unit length: whatever scale there is goes into the path.
  const { unit, scaleX, scaleY } = splitScale(transformWithin(parent, node));
  const toNode = scaling(scaleX / source.pixelsPerUnit, scaleY / source.pixelsPerUnit);
  outlines.forEach((outline, i) => {
    const vector = figma.createVector();
    layers.push(vector);
    drawOutline(vector, outline, toNode);
    vector.name = `Outline ${number + i} of ${node.name}`;
    writeLayerData(vector, source, outline);
    insertAt(vector, parent, top + i, unit);
  });
}

function drawOutline(vector: VectorNode, { path, fill }: OutlineLayer, toNode: Matrix): void {
  vector.fills = fill ? [{ type: 'SOLID', color: { r: fill.r, g: fill.g, b: fill.b } }] : [];
  vector.strokes = fill ? [] : [STROKE];
  vector.strokeWeight = 1;
  vector.relativeTransform = IDENTITY;
  vector.vectorPaths = [{ windingRule: 'EVENODD', data: transformPath(path, toNode) }];
}

/**
 * Moves a vector from the page to its place. Figma has moved the geometry's own corner to (0, 0) and the node to
 * where it was; reading that back instead of computing it makes no difference between control points and curve.
 */
function insertAt(vector: VectorNode, parent: Parent, index: number, transform: Matrix): void {
  const placed = compose(transform, translation(vector.x, vector.y));
  parent.insertChild(Math.min(index, parent.children.length), vector);
  if (hasAutoLayout(parent)) vector.layoutPositioning = 'ABSOLUTE';
  vector.relativeTransform = placed;
}

/** The node's own coordinates → those in which children of `parent` are placed. */
function transformWithin(parent: Parent, node: FilledNode): Matrix {
  if (node.parent?.id === parent.id) return node.relativeTransform;
  const container = containerOf<TreeNode>(parent);
  if (!('absoluteTransform' in container)) return node.absoluteTransform;
  return compose(invert((container as FrameNode).absoluteTransform), node.absoluteTransform);
}

/** One above the highest number in use beside the image. */
function nextNumber(parent: Parent, imageName: string): number {
  const suffix = ` of ${imageName}`;
  let highest = 0;
  for (const { name } of parent.children) {
    if (!name.startsWith('Outline ') || !name.endsWith(suffix)) continue;
    const number = Number(name.slice('Outline '.length, -suffix.length));
    if (number > highest) highest = number;
  }
  return highest + 1;
}

/** Selecting on another page than the current one is refused, and would be of no use. */
function selectLayers(layers: readonly VectorNode[]): void {
  let page: BaseNode | null = layers[0] ?? null;
  while (page && page.type !== 'PAGE') page = page.parent;
  if (page?.id === figma.currentPage.id) figma.currentPage.selection = layers;
}

function refusedByFigma(cause: unknown): CodedError {
  return new CodedError(
    'NODE_READ_ONLY',
    'Figma did not let the plugin add a layer beside the image.',
    'Check that you may edit this file and that the image is not inside a component of a library.',
    { cause },
  );
}
