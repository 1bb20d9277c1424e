/** Where a new layer goes: pure matrix and tree arithmetic, no Figma calls. */
import type { ClosedKind } from '../bridge.js';
import { CodedError } from '../../protocol/errors.js';

/** Figma's Transform: two rows of an affine map, [[a, c, tx], [b, d, ty]]; x to the right, y down. */
export type Matrix = [[number, number, number], [number, number, number]];

export const IDENTITY: Matrix = [
  [1, 0, 0],
  [0, 1, 0],
];

export function translation(x: number, y: number): Matrix {
  return [
    [1, 0, x],
    [0, 1, y],
  ];
}

export function scaling(x: number, y: number): Matrix {
  return [
    [x, 0, 0],
    [0, y, 0],
  ];
}

/** The map that applies `inner` first, then `outer`. */
export function compose(outer: Matrix, inner: Matrix): Matrix {
  const [[a, c, tx], [b, d, ty]] = outer;
  const [[e, g, ux], [f, h, uy]] = inner;
  return [
    [a * e + c * f, a * g + c * h, a * ux + c * uy + tx],
    [b * e + d * f, b * g + d * h, b * ux + d * uy + ty],
  ];
}

export function transformPoint([[a, c, tx], [b, d, ty]]: Matrix, x: number, y: number): [number, number] {
  return [a * x + c * y + tx, b * x + d * y + ty];
}

/** @throws CodedError NODE_CHANGED when the map flattens the plane: a layer of no size has no inside. */
export function invert([[a, c, tx], [b, d, ty]]: Matrix): Matrix {
  const determinant = a * d - b * c;
  if (Math.abs(determinant) < 1e-12) {
    throw new CodedError(
      'NODE_CHANGED',
      'The image lies in a layer that has been squashed to nothing.',
      'Give that layer a size, then try again.',
    );
  }
  return [
    [d / determinant, -c / determinant, (c * ty - d * tx) / determinant],
    [-b / determinant, a / determinant, (b * tx - a * ty) / determinant],
  ];
}

/**
 * Splits a map into what Figma keeps on a node and what has to be baked into its geometry, because a node's
 * axes have unit length: `matrix` = `unit` ∘ scaling(`scaleX`, `scaleY`).
 */
export function splitScale(matrix: Matrix): {
  readonly unit: Matrix;
  readonly scaleX: number;
  readonly scaleY: number;
} {
  const [[a, c, tx], [b, d, ty]] = matrix;
  const scaleX = Math.hypot(a, b);
  const scaleY = Math.hypot(c, d);
  return {
    unit: [
      [a / scaleX, c / scaleY, tx],
      [b / scaleX, d / scaleY, ty],
    ],
    scaleX,
    scaleY,
  };
}

/** The part of a Figma node that the walk up its tree looks at. */
export interface TreeNode {
  readonly id: string;
  readonly type: string;
  readonly parent: TreeNode | null;
  /** Only frames have one. */
  readonly layoutMode?: string;
}

/** They grow with their children and have no coordinates of their own. */
const GROUPS = new Set(['GROUP', 'BOOLEAN_OPERATION', 'TRANSFORM_GROUP']);

/** An added child would change what these look like, or is refused. */
const CLOSED: ReadonlyMap<string, ClosedKind> = new Map([
  ['INSTANCE', 'instance'],
  ['BOOLEAN_OPERATION', 'booleanOperation'],
  ['TRANSFORM_GROUP', 'transformGroup'],
]);

/** The node that positions inside `parent` are relative to: `parent` itself unless that is a kind of group. */
export function containerOf<N extends TreeNode>(parent: N): N {
  let container = parent;
  while (GROUPS.has(container.type) && container.parent) container = container.parent as N;
  return container;
}

/** Whether the node arranges its children by itself. */
export function hasAutoLayout(node: TreeNode | null): boolean {
  return node !== null && 'layoutMode' in node && node.layoutMode !== 'NONE';
}

/** What a layer is inserted beside. */
export interface Anchor<N extends TreeNode> {
  readonly node: N;
  /** What it is that keeps the layer from being right above the image; missing where nothing does. */
  readonly closed?: ClosedKind;
}

/**
 * Where a new sibling changes nothing else: beside `node` itself, or an ancestor around it. The anchor's parent
 * accepts layers.
 */
export function findAnchor<N extends TreeNode>(node: N): Anchor<N> {
  let anchor: TreeNode = node;
  let closed: ClosedKind | undefined;
  for (let parent = node.parent; parent; parent = parent.parent) {
    const kind = CLOSED.get(parent.type);
    if (kind) [anchor, closed] = [parent, kind];
  }
  // A group that an outline sticks out of grows, and an auto-layout would move everything for it.
  let group = anchor;
  while (group.parent && GROUPS.has(group.parent.type)) group = group.parent;
  if (hasAutoLayout(group.parent) && group !== anchor) [anchor, closed] = [group, closed ?? 'layoutGroup'];
  // A component set takes components alone.
  if (anchor.parent?.type === 'COMPONENT_SET') [anchor, closed] = [anchor.parent, closed ?? 'componentSet'];
  return { node: anchor as N, ...(closed && { closed }) };
}
