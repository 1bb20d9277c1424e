/** The place of new layers above their image, and how nodes get there. */
import type { Beside, ImageSource } from '../bridge.js';
import { CodedError } from '../../protocol/errors.js';
import { markRevision, nodeGone, openImageNode } from './image-node.js';
import type { FilledNode, ImageNode } from './image-node.js';
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

export type Parent = BaseNode & ChildrenMixin;

/** Where the image lies now, and where layers above it go. */
export interface Place {
  readonly parent: Parent;
  /** In `parent`, right above the image or what it is inside of. */
  readonly index: number;
  /** Axes of unit length along the image's own → the coordinates in which children of `parent` are placed. */
  readonly axes: Matrix;
  /** Lengths along those axes for one unit of the image's own. */
  readonly scaleX: number;
  readonly scaleY: number;
  /** Present where layers cannot go right above the image. */
  readonly beside?: Beside;
}

/** Two scales that differ by less are one. */
const SAME_SCALE = 1e-4;

/** Whether what is around the image changes its proportions. */
export function isStretched({ scaleX, scaleY }: Place): boolean {
  return Math.abs(scaleX - scaleY) > SAME_SCALE * scaleX;
}

/** @throws CodedError NODE_CHANGED besides those of `openImageNode`. */
export async function openUnchanged(source: ImageSource): Promise<ImageNode> {
  const imageNode = await openImageNode(source.nodeId);
  if (markRevision(imageNode) === source.revision) return imageNode;
  throw new CodedError(
    'NODE_CHANGED',
    `${imageNode.node.name} was resized, cropped or replaced since it was read.`,
    'Load the image again, then insert.',
  );
}

/** @throws CodedError NODE_GONE, NODE_CHANGED. */
export function findPlace(node: FilledNode): Place {
  // A slide is in a row, which takes slides alone; what is in it lies above its fill.
  if (node.type === 'SLIDE') return { parent: node, index: 0, axes: IDENTITY, scaleX: 1, scaleY: 1 };
  const { node: anchor, closed } = findAnchor<TreeNode>(node);
  const parent = anchor.parent as Parent | null;
  if (!parent) throw nodeGone();
  const index = parent.children.findIndex(({ id }) => id === anchor.id) + 1;
  // A node's axes have unit length: whatever scale there is goes into the geometry.
  const { unit, scaleX, scaleY } = splitScale(transformWithin(parent, node));
  const beside = closed && { name: (anchor as SceneNode).name, closed };
  return { parent, index, axes: unit, scaleX, scaleY, ...(beside && { beside }) };
}

/** The node's own coordinates → those in which children of `parent` are placed. */
function transformWithin(parent: Parent, node: FilledNode): Matrix {
  if (node.parent?.id === parent.id) return node.relativeTransform;
  const container = containerOf<TreeNode>(parent);
  if (!('absoluteTransform' in container)) return node.absoluteTransform;
  return compose(invert((container as FrameNode).absoluteTransform), node.absoluteTransform);
}

/** How far the image has moved from one place to another, in units of the place; Infinity to another parent. */
export function drift(from: Place, to: Place, { width, height }: FilledNode): number {
  if (from.parent.id !== to.parent.id) return Infinity;
  const [before, after] = [from, to].map(({ axes, scaleX, scaleY }) =>
    compose(axes, scaling(scaleX, scaleY)),
  );
  const difference = before!.map((row, i) => row.map((value, j) => value - after![i]![j]!));
  const corners = [[0, 0] as const, [width, 0] as const, [0, height] as const];
  return Math.max(
    ...corners.flatMap(([x, y]) => difference.map(([a, b, c]) => Math.abs(a! * x + b! * y + c!))),
  );
}

/**
 * Draws a path on a vector that is on the page still.
 *
 * @param path In image pixels.
 * @returns The transform that puts the vector in its place. Figma has moved the geometry's own corner to (0, 0)
 *   and the node to where it was; reading that back instead of computing it makes no difference between control
 *   points and curve.
 */
export function drawPath(vector: VectorNode, path: string, place: Place, pixelsPerUnit: number): Matrix {
  const toLayer = scaling(place.scaleX / pixelsPerUnit, place.scaleY / pixelsPerUnit);
  vector.relativeTransform = IDENTITY;
  vector.vectorPaths = [{ windingRule: 'EVENODD', data: transformPath(path, toLayer) }];
  return compose(place.axes, translation(vector.x, vector.y));
}

/**
 * Hangs a layer above the image, exempt from its parent's arranging, if it does any.
 *
 * @param above How many other layers come between.
 */
export function hangAbove(layer: SceneNode & LayoutMixin, { parent, index }: Place, above = 0): void {
  parent.insertChild(Math.min(index + above, parent.children.length), layer);
  if (hasAutoLayout(parent)) layer.layoutPositioning = 'ABSOLUTE';
}
