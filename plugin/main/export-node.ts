/** Reads the pixels that a person sees inside an image node's box. */
import type { ImagePixels } from '../bridge.js';
import { CodedError } from '../../protocol/errors.js';
import type { Size } from '../../protocol/geometry.js';
import { refusedByFigma } from './figma-errors.js';
import { hasPattern, markRevision, nodeGone, visiblePaints } from './image-node.js';
import type { ImageNode } from './image-node.js';
import { madeNode, takeAllBack, withLeft } from './take-back.js';

/** Longest side of an export, as Figma limits images. */
const MAX_SIDE_PX = 4096;

/** Keeps an upload inside the sidecar's default message limit of 16 MiB. */
const DEFAULT_MAX_BYTES = 15 * 1024 * 1024;

/** Reading is no step of undo, so what is left of it has to be found. */
const WHERE_LEFT =
  'Delete them when you can: they are at the zero point of the page, or left of what you see.';

/** A sliver of a pixel that rounding errors cause is not worth a row of its own. */
const SLIVER_PX = 1e-3;

export interface ExportPlan {
  readonly pixelsPerUnit: number;
  readonly pixels: Size;
}

/** Plans an export with the resolution of the stored image, or as near as `MAX_SIDE_PX` allows. */
export function planExport({ node, paint, image }: ImageNode): ExportPlan {
  const pixelsPerUnit = Math.min(
    sourceResolution(paint, node, image),
    MAX_SIDE_PX / node.width,
    MAX_SIDE_PX / node.height,
  );
  return {
    pixelsPerUnit,
    pixels: {
      width: Math.max(1, Math.ceil(node.width * pixelsPerUnit - SLIVER_PX)),
      height: Math.max(1, Math.ceil(node.height * pixelsPerUnit - SLIVER_PX)),
    },
  };
}

/** Pixels of the stored image that fall on one Figma unit, in the direction where there are more. */
function sourceResolution(paint: ImagePaint, box: Size, image: Size): number {
  if (paint.scaleMode === 'TILE') return 1 / (paint.scalingFactor ?? 1);
  if (paint.scaleMode === 'CROP' && paint.imageTransform) {
    // Image position in 0..1 = transform · node position in 0..1.
    const [[a, c], [b, d]] = paint.imageTransform;
    const alongX = Math.hypot(a * image.width, b * image.height) / box.width;
    const alongY = Math.hypot(c * image.width, d * image.height) / box.height;
    return Math.max(alongX, alongY);
  }
  const upright = (paint.rotation ?? 0) % 180 === 0;
  const across = (upright ? image.width : image.height) / box.width;
  const down = (upright ? image.height : image.width) / box.height;
  return paint.scaleMode === 'FIT' ? Math.max(across, down) : Math.min(across, down);
}

/**
 * Exports the node's fills alone, upright and unclipped, whatever is done to the node itself.
 *
 * The fills are put on a rectangle of the node's exact size, inside a frame whose size is a whole number of
 * exported pixels. However Figma rounds the size of an export, pixel x then lies at node position
 * x ÷ pixelsPerUnit exactly.
 *
 * @param maxBytes A PNG above it is exported again as JPEG.
 * @throws CodedError NODE_GONE, NODE_READ_ONLY, EXPORT_FAILED, IMAGE_TOO_LARGE, LEFT_BEHIND.
 */
export async function exportPixels(imageNode: ImageNode, maxBytes = DEFAULT_MAX_BYTES): Promise<ImagePixels> {
  const plan = planExport(imageNode);
  const { node, paint } = imageNode;
  const source = {
    nodeId: node.id,
    imageHash: paint.imageHash,
    pixelsPerUnit: plan.pixelsPerUnit,
    revision: markRevision(imageNode),
  };
  const bytes = await exportFills(node, plan, maxBytes);
  if (node.removed) throw nodeGone();
  return { source, bytes, pixels: plan.pixels };
}

/** Nothing of the copy stays on the canvas, whether it fails or the plugin is closed meanwhile. */
async function exportFills(node: ImageNode['node'], plan: ExportPlan, maxBytes: number): Promise<Uint8Array> {
  const made: SceneNode[] = [];
  const takeAway = (): readonly string[] =>
    takeAllBack(made.map((each) => madeNode(each, 'the frame and the rectangle that it needed')));
  figma.on('close', takeAway);
  const outcome = await copyAndRender(node, plan, maxBytes, made).catch((error: unknown) =>
    error instanceof CodedError ? error : refusedByFigma(error, 'copy the image to read it'),
  );
  figma.off('close', takeAway);
  const left = takeAway();
  if (outcome instanceof CodedError) throw withLeft(outcome, left, WHERE_LEFT);
  if (left.length === 0) return outcome;
  throw withLeft(refusedByFigma(undefined, 'finish reading the image'), left, WHERE_LEFT);
}

async function copyAndRender(
  node: ImageNode['node'],
  plan: ExportPlan,
  maxBytes: number,
  made: SceneNode[],
): Promise<Uint8Array> {
  const frame = figma.createFrame();
  made.push(frame);
  await copyFills(node, frame, plan, made);
  for (const format of ['PNG', 'JPG'] as const) {
    const bytes = await render(frame, format, plan);
    if (bytes.length <= maxBytes) return bytes;
  }
  throw new CodedError(
    'IMAGE_TOO_LARGE',
    `The image takes more than ${Math.round(maxBytes / 1024 / 1024)} MiB.`,
    'Use a smaller crop of it.',
  );
}

async function render(
  frame: FrameNode,
  format: 'PNG' | 'JPG',
  { pixelsPerUnit }: ExportPlan,
): Promise<Uint8Array> {
  try {
    return await frame.exportAsync({
      format,
      colorProfile: 'SRGB',
      useAbsoluteBounds: true,
      constraint: { type: 'SCALE', value: pixelsPerUnit },
    });
  } catch (cause) {
    throw new CodedError(
      'EXPORT_FAILED',
      'Figma could not render the image.',
      'Wait until the image has loaded, then try again.',
      { cause },
    );
  }
}

/** @param made Gets every node as soon as it exists. */
async function copyFills(
  node: ImageNode['node'],
  frame: FrameNode,
  { pixels, pixelsPerUnit }: ExportPlan,
  made: SceneNode[],
): Promise<void> {
  // In Slides, what is created is on the slide that is shown.
  figma.currentPage.appendChild(frame);
  frame.name = 'Cutline is reading an image';
  frame.fills = [];
  frame.clipsContent = true;
  frame.resize(pixels.width / pixelsPerUnit, pixels.height / pixelsPerUnit);
  // Just outside of what the person sees, at whole units so that pixels stay on the grid.
  frame.x = Math.floor(figma.viewport.bounds.x - 2 * frame.width - 100);
  frame.y = Math.floor(figma.viewport.bounds.y);
  const rectangle = figma.createRectangle();
  made.push(rectangle);
  frame.appendChild(rectangle);
  rectangle.x = 0;
  rectangle.y = 0;
  rectangle.resize(node.width, node.height);
  rectangle.strokes = [];
  const paints = visiblePaints(node);
  if (hasPattern(paints)) await rectangle.setFillsAsync(paints);
  else rectangle.fills = paints;
}
