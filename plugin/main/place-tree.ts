/** Turns a tree of objects into nested groups of layers that lie exactly on their image. */
import type { BridgeParams, BridgeResult, LayerRef, TreeLayer } from '../bridge.js';
import type { FilledNode } from './image-node.js';
import { insertLayers } from './insertion.js';
import { LayerMaker } from './make-layer.js';
import { hangAbove, openUnchanged } from './place.js';
import type { Place } from './place.js';
import type { RequestContext } from './requests.js';

/**
 * Inserts a tree above its image in one group, as one undo step, and selects the group. All or nothing.
 *
 * @throws CodedError NODE_GONE, NODE_CHANGED, NODE_READ_ONLY, PARAMS_INVALID, CANCELLED.
 */
export async function insertTree(
  params: BridgeParams<'insert-tree'>,
  context: RequestContext,
): Promise<BridgeResult<'insert-tree'>> {
  const { source, style, layers, keepsSelection, choices } = params;
  const { node } = await openUnchanged(source);
  if (layers.length === 0) return { layers: [] };
  const tree = new TreeBuilder(node, layers, await LayerMaker.for(node, source, style));
  const add = tree.add.bind(tree);
  const selection = () => (keepsSelection ? [] : tree.selection);
  const placed = await insertLayers(node, { source, layers, add, selection, choices }, context);
  return { layers: tree.refs, ...placed };
}

/**
 * Builds in place, inside of one group from the first layer on: what a broken insertion has to take away hangs
 * together, and no group is ever empty, which Figma would delete.
 */
class TreeBuilder {
  readonly refs: LayerRef[] = [];
  private root: GroupNode | undefined;
  private readonly groups = new Map<number, GroupNode>();
  private readonly withParts: ReadonlySet<number | null>;

  constructor(
    private readonly image: FilledNode,
    layers: readonly TreeLayer[],
    private readonly maker: LayerMaker,
  ) {
    this.withParts = new Set(layers.map(({ parent }) => parent));
  }

  get selection(): readonly SceneNode[] {
    return this.root ? [this.root] : [];
  }

  add(layer: TreeLayer, place: Place, made: SceneNode[]): void {
    const drawn = this.maker.make(layer, layer.name, place, made);
    this.refs.push(drawn.ref);
    let top: SceneNode = drawn.top;
    if (this.withParts.has(layer.id)) {
      const group = this.maker.group(top, layer.name, made);
      this.groups.set(layer.id, group);
      top = group;
    }
    this.hang(top, layer, place, made);
    drawn.settle();
  }

  private hang(top: SceneNode, { parent: of }: TreeLayer, place: Place, made: SceneNode[]): void {
    const group = of === null ? this.root : this.groups.get(of);
    if (group) return group.appendChild(top);
    this.root = this.maker.group(top, `Everything in ${this.image.name}`, made);
    hangAbove(this.root, place);
  }
}
