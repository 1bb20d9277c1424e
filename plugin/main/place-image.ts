/** Turns a picture of an object into a layer that lies exactly on the part of the image that it shows. */
import type { BridgeParams, BridgeResult, LayerRef, OutlineLayer } from '../bridge.js';
import { CodedError } from '../../protocol/errors.js';
import type { Box } from '../../protocol/geometry.js';
import { insertLayers } from './insertion.js';
import { writeLayerData } from './layer-data.js';
import { layerName, nextNumber } from './layer-name.js';
import { transformPath } from './path.js';
import { hangAbove, isStretched, openUnchanged } from './place.js';
import type { Place } from './place.js';
import { compose, IDENTITY, translation } from './placement.js';
import type { RequestContext } from './requests.js';

/** Longest side of an image that Figma takes. */
const MAX_SIDE_PX = 4096;

/**
 * Inserts a picture above its image as one undo step and selects it. All or nothing.
 *
 * @throws CodedError IMAGE_TOO_LARGE, IMAGE_UNREADABLE besides those of `insertOutlines`.
 */
export async function insertImage(
  { source, bytes, box, layer, choices }: BridgeParams<'insert-image'>,
  context: RequestContext,
): Promise<BridgeResult<'insert-image'>> {
  const { node } = await openUnchanged(source);
  // Nothing is drawn with the path, but it is remembered: refused now rather than when it is read back.
  transformPath(layer.path, IDENTITY);
  const imageHash = storeImage(bytes, box);
  const pictures: RectangleNode[] = [];
  const refs: LayerRef[] = [];
  const add = (outline: OutlineLayer, place: Place, made: SceneNode[]): void => {
    const rectangle = figma.createRectangle();
    made.push(rectangle);
    const name = layerName('Cut-out', nextNumber('Cut-out', place.parent, node.name), node.name);
    rectangle.name = name;
    rectangle.strokes = [];
    // A fill keeps its proportions; where the image is stretched by what is around it, only a crop follows.
    const fit = isStretched(place) ? ({ scaleMode: 'CROP', imageTransform: IDENTITY } as const) : FILL;
    rectangle.fills = [{ type: 'IMAGE', imageHash, ...fit }];
    writeLayerData(rectangle, source, outline);
    const [acrossPx, downPx] = [place.scaleX / source.pixelsPerUnit, place.scaleY / source.pixelsPerUnit];
    const [x0, y0, x1, y1] = box;
    rectangle.resize((x1 - x0) * acrossPx, (y1 - y0) * downPx);
    hangAbove(rectangle, place);
    rectangle.relativeTransform = compose(place.axes, translation(x0 * acrossPx, y0 * downPx));
    pictures.push(rectangle);
    refs.push({ nodeId: rectangle.id, name });
  };
  const job = { source, layers: [layer], add, selection: () => pictures, choices };
  const placed = await insertLayers(node, job, context);
  return { layers: refs, ...placed };
}

const FILL = { scaleMode: 'FILL' } as const;

/** @returns Figma's hash of the picture, which is in the file from now on. */
function storeImage(bytes: Uint8Array, [x0, y0, x1, y1]: Box): string {
  try {
    return figma.createImage(bytes).hash;
  } catch (cause) {
    const [width, height] = [Math.round(x1 - x0), Math.round(y1 - y0)];
    const hint = 'Insert a cut-out instead, which shows the image itself.';
    if (Math.max(width, height) <= MAX_SIDE_PX) {
      throw new CodedError('IMAGE_UNREADABLE', 'Figma did not take the picture of the object.', hint, {
        cause,
      });
    }
    throw new CodedError(
      'IMAGE_TOO_LARGE',
      `The object is ${width}×${height} pixels, and Figma takes pictures of at most ${MAX_SIDE_PX} a side.`,
      hint,
      { cause },
    );
  }
}
