/** Cut-outs of found objects, small: made when they are first seen and when there is time, then kept. */
import type { FoundMask } from '../../../protocol/everything.js';
import type { Outline } from '../../../protocol/outline.js';
import { drawThumbnail } from '../outline-image.js';
import type { Pixels } from '../pixels.js';

/** CSS pixels each way; drawn at twice that. */
export const THUMBNAIL_SIZE = 24;
/** Time a frame may spend on pictures, so that scrolling stays smooth. */
const BUDGET_MS = 6;

export class ThumbnailCache {
  private readonly pictures = new WeakMap<Outline, HTMLCanvasElement>();
  private readonly waiting = new Map<HTMLCanvasElement, FoundMask>();
  private nextFrame = 0;

  /** @param pixels The image that the objects were found in. */
  constructor(private readonly pixels: Pixels) {}

  /**
   * Draws an object's picture onto a canvas, at once if it is there, else when there is time.
   *
   * @returns Calls it off.
   */
  drawLater(canvas: HTMLCanvasElement, mask: FoundMask): () => void {
    const picture = this.pictures.get(mask.outline);
    if (picture) copy(picture, canvas);
    else {
      this.waiting.set(canvas, mask);
      this.nextFrame ||= requestAnimationFrame(() => this.drawSome());
    }
    return () => this.waiting.delete(canvas);
  }

  private drawSome(): void {
    this.nextFrame = 0;
    const start = performance.now();
    for (const [canvas, mask] of this.waiting) {
      if (performance.now() - start > BUDGET_MS) break;
      this.waiting.delete(canvas);
      copy(this.make(mask, canvas), canvas);
    }
    if (this.waiting.size > 0) this.nextFrame = requestAnimationFrame(() => this.drawSome());
  }

  private make(mask: FoundMask, { width, height }: HTMLCanvasElement): HTMLCanvasElement {
    const picture = document.createElement('canvas');
    picture.width = width;
    picture.height = height;
    drawThumbnail(picture, this.pixels, mask);
    this.pictures.set(mask.outline, picture);
    return picture;
  }
}

function copy(picture: HTMLCanvasElement, canvas: HTMLCanvasElement): void {
  const context = canvas.getContext('2d')!;
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0);
}
