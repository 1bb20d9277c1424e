/** A canvas that is drawn a little larger than its window, so that it can be moved along while the view changes. */
import type { Size } from '../../protocol/geometry.js';
import type { View } from './view.js';

/** Drawn beyond the window on each side, in CSS pixels: a pan this long needs no drawing. */
const SPARE = 64;
/** Marks and halos reach this far beyond the image, in CSS pixels. */
const OVERHANG = 16;
/** A picture that is stretched is never enlarged or reduced more than this. */
const MOST_STRETCH = 2;

export class Picture {
  /** The view that it was drawn in; undefined when it is empty. */
  private drawn: View | undefined;
  private size: Size = { width: 1, height: 1 };
  private density = 1;

  /** @param stretches Whether it may be shown at another scale than it was drawn for, until the view rests. */
  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly stretches: boolean,
  ) {}

  /** Empties it. @param size The window, in CSS pixels. */
  resize(size: Size, density: number): void {
    this.size = size;
    this.density = density;
    this.drawn = undefined;
    const { canvas } = this;
    const [width, height] = [size.width + 2 * SPARE, size.height + 2 * SPARE];
    canvas.width = Math.round(width * density);
    canvas.height = Math.round(height * density);
    canvas.style.cssText = `left: ${-SPARE}px; top: ${-SPARE}px; width: ${width}px; height: ${height}px`;
  }

  /** Draws it anew. @param paint Gets the cleared canvas and the view as seen from its corner. */
  draw(view: View, paint: (context: CanvasRenderingContext2D, view: View, density: number) => void): void {
    const context = this.context;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    paint(context, { scale: view.scale, x: view.x + SPARE, y: view.y + SPARE }, this.density);
    this.drawn = view;
    this.canvas.style.transform = '';
  }

  get context(): CanvasRenderingContext2D {
    return this.canvas.getContext('2d')!;
  }

  /** Whether it is what would be drawn in this view. */
  isExact(view: View): boolean {
    return this.drawn === view;
  }

  /** Whether it will do for this view: as sharp as it has to be, and everywhere that the image is seen. */
  suits(view: View, image: Size): boolean {
    const { drawn } = this;
    if (!drawn) return false;
    const factor = view.scale / drawn.scale;
    const isNear = this.stretches ? factor <= MOST_STRETCH && factor >= 1 / MOST_STRETCH : factor === 1;
    const [left, top] = this.cornerIn(view, factor);
    const right = left + (this.size.width + 2 * SPARE) * factor;
    const bottom = top + (this.size.height + 2 * SPARE) * factor;
    return (
      isNear &&
      covers([left, right], [view.x, view.x + image.width * view.scale], this.size.width) &&
      covers([top, bottom], [view.y, view.y + image.height * view.scale], this.size.height)
    );
  }

  /** Shows it in another view, without drawing. It must suit that. */
  moveTo(view: View): void {
    const factor = view.scale / this.drawn!.scale;
    const [left, top] = this.cornerIn(view, factor);
    // Moved by parts of a pixel, everything would be blurred.
    const snap = (px: number) => (factor === 1 ? Math.round(px * this.density) / this.density : px);
    const x = snap(left + SPARE);
    const y = snap(top + SPARE);
    this.canvas.style.transform = `matrix(${factor}, 0, 0, ${factor}, ${x}, ${y})`;
  }

  /** Where its top-left corner belongs in another view, in CSS pixels of the window. */
  private cornerIn(view: View, factor: number): readonly [number, number] {
    const { x, y } = this.drawn!;
    return [view.x - (x + SPARE) * factor, view.y - (y + SPARE) * factor];
  }
}

/**
 * Whether a picture covers what is seen of the image, on one axis.
 *
 * @param picture Where it begins and ends in the window.
 * @param image Where the image does.
 * @param length Of the window.
 */
function covers(
  picture: readonly [number, number],
  image: readonly [number, number],
  length: number,
): boolean {
  const from = Math.max(0, image[0] - OVERHANG);
  const to = Math.min(length, image[1] + OVERHANG);
  return picture[0] <= from && picture[1] >= to;
}
