/** Pointer and wheel on the canvas, turned into what they mean: a point, a box, a mark dragged, a view moved. */
import type { Disposable } from 'vscode-jsonrpc';
import type { Box, Point, Size } from '../../protocol/geometry.js';
import type { Prompt } from '../../protocol/prompt.js';
import { draftOf } from './hand-line.js';
import type { HandLine } from './hand-line.js';
import { dragMark, markAt } from './marks.js';
import type { MarkHit } from './marks.js';
import type { Stage } from './stage.js';
import { boxBetween, panView, toImage, zoomView } from './view.js';
import { WheelReader } from './wheel.js';

export interface GestureOptions {
  readonly element: HTMLElement;
  readonly stage: Stage;
  image(): Size;
  prompts(): readonly Prompt[];
  /** What a drag draws by hand; undefined where it draws a box. */
  pen(alt: boolean): Pen | undefined;
  /** Space is held: every drag pans. */
  isPanning(): boolean;
  /** A click on the image itself, image space. */
  onClick(at: Point, alt: boolean): void;
  onMarkClick(index: number, alt: boolean): void;
  /** `amend` is false for the first move of a drag, which begins a new step of undo. */
  onMarkDrag(index: number, prompt: Prompt, amend: boolean): void;
  onMarkDragEnd(): void;
  /** Something is being drawn; undefined when it is given up. */
  onDraft(draft: Prompt | undefined): void;
  onBox(box: Box): void;
  onLine(line: HandLine): void;
  /** The pointer moves without a button. */
  onHover(at: Point): void;
  /** The pointer has left the canvas. */
  onLeave(): void;
  /** Alt-wheel: the next or previous candidate. */
  onCycle(step: 1 | -1): void;
}

/** What lines are drawn with. */
export type Pen = Omit<HandLine, 'points'>;

/** A pointer that moved less than this, in CSS pixels, has clicked. */
const CLICK_SLOP = 4;

type Gesture =
  | { readonly kind: 'press'; readonly from: Point }
  | { readonly kind: 'box'; readonly from: Point }
  | { readonly kind: 'line'; readonly line: HandLine }
  | { readonly kind: 'pan' }
  | {
      readonly kind: 'mark';
      readonly from: Point;
      readonly hit: MarkHit;
      readonly prompt: Prompt;
      readonly moved: boolean;
    };

/** @returns Disposing it stops listening. `giveUp` drops what is being drawn, and says whether anything was. */
export function listenForGestures(options: GestureOptions): Disposable & { giveUp(): boolean } {
  const gestures = new Gestures(options);
  const { element } = options;
  const listening = new AbortController();
  const { signal } = listening;
  element.addEventListener('pointerdown', (event) => gestures.down(event), { signal });
  element.addEventListener('pointermove', (event) => gestures.move(event), { signal });
  element.addEventListener('pointerup', (event) => gestures.up(event), { signal });
  element.addEventListener('pointercancel', (event) => gestures.cancel(event), { signal });
  element.addEventListener('pointerleave', () => options.onLeave(), { signal });
  element.addEventListener('wheel', (event) => gestures.wheel(event), { signal, passive: false });
  return { dispose: () => listening.abort(), giveUp: () => gestures.drop() };
}

class Gestures {
  private gesture: Gesture | undefined;
  /** Where each pointer is that touches the canvas, in CSS pixels of the canvas. */
  private readonly pointers = new Map<number, Point>();
  private readonly wheelReader = new WheelReader();

  constructor(private readonly options: GestureOptions) {}

  down(event: PointerEvent): void {
    if (event.button > 1) return;
    const { element, stage } = this.options;
    const at = this.position(event);
    element.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, at);
    if (this.pointers.size === 2) return this.beginPinch();
    const pen = this.options.pen(event.altKey);
    if (event.button === 1 || this.options.isPanning()) this.gesture = { kind: 'pan' };
    else if (pen) this.draw({ ...pen, points: [toImage(stage.view, at)] });
    else this.gesture = this.grabMark(at) ?? { kind: 'press', from: toImage(stage.view, at) };
  }

  move(event: PointerEvent): void {
    const at = this.position(event);
    const before = this.pointers.get(event.pointerId);
    if (!before) return this.hover(at);
    if (this.pointers.size === 2) return this.pinch(event.pointerId, before, at);
    if (this.gesture?.kind === 'pan') this.pan(at[0] - before[0], at[1] - before[1]);
    else if (this.gesture?.kind === 'line') this.drawOn(this.gesture.line, event);
    else this.drag(at);
    if (this.gesture?.kind !== 'press') this.pointers.set(event.pointerId, at);
  }

  up(event: PointerEvent): void {
    const at = toImage(this.options.stage.view, this.position(event));
    const { gesture } = this;
    if (!this.release(event) || !gesture) return;
    if (gesture.kind === 'press') this.options.onClick(gesture.from, event.altKey);
    if (gesture.kind === 'box') this.finishBox(gesture.from, at);
    if (gesture.kind === 'line') this.finishLine(gesture.line);
    if (gesture.kind === 'mark' && gesture.moved) this.options.onMarkDragEnd();
    else if (gesture.kind === 'mark') this.options.onMarkClick(gesture.hit.index, event.altKey);
  }

  cancel(event: PointerEvent): void {
    const { gesture } = this;
    if (!this.release(event)) return;
    this.giveUp(gesture);
  }

  wheel(event: WheelEvent): void {
    event.preventDefault();
    const { stage } = this.options;
    const meaning = this.wheelReader.read(event);
    if (meaning.kind === 'cycle') this.options.onCycle(meaning.step);
    else if (meaning.kind === 'pan') this.pan(meaning.dx, meaning.dy);
    else if (meaning.kind === 'zoom') {
      const at = this.position(event);
      stage.setView(zoomView(stage.view, meaning.factor, at, this.options.image(), stage.viewport));
    }
  }

  /** @returns Whether that was the last pointer. */
  private release({ pointerId }: PointerEvent): boolean {
    if (!this.pointers.delete(pointerId) || this.pointers.size > 0) return false;
    this.gesture = undefined;
    return true;
  }

  private grabMark(at: Point): Gesture | undefined {
    const { stage } = this.options;
    const prompts = this.options.prompts();
    const hit = markAt(prompts, stage.view, at);
    if (!hit) return undefined;
    return { kind: 'mark', from: toImage(stage.view, at), hit, prompt: prompts[hit.index]!, moved: false };
  }

  private drag(at: Point): void {
    const { gesture } = this;
    const { stage } = this.options;
    if (!gesture || gesture.kind === 'pan' || gesture.kind === 'line') return;
    const to = toImage(stage.view, at);
    if (gesture.kind === 'box') {
      const box = boxBetween(gesture.from, to, this.options.image());
      return this.options.onDraft(box && { type: 'box', box });
    }
    const travelled = Math.hypot(to[0] - gesture.from[0], to[1] - gesture.from[1]) * stage.view.scale;
    if (gesture.kind === 'press') {
      if (travelled >= CLICK_SLOP) this.gesture = { kind: 'box', from: gesture.from };
    } else if (gesture.moved || travelled >= CLICK_SLOP) {
      this.dragMarkTo(gesture, to);
    }
  }

  private draw(line: HandLine): void {
    this.gesture = { kind: 'line', line };
    this.options.onDraft(draftOf(line));
  }

  /** A pointer is where it is more often than the screen is drawn: a quick line is round, not a chain of chords. */
  private drawOn(line: HandLine, event: PointerEvent): void {
    const events = event.getCoalescedEvents?.() ?? [];
    const { stage } = this.options;
    const points = (events.length > 0 ? events : [event]).map((each) =>
      toImage(stage.view, this.position(each)),
    );
    this.draw({ ...line, points: [...line.points, ...points] });
    this.options.onHover(points.at(-1)!);
  }

  private finishLine(line: HandLine): void {
    this.options.onDraft(undefined);
    this.options.onLine(line);
  }

  private dragMarkTo(gesture: Extract<Gesture, { kind: 'mark' }>, to: Point): void {
    const { hit, prompt, from, moved } = gesture;
    const dragged = dragMark(prompt, hit.part, from, to, this.options.image());
    if (!dragged) return;
    this.options.onMarkDrag(hit.index, dragged, moved);
    this.gesture = { ...gesture, moved: true };
  }

  private finishBox(from: Point, to: Point): void {
    const box = boxBetween(from, to, this.options.image());
    this.options.onDraft(undefined);
    if (box) this.options.onBox(box);
  }

  /** A second finger ends whatever the first one had begun. */
  private beginPinch(): void {
    this.giveUp(this.gesture);
    this.gesture = undefined;
  }

  /** The pointer that draws goes on doing nothing until it is let go. */
  drop(): boolean {
    const { gesture } = this;
    if (gesture?.kind !== 'box' && gesture?.kind !== 'line') return false;
    this.giveUp(gesture);
    this.gesture = undefined;
    return true;
  }

  private giveUp(gesture: Gesture | undefined): void {
    if (gesture?.kind === 'box' || gesture?.kind === 'line') this.options.onDraft(undefined);
    if (gesture?.kind === 'mark' && gesture.moved) this.options.onMarkDragEnd();
  }

  private pinch(pointerId: number, before: Point, at: Point): void {
    const other = [...this.pointers].find(([id]) => id !== pointerId)![1];
    const { stage } = this.options;
    const spread = (point: Point) => Math.max(1, Math.hypot(point[0] - other[0], point[1] - other[1]));
    this.pointers.set(pointerId, at);
    this.pan((at[0] - before[0]) / 2, (at[1] - before[1]) / 2);
    const middle: Point = [(at[0] + other[0]) / 2, (at[1] + other[1]) / 2];
    const factor = spread(at) / spread(before);
    stage.setView(zoomView(stage.view, factor, middle, this.options.image(), stage.viewport));
  }

  private pan(dx: number, dy: number): void {
    const { stage } = this.options;
    stage.setView(panView(stage.view, dx, dy, this.options.image(), stage.viewport));
  }

  private hover(at: Point): void {
    const { element, stage } = this.options;
    const hit = this.options.pen(false) ? undefined : markAt(this.options.prompts(), stage.view, at);
    element.dataset['over'] = this.options.isPanning() ? 'pan' : hit ? 'mark' : 'image';
    this.options.onHover(toImage(stage.view, at));
  }

  private position({ clientX, clientY }: MouseEvent): Point {
    const { left, top } = this.options.element.getBoundingClientRect();
    return [clientX - left, clientY - top];
  }
}
