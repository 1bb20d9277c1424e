/** Turns a tree of objects into nested groups of layers that lie exactly on their image. */
import type { BridgeParams, BridgeResult, TreeLayer } from '../bridge.js';
import { copyImage, moveFills, readMovableFills } from './cut-out.js';
import type { MovableFill } from './cut-out.js';
import type { FilledNode } from './image-node.js';
import { insertLayers } from './insertion.js';
import { markGroup, writeLayerData } from './layer-data.js';
import { paintOutline } from './place-layer.js';
import { drawPath, leaveLayout, openUnchanged } from './place.js';
import type { Place } from './place.js';
import type { Matrix } from './placement.js';
import type { RequestContext } from './requests.js';

/** What masks: anything opaque does. */
const OPAQUE: SolidPaint = { type: 'SOLID', color: { r: 0, g: 0, b: 0 } };

/**
 * Inserts a tree above its image in one group, as one undo step, and selects the group. All or nothing.
 *
 * @throws CodedError NODE_GONE, NODE_CHANGED, NODE_READ_ONLY, PARAMS_INVALID, CANCELLED.
 */
export async function insertTree(
  params: BridgeParams<'insert-tree'>,
  context: RequestContext,
): Promise<BridgeResult<'insert-tree'>> {
  const { source, style, layers } = params;
  const { node } = await openUnchanged(source);
  if (layers.length === 0) return { layers: [] };
  const tree = new TreeBuilder(node, params, style === 'cutouts' ? await readMovableFills(node) : undefined);
  const add = tree.add.bind(tree);
  await insertLayers(node, { source, layers, add, selection: () => tree.selection }, context);
  return { layers: tree.vectors.map(({ id, name }) => ({ nodeId: id, name })) };
}

/** A node made for a layer, and where it belongs. */
interface Drawn {
  readonly node: VectorNode | RectangleNode;
  readonly transform: Matrix;
}

/**
 * Builds in place, inside of one group from the first layer on: what a broken insertion has to take away hangs
 * together, and no group is ever empty, which Figma would delete.
 */
class TreeBuilder {
  readonly vectors: VectorNode[] = [];
  private root: GroupNode | undefined;
  private readonly groups = new Map<number, GroupNode>();
  private readonly withParts: ReadonlySet<number | null>;

  constructor(
    private readonly image: FilledNode,
    private readonly params: BridgeParams<'insert-tree'>,
    private readonly fills: readonly MovableFill[] | undefined,
  ) {
    this.withParts = new Set(params.layers.map(({ parent }) => parent));
  }

  get selection(): readonly SceneNode[] {
    return this.root ? [this.root] : [];
  }

  add(layer: TreeLayer, place: Place, made: SceneNode[]): void {
    const drawn = this.draw(layer, place, made);
    let top: SceneNode = drawn[0]!.node;
    if (drawn.length > 1) top = this.maskImage(layer, drawn, made);
    if (this.withParts.has(layer.id)) {
      top = this.group(top, layer.name, made);
      this.groups.set(layer.id, top);
    }
    this.hang(top, layer, place, made);
    // Last, when nothing moves them any more.
    for (const { node, transform } of drawn) node.relativeTransform = transform;
  }

  /** The layer's vector, and below a mask the image. */
  private draw(layer: TreeLayer, place: Place, made: SceneNode[]): readonly [Drawn, ...Drawn[]] {
    const { source, style } = this.params;
    const vector = figma.createVector();
    made.push(vector);
    const transform = drawPath(vector, layer.path, place, source.pixelsPerUnit);
    vector.name = layer.name;
    writeLayerData(vector, source, layer);
    this.vectors.push(vector);
    if (style === 'outlines') paintOutline(vector, layer);
    else {
      vector.fills = this.fills ? moveFills(this.fills, vector, this.image, place) : [OPAQUE];
      vector.strokes = [];
    }
    const mine = { node: vector, transform };
    if (style === 'outlines' || this.fills) return [mine];
    const rectangle = figma.createRectangle();
    made.push(rectangle);
    copyImage(rectangle, this.image, place);
    return [mine, { node: rectangle, transform: place.axes }];
  }

  /** A mask masks every sibling above it, so it gets a group of its own with the image. */
  private maskImage(layer: TreeLayer, drawn: readonly Drawn[], made: SceneNode[]): GroupNode {
    const [mask, image] = drawn.map(({ node }) => node);
    const group = this.group(mask!, layer.name, made);
    group.appendChild(image!);
    mask!.isMask = true;
    return group;
  }

  /** Groups what is on the page still. */
  private group(node: SceneNode, name: string, made: SceneNode[]): GroupNode {
    const group = figma.group([node], figma.currentPage);
    made.push(group);
    group.name = name;
    markGroup(group, this.params.source);
    return group;
  }

  private hang(top: SceneNode, { parent: of }: TreeLayer, { parent, index }: Place, made: SceneNode[]): void {
    const group = of === null ? this.root : this.groups.get(of);
    if (group) return group.appendChild(top);
    this.root = this.group(top, `Everything in ${this.image.name}`, made);
    parent.insertChild(Math.min(index, parent.children.length), this.root);
    leaveLayout(this.root, parent);
  }
}
