/** How image pixels lie on the screen: zooming, panning, and the way back from a pointer to a pixel. */
import type { Box, Point, Size } from '../../protocol/geometry.js';

/** screen = image × scale + offset, in CSS pixels from the top-left corner of the canvas. */
export interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

/** One press of a button or key zooms by this much. */
export const ZOOM_STEP = 1.5;

/** Space kept free around a fitted image, in CSS pixels. */
const FIT_MARGIN = 16;
/** Below a fitted image there is room for the zoom buttons. */
const FIT_MARGIN_BOTTOM = 40;
/** A fitted image is never enlarged more than this. */
const LARGEST_FIT = 4;
/** Farthest in: one image pixel is this many CSS pixels. */
const LARGEST_SCALE = 32;
/** Farthest out, against the fitted image. */
const SMALLEST_FIT_SHARE = 0.25;
/** This much of the image, in CSS pixels, can never be pushed off the canvas. */
const KEPT_VISIBLE = 48;

export function toScreen(view: View, [x, y]: Point): Point {
  return [x * view.scale + view.x, y * view.scale + view.y];
}

export function toImage(view: View, [x, y]: Point): Point {
  return [(x - view.x) / view.scale, (y - view.y) / view.scale];
}

/** The whole image, centred where the zoom buttons leave room for it. Small images are enlarged a little, not blown up. */
export function fitView(image: Size, viewport: Size): View {
  const scale = fitScale(image, viewport);
  const height = image.height * scale;
  const middle = (viewport.height - height) / 2;
  return {
    scale,
    x: (viewport.width - image.width * scale) / 2,
    y: Math.max(0, Math.min(middle, viewport.height - FIT_MARGIN_BOTTOM - height)),
  };
}

/** Changes the scale by a factor while the image point under `anchor` stays where it is. */
export function zoomView(view: View, factor: number, anchor: Point, image: Size, viewport: Size): View {
  const smallest = fitScale(image, viewport) * SMALLEST_FIT_SHARE;
  const scale = clamp(view.scale * factor, smallest, LARGEST_SCALE);
  const [x, y] = toImage(view, anchor);
  return keepVisible({ scale, x: anchor[0] - x * scale, y: anchor[1] - y * scale }, image, viewport);
}

export function panView(view: View, dx: number, dy: number, image: Size, viewport: Size): View {
  return keepVisible({ ...view, x: view.x + dx, y: view.y + dy }, image, viewport);
}

/** Pans just far enough that an image point is on the canvas: what the grid cursor needs. */
export function revealPoint(view: View, point: Point, image: Size, viewport: Size): View {
  const [x, y] = toScreen(view, point);
  const dx = clamp(x, FIT_MARGIN, viewport.width - FIT_MARGIN) - x;
  const dy = clamp(y, FIT_MARGIN, viewport.height - FIT_MARGIN) - y;
  return dx === 0 && dy === 0 ? view : panView(view, dx, dy, image, viewport);
}

/** The nearest point of the image; on its border that is half a pixel inside, where it is surely no outsider. */
export function clampPoint([x, y]: Point, image: Size): Point {
  return [tidy(clamp(x, 0.5, image.width - 0.5)), tidy(clamp(y, 0.5, image.height - 0.5))];
}

/** The box between two corners, cut to the image; undefined when less than a pixel of it is left. */
export function boxBetween([ax, ay]: Point, [bx, by]: Point, image: Size): Box | undefined {
  const x0 = tidy(clamp(Math.min(ax, bx), 0, image.width));
  const y0 = tidy(clamp(Math.min(ay, by), 0, image.height));
  const x1 = tidy(clamp(Math.max(ax, bx), 0, image.width));
  const y1 = tidy(clamp(Math.max(ay, by), 0, image.height));
  return x1 - x0 >= 1 && y1 - y0 >= 1 ? [x0, y0, x1, y1] : undefined;
}

function fitScale(image: Size, viewport: Size): number {
  const width = Math.max(1, viewport.width - 2 * FIT_MARGIN);
  const height = Math.max(1, viewport.height - FIT_MARGIN - FIT_MARGIN_BOTTOM);
  return Math.min(LARGEST_FIT, width / image.width, height / image.height);
}

function keepVisible(view: View, image: Size, viewport: Size): View {
  return {
    scale: view.scale,
    x: clamp(view.x, KEPT_VISIBLE - image.width * view.scale, viewport.width - KEPT_VISIBLE),
    y: clamp(view.y, KEPT_VISIBLE - image.height * view.scale, viewport.height - KEPT_VISIBLE),
  };
}

/** Hundredths of a pixel are as fine as a hand can mean. */
function tidy(value: number): number {
  return Math.round(value * 100) / 100;
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
