/** The shape that a node's fills are seen in. */
import { CodedError } from '../../protocol/errors.js';
import type { FilledNode } from './image-node.js';
import { transformShape } from './path.js';
import type { Place } from './place.js';
import { compose, IDENTITY, scaling, translation } from './placement.js';
import type { Matrix } from './placement.js';

/** They fill their whole box, except where their corners are rounded. */
const BOXES: ReadonlySet<string> = new Set([
  'RECTANGLE',
  'FRAME',
  'COMPONENT',
  'INSTANCE',
  'SECTION',
  'SLIDE',
]);

const CORNERS = ['topLeftRadius', 'topRightRadius', 'bottomRightRadius', 'bottomLeftRadius'] as const;

/**
 * Reads the shape of a node that does not fill its box.
 *
 * @returns Paths in the node's own coordinates; undefined where the box is the shape.
 * @throws CodedError NODE_CHANGED where Figma does not tell a shape that can be drawn.
 */
export function readShape(node: FilledNode): VectorPaths | undefined {
  const hasSharpCorners = CORNERS.every(
    (corner) => !(corner in node) || (node as RectangleNode)[corner] === 0,
  );
  if (BOXES.has(node.type) && hasSharpCorners) return undefined;
  const shape = 'fillGeometry' in node ? (node as RectangleNode).fillGeometry : [];
  if (shape.length > 0 && shape.every(({ data }) => transformShape(data, IDENTITY) !== undefined))
    return shape;
  throw new CodedError(
    'NODE_CHANGED',
    `${node.name} has a shape that cannot be copied, so its background cannot end where it does.`,
    'Insert a cut-out instead, or put the image into a rectangle.',
  );
}

/**
 * Draws a shape on a vector that is on the page still.
 *
 * @param shape As of `readShape`.
 * @returns The transform that puts the vector in its place.
 */
export function drawShape(vector: VectorNode, shape: VectorPaths, { axes, scaleX, scaleY }: Place): Matrix {
  vector.relativeTransform = IDENTITY;
  vector.vectorPaths = shape.map(({ windingRule, data }) => ({
    windingRule,
    data: transformShape(data, scaling(scaleX, scaleY))!,
  }));
  return compose(axes, translation(vector.x, vector.y));
}
