/** Finds the layers that were made from an image before. */
import type { BridgeParams, BridgeResult, ExistingLayer, FoundData, ImageSource } from '../bridge.js';
import type { Box, Size } from '../../protocol/geometry.js';
import { readToStored } from './image-fit.js';
import { nodeGone, readImageSize, readRevision } from './image-node.js';
import { findLayers, readLayerData } from './layer-data.js';
import type { LayerData } from './layer-data.js';
import { pageOf } from './page.js';
import { transformPath } from './path.js';
import { compose, invert, scaling, transformPoint } from './placement.js';
import type { Matrix } from './placement.js';
import type { RequestContext } from './requests.js';
import { Turns } from './turns.js';

/**
 * Lists the layers of ours on the image's page that were made from it, in back-to-front order, wherever on the
 * page they are now. Outlines come in the pixels that `source` was read with.
 *
 * @throws CodedError NODE_GONE, CANCELLED.
 */
export async function listLayers(
  { source }: BridgeParams<'list-layers'>,
  context: RequestContext,
): Promise<BridgeResult<'list-layers'>> {
  const page = await openPageOf(source.nodeId);
  const image = await readImageSize(source.imageHash);
  context.throwIfCancelled();
  const layers: ExistingLayer[] = [];
  const turns = new Turns();
  for (const node of findLayers(page)) {
    if (turns.over()) {
      await turns.rest();
      context.throwIfCancelled();
    }
    const data = node.removed ? undefined : readLayerData(node);
    if (data?.nodeId !== source.nodeId || data.imageHash !== source.imageHash) continue;
    layers.push({ nodeId: node.id, name: node.name, ...readOutline(data, source, image) });
  }
  return { layers };
}

async function openPageOf(nodeId: string): Promise<PageNode> {
  const node = await figma.getNodeByIdAsync(nodeId);
  const page = node && pageOf(node);
  if (!page) throw nodeGone();
  await page.loadAsync();
  return page;
}

/** What the layer remembers in image pixels, in those of `source`; nothing where the two cannot be compared. */
function readOutline(
  data: LayerData,
  source: ImageSource,
  image: Size | null,
): Pick<ExistingLayer, 'path' | 'found'> {
  const { path, found } = data;
  const map = mapPixels(data, source, image);
  if (!map) return {};
  return {
    ...(path !== undefined && { path: isIdentity(map) ? path : transformPath(path, map) }),
    ...(found && { found: isIdentity(map) ? found : mapFound(found, map) }),
  };
}

/** Image pixels when the layer was made → image pixels now: the same spot of the stored image. */
function mapPixels(data: LayerData, source: ImageSource, image: Size | null): Matrix | undefined {
  if (data.revision === source.revision) {
    const scale = source.pixelsPerUnit / data.pixelsPerUnit;
    return scaling(scale, scale);
  }
  const [before, now] = [data, source].map(({ revision, pixelsPerUnit }) => {
    const read = revision === undefined ? undefined : readRevision(revision);
    return read && image ? readToStored(read.fit, read.box, pixelsPerUnit, image) : undefined;
  });
  return before && now && compose(invert(now), before);
}

function isIdentity([[a, c, tx], [b, d, ty]]: Matrix): boolean {
  return a === 1 && d === 1 && c === 0 && b === 0 && tx === 0 && ty === 0;
}

function mapFound({ point: [x, y], cropBox, box, area, ...scores }: FoundData, map: Matrix): FoundData {
  const [[a, c], [b, d]] = map;
  return {
    ...scores,
    point: transformPoint(map, x, y),
    cropBox: mapBox(cropBox, map),
    box: mapBox(box, map),
    area: Math.round(area * Math.abs(a * d - b * c)),
  };
}

/** The box around the mapped one. */
function mapBox([x0, y0, x1, y1]: Box, map: Matrix): Box {
  const corners = [
    [x0, y0],
    [x1, y0],
    [x0, y1],
    [x1, y1],
  ].map(([x, y]) => transformPoint(map, x!, y!));
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}
