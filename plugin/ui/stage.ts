/**
 * Four canvases on top of each other: image, found objects, outline, marks. Each is redrawn only when something on it has
 * changed, at most once a frame, so that moving the pointer never touches the image.
 */
import type { Disposable } from 'vscode-jsonrpc';
import type { Point, Size } from '../../protocol/geometry.js';
import type { Outline } from '../../protocol/outline.js';
import { drawHover, ObjectsDrawing } from './everything/overlay.js';
import type { DrawnObject } from './everything/overlay.js';
import { drawMarks, drawOutline, setImageTransform } from './overlay.js';
import type { Marks } from './overlay.js';
import { drawPixels } from './pixels.js';
import type { Pixels } from './pixels.js';
import { fitView } from './view.js';
import type { View } from './view.js';

type Layer = 'image' | 'objects' | 'outline' | 'marks';
export type StageCanvases = Readonly<Record<Layer, HTMLCanvasElement>>;

/** Found objects are drawn anew this long after the last zoom or pan; meanwhile their picture moves along. */
const SETTLE_MS = 80;

const NO_MARKS: Marks = {
  prompts: [],
  selected: undefined,
  draft: undefined,
  brush: undefined,
  cursor: undefined,
};

const ALL_LAYERS: readonly Layer[] = ['image', 'objects', 'outline', 'marks'];

export class Stage implements Disposable {
  private current: View = { scale: 1, x: 0, y: 0 };
  private pixels: Pixels | undefined;
  private outline: Path2D | undefined;
  private readonly objects = new ObjectsDrawing();
  /** The view that the picture of the objects was drawn in. */
  private objectsView: View = this.current;
  private settling: ReturnType<typeof setTimeout> | undefined;
  private hover: { readonly outline: Outline; readonly isFaint: boolean } | undefined;
  private marks: Marks = NO_MARKS;
  private density = 1;
  private fitted = true;
  private size: Size = { width: 1, height: 1 };
  private readonly stale = new Set<Layer>();
  private nextFrame = 0;

  /** @param onViewChange Hears of every zoom and pan. */
  constructor(
    private readonly canvases: StageCanvases,
    private readonly onViewChange: (view: View) => void,
  ) {}

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
    this.density = density;
    for (const canvas of Object.values(this.canvases)) {
      canvas.width = Math.round(size.width * density);
      canvas.height = Math.round(size.height * density);
    }
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
  showOutline(path: string | undefined): void {
    this.outline = path === undefined ? undefined : new Path2D(path);
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
    const context = this.canvases.outline.getContext('2d')!;
    context.setTransform(1, 0, 0, 1, 0, 0);
    return this.outline !== undefined && context.isPointInPath(this.outline, x, y, 'evenodd');
  }

  setView(view: View): void {
    if (view === this.current) return;
    this.fitted = false;
    this.current = view;
    this.invalidate('image', 'outline', 'marks');
    this.moveObjects();
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

  /** Hundreds of outlines take longer than a frame: while the view changes, their last picture is stretched. */
  private moveObjects(): void {
    const { scale, x, y } = this.current;
    const factor = scale / this.objectsView.scale;
    const left = x - this.objectsView.x * factor;
    const top = y - this.objectsView.y * factor;
    this.canvases.objects.style.transform = `matrix(${factor}, 0, 0, ${factor}, ${left}, ${top})`;
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.invalidate('objects'), SETTLE_MS);
  }

  private invalidate(...layers: readonly Layer[]): void {
    for (const layer of layers) this.stale.add(layer);
    if (this.nextFrame === 0) this.nextFrame = requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    cancelAnimationFrame(this.nextFrame);
    this.nextFrame = 0;
    for (const layer of this.stale) this.drawLayer(layer);
    this.stale.clear();
  }

  private drawLayer(layer: Layer): void {
    const canvas = this.canvases[layer];
    const context = canvas.getContext('2d')!;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    if (layer === 'image') this.drawImage(context);
    else if (layer === 'marks') drawMarks(context, this.marks, this.current, this.density);
    else if (layer === 'objects') this.drawObjects(context);
    else this.drawOutlines(context);
  }

  private drawObjects(context: CanvasRenderingContext2D): void {
    this.objectsView = this.current;
    this.canvases.objects.style.transform = '';
    this.objects.draw(context, this.current, this.density);
  }

  private drawOutlines(context: CanvasRenderingContext2D): void {
    const { current, density, hover } = this;
    if (this.outline) drawOutline(context, this.outline, current, density);
    if (hover) drawHover(context, this.objects.pathOf(hover.outline), current, density, hover.isFaint);
  }

  private drawImage(context: CanvasRenderingContext2D): void {
    if (!this.pixels) return;
    const { density, pixels } = this;
    const scale = this.current.scale * density;
    setImageTransform(context, this.current, density);
    // Where the image is transparent, the sidecar sees white.
    context.fillStyle = '#ffffff';
    context.fillRect(0, 0, pixels.width, pixels.height);
    drawPixels(context, pixels, scale);
  }
}
