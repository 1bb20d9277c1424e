/** Separates an object from its background: two layers that together show what the image shows. */
import type { BridgeParams, BridgeResult, OriginalAfter, OutlineLayer } from '../bridge.js';
import { requireMasks } from './editor.js';
import type { FilledNode } from './image-node.js';
import { insertLayers } from './insertion.js';
import { markGroup } from './layer-data.js';
import { LayerMaker, OPAQUE } from './make-layer.js';
import type { MadeLayer } from './make-layer.js';
import { drawShape, readShape } from './node-shape.js';
import { hangAbove, openUnchanged } from './place.js';
import type { Place } from './place.js';
import type { RequestContext } from './requests.js';
import { separatePaths } from './separated.js';
import type { Change } from './take-back.js';

/** What the two are called; their group has the image's name. */
const NAMES = { object: 'Object', background: 'Background' } as const;

/**
 * Inserts the object and the background above their image in one group, as one undo step. All or nothing.
 *
 * @throws CodedError NODE_GONE, NODE_CHANGED, NODE_READ_ONLY, PARAMS_INVALID, CANCELLED.
 */
export async function separateObject(
  { source, outline, originalAfter, choices }: BridgeParams<'separate-object'>,
  context: RequestContext,
): Promise<BridgeResult<'separate-object'>> {
  const { node } = await openUnchanged(source);
  const paths = separatePaths(outline, node, source.pixelsPerUnit);
  const shape = readShape(node);
  if (shape) requireMasks(node);
  const maker = await LayerMaker.for(node, source, 'cutouts');
  context.throwIfCancelled();
  const original = new Original(node, originalAfter);
  const layers: MadeLayer[] = [];
  let group: GroupNode | undefined;
  const add = (layer: OutlineLayer, place: Place, made: SceneNode[]): void => {
    const rest = { ...layer, path: paths.background, role: 'background' } as const;
    const background = maker.make(rest, NAMES.background, place, made);
    group = maker.group(background.top, node.name, made);
    hangAbove(group, place);
    const object = maker.make({ ...layer, path: paths.object }, NAMES.object, place, made);
    group.appendChild(object.top);
    markGroup(group, source, object.vector);
    layers.push(object, background);
    for (const each of layers) each.settle();
    if (shape) maskAll(group, shape, place, made);
    group.opacity = 'opacity' in node ? node.opacity : 1;
    if ('blendMode' in node) group.blendMode = node.blendMode;
    original.change();
  };
  const selection = (): SceneNode[] => (group ? [group] : []);
  const job = { source, layers: [outline], add, selection, changes: original.changes, choices };
  const placed = await insertLayers(node, job, context);
  return {
    layers: layers.map(({ ref }) => ref),
    originalAfter: original.after,
    ...placed,
  };
}

/** A mask masks what is above it in its group. */
function maskAll(group: GroupNode, shape: VectorPaths, place: Place, made: SceneNode[]): void {
  const mask = figma.createVector();
  made.push(mask);
  mask.name = 'Shape';
  const transform = drawShape(mask, shape, place);
  mask.fills = [OPAQUE];
  mask.strokes = [];
  group.insertChild(0, mask);
  mask.relativeTransform = transform;
  mask.isMask = true;
}

/** The image itself, which may be in the way of its parts. */
class Original {
  readonly after: OriginalAfter;
  readonly changes: readonly Change[];

  constructor(
    private readonly node: FilledNode,
    wanted: OriginalAfter,
  ) {
    // Whatever else is in it would be hidden or locked along.
    const holdsOthers = 'children' in node && node.type !== 'BOOLEAN_OPERATION' && node.children.length > 0;
    // What is made of a slide's own fill is in the slide.
    this.after = holdsOthers || node.type === 'SLIDE' ? 'keep' : wanted;
    const { visible, locked, name } = node;
    const takeBack = (): void => {
      if (node.removed) return;
      if (node.visible !== visible) node.visible = visible;
      if (node.locked !== locked) node.locked = locked;
    };
    this.changes = [{ what: `that ${name} is hidden or locked`, takeBack }];
  }

  change(): void {
    if (this.after === 'hide') this.node.visible = false;
    if (this.after === 'lock') this.node.locked = true;
  }
}
