/** Pictures of an outline's object: thumbnails and cut-outs. */
import type { Box, Size } from '../../protocol/geometry.js';
import type { Candidate } from '../../protocol/outline.js';
import type { Rgb } from '../bridge.js';
import { meanColour } from './mean-colour.js';
import { drawPixels } from './pixels.js';
import type { DrawingContext, Pixels } from './pixels.js';

/** Air around the object in a thumbnail, as a share of its longer side. */
const THUMBNAIL_MARGIN = 0.06;

/** Longer side of the copy that colours are taken from: more pixels change nothing that can be seen. */
const COLOUR_SIDE_PX = 256;

/** Draws the object alone, as large as fits and centred, onto a canvas that is cleared first. */
export function drawThumbnail(
  canvas: HTMLCanvasElement,
  pixels: Pixels,
  candidate: Pick<Candidate, 'box' | 'outline'>,
): void {
  const context = canvas.getContext('2d')!;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  const [x0, y0, x1, y1] = withMargin(candidate.box);
  const scale = Math.min(canvas.width / (x1 - x0), canvas.height / (y1 - y0));
  const left = (canvas.width - (x1 - x0) * scale) / 2 - x0 * scale;
  const top = (canvas.height - (y1 - y0) * scale) / 2 - y0 * scale;
  context.save();
  context.setTransform(scale, 0, 0, scale, left, top);
  drawObject(context, pixels, candidate.outline.path, scale);
  context.restore();
}

/**
 * The object at full resolution on a transparent ground, cropped to its box, as a PNG file.
 *
 * @throws Error when the canvas is too large for the browser.
 */
export async function renderCutout(pixels: Pixels, candidate: Candidate): Promise<Uint8Array> {
  const [x0, y0, x1, y1] = wholePixels(candidate.box, pixels);
  const canvas = new OffscreenCanvas(x1 - x0, y1 - y0);
  const context = canvas.getContext('2d')!;
  context.translate(-x0, -y0);
  drawObject(context, pixels, candidate.outline.path, 1);
  const blob = await canvas.convertToBlob({ type: 'image/png' });
  return new Uint8Array(await blob.arrayBuffer());
}

/**
 * The mean colour of what is inside an outline, from a small copy of the image: as fast for a large one.
 *
 * @returns undefined where nothing of it shows.
 */
export function meanObjectColour(
  pixels: Pixels,
  { box, outline }: Pick<Candidate, 'box' | 'outline'>,
): Rgb | undefined {
  const [x0, y0, x1, y1] = wholePixels(box, pixels);
  const scale = Math.min(1, COLOUR_SIDE_PX / Math.max(x1 - x0, y1 - y0));
  const size = [x1 - x0, y1 - y0].map((side) => Math.max(1, Math.ceil(side * scale)));
  const canvas = new OffscreenCanvas(size[0]!, size[1]!);
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.setTransform(scale, 0, 0, scale, -x0 * scale, -y0 * scale);
  drawObject(context, pixels, outline.path, scale);
  return meanColour(context.getImageData(0, 0, canvas.width, canvas.height).data);
}

function drawObject(context: DrawingContext, pixels: Pixels, path: string, scale: number): void {
  context.clip(new Path2D(path), 'evenodd');
  drawPixels(context, pixels, scale);
}

function withMargin([x0, y0, x1, y1]: Candidate['box']): Box {
  const margin = Math.max(x1 - x0, y1 - y0, 1) * THUMBNAIL_MARGIN;
  return [x0 - margin, y0 - margin, x1 + margin, y1 + margin];
}

/** An outline may bulge a little beyond its mask's box, so a pixel more is kept on each side. */
function wholePixels([x0, y0, x1, y1]: Candidate['box'], { width, height }: Size): Box {
  return [
    Math.max(0, Math.floor(x0) - 1),
    Math.max(0, Math.floor(y0) - 1),
    Math.min(width, Math.ceil(x1) + 1),
    Math.min(height, Math.ceil(y1) + 1),
  ];
}
