/** Turns outlines into vector layers that lie exactly on their image. */
import type { BridgeParams, BridgeResult, OutlineLayer } from '../bridge.js';
import { insertLayers } from './insertion.js';
import { writeLayerData } from './layer-data.js';
import { drawPath, leaveLayout, openUnchanged } from './place.js';
import type { Parent, Place } from './place.js';
import type { RequestContext } from './requests.js';

/** What an outline without a colour of its own is drawn with: visible on light and dark photographs alike. */
const STROKE: SolidPaint = { type: 'SOLID', color: { r: 0.05, g: 0.55, b: 1 } };

/**
 * Inserts outlines above their image as one undo step and selects them. All or nothing.
 *
 * @throws CodedError NODE_GONE, NODE_CHANGED, NODE_READ_ONLY, PARAMS_INVALID, CANCELLED.
 */
export async function insertOutlines(
  { source, outlines }: BridgeParams<'insert-outlines'>,
  context: RequestContext,
): Promise<BridgeResult<'insert-outlines'>> {
  const { node } = await openUnchanged(source);
  const vectors: VectorNode[] = [];
  let number: number | undefined;
  const add = (outline: OutlineLayer, place: Place, made: SceneNode[]): void => {
    const { parent } = place;
    number ??= nextNumber(parent, node.name);
    const vector = figma.createVector();
    made.push(vector);
    paintOutline(vector, outline);
    const transform = drawPath(vector, outline.path, place, source.pixelsPerUnit);
    vector.name = `Outline ${number + vectors.length} of ${node.name}`;
    writeLayerData(vector, source, outline);
    parent.insertChild(Math.min(place.index + vectors.length, parent.children.length), vector);
    leaveLayout(vector, parent);
    vector.relativeTransform = transform;
    vectors.push(vector);
  };
  await insertLayers(node, { source, layers: outlines, add, selection: () => vectors }, context);
  return { layers: vectors.map(({ id, name }) => ({ nodeId: id, name })) };
}

/** Fills a vector with the outline's colour, or draws its line where it has none. */
export function paintOutline(vector: VectorNode, { fill }: OutlineLayer): void {
  vector.fills = fill ? [{ type: 'SOLID', color: { r: fill.r, g: fill.g, b: fill.b } }] : [];
  vector.strokes = fill ? [] : [STROKE];
  vector.strokeWeight = 1;
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
