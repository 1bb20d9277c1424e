/** Decoded images, ready to be drawn at any zoom. */
import type { Size } from '../../protocol/geometry.js';

/** An image at its full size and, for drawing it small, at a half, a quarter and so on. */
export interface Pixels extends Size {
  /** Largest first; each is half the one before, rounded up. */
  readonly levels: readonly ImageBitmap[];
}

export type DrawingContext = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** From here on single pixels are worth seeing, so they are drawn as squares. */
const SHARP_SCALE = 6;
/** Levels below this many pixels a side are drawn fast and well enough from the last one. */
const SMALLEST_LEVEL = 1024;

/**
 * Decodes an image, EXIF orientation applied, and makes it smaller again and again.
 *
 * @throws DOMException when this browser cannot decode it.
 */
export async function decodeLevels(file: Blob): Promise<ImageBitmap[]> {
  const full = await createImageBitmap(file);
  const levels: ImageBitmap[] = [full];
  for (let last = full; Math.max(last.width, last.height) > 2 * SMALLEST_LEVEL; levels.push(last)) {
    last = await createImageBitmap(last, {
      resizeWidth: Math.ceil(last.width / 2),
      resizeHeight: Math.ceil(last.height / 2),
      resizeQuality: 'medium',
    });
  }
  return levels;
}

/**
 * Draws the whole image at [0, 0, width, height] of the current transform.
 *
 * @param scale Device pixels an image pixel; decides which level is drawn.
 * @param quality `low` is quick, and good enough while the image moves.
 */
export function drawPixels(
  context: DrawingContext,
  pixels: Pixels,
  scale: number,
  quality: 'low' | 'high' = 'high',
): void {
  const wanted = Math.floor(Math.log2(Math.max(1, 1 / scale)));
  const index = Math.min(wanted, pixels.levels.length - 1);
  const level = pixels.levels[index]!;
  // A repaint may come just after the image was released; a closed bitmap has no size and draws nothing.
  if (level.width === 0) return;
  context.imageSmoothingEnabled = scale < SHARP_SCALE;
  context.imageSmoothingQuality = smoothing(scale * 2 ** index, quality);
  context.drawImage(level, 0, 0, pixels.width, pixels.height);
}

/**
 * How a level is resampled. Within a half of its size that is done well by the quickest way; any other would make
 * levels of its own, of twenty-four megapixels and in the middle of a frame.
 */
function smoothing(levelScale: number, quality: 'low' | 'high'): ImageSmoothingQuality {
  if (levelScale >= 1) return quality;
  return levelScale >= 0.5 ? 'low' : 'medium';
}

/** Frees the memory of an image that is no longer shown. */
export function releasePixels(pixels: Pixels): void {
  for (const level of pixels.levels) level.close();
}
