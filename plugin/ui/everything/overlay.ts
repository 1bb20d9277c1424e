/** Draws the found objects over the image: each in its colour, and the one that is pointed at before the others. */
import type { Outline } from '../../../protocol/outline.js';
import { setImageTransform } from '../overlay.js';
import type { View } from '../view.js';

/** An object to draw. */
export interface DrawnObject {
  readonly id: number;
  readonly outline: Outline;
  /** Whether it is to become a layer; what is not stands back. */
  readonly isChosen: boolean;
}

/** Objects that are drawn with one stroke. */
interface Bundle {
  readonly color: string;
  readonly path: Path2D;
}

/** Lines and their halo in CSS pixels. */
const LINE_WIDTH = 1.25;
const HALO_WIDTH = 2.75;
const HALO = 'rgba(0, 0, 0, 0.4)';
const LEFT_OUT = 'rgba(255, 255, 255, 0.45)';
/** So many hues are told apart; the golden angle gives neighbours in the list unlike ones. */
const HUES = 12;
const GOLDEN_ANGLE = 137.508;

/** A calm colour for an object, the same in the list and on the image. */
export function colorOf(id: number): string {
  const step = Math.round((id * GOLDEN_ANGLE) / (360 / HUES)) % HUES;
  return `oklch(0.82 0.13 ${(step * 360) / HUES})`;
}

/** Objects as few paths, made once a change and not once a frame: there may be hundreds. */
export class ObjectsDrawing {
  /** By outline, which stays the same object while anything else about its mask changes. */
  private readonly paths = new WeakMap<Outline, Path2D>();
  private bundles: readonly Bundle[] = [];
  private all = new Path2D();

  /** Takes the objects to draw from now on. */
  show(objects: readonly DrawnObject[]): void {
    const bundles = new Map<string, Path2D>();
    this.all = new Path2D();
    for (const { id, outline, isChosen } of objects) {
      const color = isChosen ? colorOf(id) : LEFT_OUT;
      const path = this.pathOf(outline);
      const bundle = bundles.get(color) ?? new Path2D();
      bundle.addPath(path);
      bundles.set(color, bundle);
      if (isChosen) this.all.addPath(path);
    }
    this.bundles = [...bundles].map(([color, path]) => ({ color, path }));
  }

  pathOf(outline: Outline): Path2D {
    const known = this.paths.get(outline) ?? new Path2D(outline.path);
    this.paths.set(outline, known);
    return known;
  }

  /** @param context Cleared; its transform is set here. */
  draw(context: CanvasRenderingContext2D, view: View, density: number): void {
    if (this.bundles.length === 0) return;
    setImageTransform(context, view, density);
    context.lineJoin = 'bevel';
    context.strokeStyle = HALO;
    context.lineWidth = HALO_WIDTH / view.scale;
    context.stroke(this.all);
    context.lineWidth = LINE_WIDTH / view.scale;
    for (const { color, path } of this.bundles) {
      context.strokeStyle = color;
      context.stroke(path);
    }
  }
}

const HOVER_TINT = 'rgba(13, 153, 255, 0.22)';
const HOVER_HALO = 'rgba(0, 0, 0, 0.6)';
const HOVER_WIDTH = 2;
const HOVER_HALO_WIDTH = 4.5;
const FAINT_DASH = [4, 3];

/**
 * Draws the object that is pointed at.
 *
 * @param isFaint When a click would not take it: a dashed line and no tint.
 */
export function drawHover(
  context: CanvasRenderingContext2D,
  path: Path2D,
  view: View,
  density: number,
  isFaint: boolean,
): void {
  setImageTransform(context, view, density);
  context.lineJoin = 'bevel';
  context.save();
  if (!isFaint) {
    context.fillStyle = HOVER_TINT;
    context.fill(path, 'evenodd');
  }
  context.strokeStyle = isFaint ? HALO : HOVER_HALO;
  context.lineWidth = (isFaint ? HALO_WIDTH : HOVER_HALO_WIDTH) / view.scale;
  context.stroke(path);
  if (isFaint) context.setLineDash(FAINT_DASH.map((length) => length / view.scale));
  context.strokeStyle = '#ffffff';
  context.lineWidth = (isFaint ? 1 : HOVER_WIDTH) / view.scale;
  context.stroke(path);
  context.restore();
}
