/**
 * Four canvases on top of each other: image, found objects, outline, marks. Each is drawn only when something on it has
 * changed, at most once a frame, so that moving the pointer never touches the image. While the view changes they are
 * moved along as they are, and drawn anew once it rests.
 */
import type { Disposable } from 'vscode-jsonrpc';
import type { Point, Size } from '../../protocol/geometry.js';
import type { Outline } from '../../protocol/outline.js';
import { drawHover, ObjectsDrawing } from './everything/overlay.js';
import type { DrawnObject } from './everything/overlay.js';
import { drawAside, drawMarks, drawOutline, setImageTransform } from './overlay.js';
import type { Marks } from './overlay.js';
import { objectTint } from './objects/colours.js';
import { Picture } from './picture.js';
import { drawPixels } from './pixels.js';
import type { Pixels } from './pixels.js';
import { fitView } from './view.js';
import type { View } from './view.js';

type Layer = 'image' | 'objects' | 'outline' | 'marks';
export type StageCanvases = Readonly<Record<Layer, HTMLCanvasElement>>;

/** The view rests when nothing has zoomed or panned for this long. */
const SETTLE_MS = 80;

const NO_MARKS: Marks = {
  prompts: [],
  selected: undefined,
  draft: undefined,
  brush: undefined,
  cursor: undefined,
};

const ALL_LAYERS: readonly Layer[] = ['image', 'objects', 'outline', 'marks'];
/** What takes longer than a frame to draw; the others stay sharp while zooming, too. */
const STRETCHED: readonly Layer[] = ['image', 'objects'];

export class Stage implements Disposable {
  private current: View = { scale: 1, x: 0, y: 0 };
  private pixels: Pixels | undefined;
  private outline: Path2D | undefined;
  private tint = objectTint(1);
  /** Outlines of the objects that are not worked on. */
  private aside: readonly { readonly path: Path2D; readonly colour: string }[] = [];
  private readonly objects = new ObjectsDrawing();
  private readonly pictures: Readonly<Record<Layer, Picture>>;
  private isMoving = false;
  /** Whether the image was drawn in a hurry. */
  private isRough = false;
  private settling: ReturnType<typeof setTimeout> | undefined;
  private hover: { readonly outline: Outline; readonly isFaint: boolean } | undefined;
  private marks: Marks = NO_MARKS;
  private fitted = true;
  private size: Size = { width: 1, height: 1 };
  private readonly stale = new Set<Layer>();
  private nextFrame = 0;

  /** @param onViewChange Hears of every zoom and pan. */
  constructor(
    canvases: StageCanvases,
    private readonly onViewChange: (view: View) => void,
  ) {
    const picture = (layer: Layer) => new Picture(canvases[layer], STRETCHED.includes(layer));
    this.pictures = {
      image: picture('image'),
      objects: picture('objects'),
      outline: picture('outline'),
      marks: picture('marks'),
    };
  }

  get view(): View {
    return this.current;
  }

  /** The canvas, in CSS pixels. */
  get viewport(): Size {
    return this.size;
  }

  /** A fitted image stays fitted when the window changes; any other view keeps its place. */
  resize(size: Size, density: number): void {
    this.size = size;
    for (const picture of Object.values(this.pictures)) picture.resize(size, density);
    if (this.fitted) this.fit();
    this.invalidate(...ALL_LAYERS);
    // Resizing has emptied the canvases: without this they would be blank for a frame.
    this.draw();
  }

  showImage(pixels: Pixels): void {
    this.pixels = pixels;
    this.fit();
    this.invalidate('image');
  }

  /** @param path Outline in image space; undefined shows none. */
  showOutline(path: string | undefined, tint: string): void {
    this.outline = path === undefined ? undefined : new Path2D(path);
    this.tint = tint;
    this.invalidate('outline');
  }

  /** @param outlines Of the objects that are not worked on, image space. */
  showAside(outlines: readonly { readonly path: string; readonly colour: string }[]): void {
    if (outlines.length === 0 && this.aside.length === 0) return;
    this.aside = outlines.map(({ path, colour }) => ({ path: new Path2D(path), colour }));
    this.invalidate('outline');
  }

  showObjects(objects: readonly DrawnObject[]): void {
    this.objects.show(objects);
    this.invalidate('objects');
  }

  /** @param isFaint When a click would not take it. */
  showHover(outline: Outline | undefined, isFaint: boolean): void {
    this.hover = outline && { outline, isFaint };
    this.invalidate('outline');
  }

  showMarks(change: Partial<Marks>): void {
    this.marks = { ...this.marks, ...change };
    this.invalidate('marks');
  }

  /** Whether an image point lies within the outline. */
  isOnOutline([x, y]: Point): boolean {
    const { context } = this.pictures.outline;
    context.setTransform(1, 0, 0, 1, 0, 0);
    return this.outline !== undefined && context.isPointInPath(this.outline, x, y, 'evenodd');
  }

  setView(view: View): void {
    if (view === this.current) return;
    this.fitted = false;
    this.current = view;
    this.isMoving = true;
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.settle(), SETTLE_MS);
    this.invalidate();
    this.onViewChange(view);
  }

  fit(): void {
    if (this.pixels) this.setView(fitView(this.pixels, this.size));
    this.fitted = true;
  }

  dispose(): void {
    cancelAnimationFrame(this.nextFrame);
    clearTimeout(this.settling);
    this.pixels = undefined;
  }

  /** Draws what was only moved along. */
  private settle(): void {
    this.isMoving = false;
    this.invalidate(...ALL_LAYERS.filter((layer) => !this.pictures[layer].isExact(this.current)));
    if (this.isRough) this.invalidate('image');
  }

  private invalidate(...layers: readonly Layer[]): void {
    for (const layer of layers) this.stale.add(layer);
    if (this.nextFrame === 0) this.nextFrame = requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    cancelAnimationFrame(this.nextFrame);
    this.nextFrame = 0;
    for (const layer of ALL_LAYERS) this.showLayer(layer);
    this.stale.clear();
  }

  private showLayer(layer: Layer): void {
    const picture = this.pictures[layer];
    const image = this.pixels ?? this.size;
    if (!this.stale.has(layer) && picture.suits(this.current, image)) picture.moveTo(this.current);
    else picture.draw(this.current, (...canvas) => this.paint(layer, ...canvas));
  }

  private paint(layer: Layer, context: CanvasRenderingContext2D, view: View, density: number): void {
    if (layer === 'image') this.paintImage(context, view, density);
    else if (layer === 'marks') drawMarks(context, this.marks, view, density);
    else if (layer === 'objects') this.objects.draw(context, view, density);
    else this.paintOutlines(context, view, density);
  }

  private paintOutlines(context: CanvasRenderingContext2D, view: View, density: number): void {
    const { hover } = this;
    for (const { path, colour } of this.aside) drawAside(context, path, colour, view, density);
    if (this.outline) drawOutline(context, this.outline, this.tint, view, density);
    if (hover) drawHover(context, this.objects.pathOf(hover.outline), view, density, hover.isFaint);
  }

  private paintImage(context: CanvasRenderingContext2D, view: View, density: number): void {
    const { pixels } = this;
    if (!pixels) return;
    this.isRough = this.isMoving && !this.stale.has('image');
    setImageTransform(context, view, density);
    // Where the image is transparent, the sidecar sees white.
    context.fillStyle = '#ffffff';
    context.fillRect(0, 0, pixels.width, pixels.height);
    drawPixels(context, pixels, view.scale * density, this.isRough ? 'low' : 'high');
  }
}
