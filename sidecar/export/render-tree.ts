/** A tree of masks → a file in one of the formats. */
import { CodedError, throwIfCancelled } from '../../protocol/errors.js';
import type { FoundMask, TreeFormat } from '../../protocol/everything.js';
import type { Size } from '../../protocol/geometry.js';
import type { ImageReader, RgbaImage } from '../image-reader.js';
import { treeToCoco, treeToSa1b } from './coco.js';
import { treeToGeoJson } from './geojson.js';
import { buildMaskTree, type MaskTree } from './mask-tree.js';
import { textFile, type ExportedFile } from './render.js';
import { treeLayers } from './tree-layers.js';
import { treeOra } from './tree-ora.js';
import { treeToSvg } from './tree-svg.js';
import { zipFiles, type NamedFile } from './zip.js';

export interface TreeExportRequest {
  readonly format: TreeFormat;
  readonly image: Size;
  /** In painting order, parents before their children. A mask whose parent is missing goes to the top. */
  readonly masks: readonly FoundMask[];
  /** The image file; only layers and ora need it. */
  readonly bytes?: Uint8Array | undefined;
  /** What sa-1b says the image file is called. */
  readonly fileName?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Of all cut-outs together; three hundred objects of a large photograph have a tenth of this. */
const MOST_LAYER_PIXELS = 600_000_000;

/** A request does not say what its image was called. */
const UNNAMED_IMAGE = 'image';

/**
 * @throws CodedError RLE_INVALID when a mask is not of the image; IMAGE_TOO_LARGE when its cut-outs are too many;
 *   IMAGE_UNKNOWN when pixels are wanted and the image's bytes are not at hand or another image's; PARAMS_INVALID when
 *   an outline's path cannot be read, an id stands twice, or masks nest too deep; IMAGE_* when the file cannot be
 *   read; CANCELLED once the signal is aborted.
 */
export async function renderTree(request: TreeExportRequest, images: ImageReader): Promise<ExportedFile> {
  const { image, fileName = UNNAMED_IMAGE, signal } = request;
  throwIfCancelled(signal);
  const tree = checkedTree(request);
  switch (request.format) {
    case 'svg':
      return textFile(treeToSvg(image, tree), 'image/svg+xml', 'svg');
    case 'geojson':
      return textFile(treeToGeoJson(image, tree), 'application/geo+json', 'geojson');
    case 'coco':
      return textFile(treeToCoco(image, tree), 'application/json', 'json');
    case 'sa-1b':
      return textFile(treeToSa1b(image, tree, fileName), 'application/json', 'json');
    case 'layers':
      return {
        bytes: await zipFiles(layerFiles(request, images)),
        mimeType: 'application/zip',
        extension: 'zip',
      };
    case 'ora': {
      refuseHuge(request.masks);
      const files = treeOra(await imagePixels(request, images), tree, signal);
      return { bytes: await zipFiles(files), mimeType: 'image/openraster', extension: 'ora' };
    }
  }
}

/**
 * Makes what the format layers consists of, a file at a time, for those who write a folder.
 *
 * @throws CodedError as `renderTree`.
 */
export async function* layerFiles(
  request: TreeExportRequest,
  images: ImageReader,
): AsyncGenerator<NamedFile> {
  throwIfCancelled(request.signal);
  const tree = checkedTree(request);
  refuseHuge(request.masks);
  yield* treeLayers(await imagePixels(request, images), tree, request.signal);
}

/** @throws CodedError IMAGE_TOO_LARGE when the cut-outs would not fit into memory. */
function refuseHuge(masks: readonly FoundMask[]): void {
  const pixels = masks.reduce((sum, { box: [x0, y0, x1, y1] }) => sum + (x1 - x0) * (y1 - y0), 0);
  if (pixels <= MOST_LAYER_PIXELS) return;
  throw new CodedError(
    'IMAGE_TOO_LARGE',
    `The layers have ${Math.round(pixels / 1e6)} megapixels in all; ${MOST_LAYER_PIXELS / 1e6} is the most.`,
    'Export fewer of them, or as SVG.',
  );
}

function checkedTree({ image, masks }: TreeExportRequest): MaskTree {
  for (const { id, rle } of masks) {
    const [height, width] = rle.size;
    if (width === image.width && height === image.height) continue;
    throw new CodedError(
      'RLE_INVALID',
      `Mask ${id} is ${width}×${height} pixels; its image is ${image.width}×${image.height}.`,
      'Send masks with the image that they were found in.',
    );
  }
  return buildMaskTree(masks);
}

async function imagePixels(
  { bytes, image, signal }: TreeExportRequest,
  images: ImageReader,
): Promise<RgbaImage> {
  const hint = 'Upload the image again.';
  if (!bytes) throw new CodedError('IMAGE_UNKNOWN', 'Layers need the image’s pixels.', hint);
  const pixels = await images.decodeRgba(bytes, { signal });
  if (pixels.width === image.width && pixels.height === image.height) return pixels;
  const [have, want] = [pixels, image].map(({ width, height }) => `${width}×${height}`);
  throw new CodedError('IMAGE_UNKNOWN', `The image file is ${have} pixels, its masks ${want}.`, hint);
}
