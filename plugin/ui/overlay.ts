/** Draws what lies on the image: the outline with its tint, and the marks. Lines keep their width at any zoom. */
import type { Box, Point } from '../../protocol/geometry.js';
import type { Prompt } from '../../protocol/prompt.js';
import { boxCorners } from './marks.js';
import { toScreen } from './view.js';
import type { View } from './view.js';

/** What the top layer shows. */
export interface Marks {
  readonly prompts: readonly Prompt[];
  readonly selected: number | undefined;
  /** What is being drawn: a box, a stroke, a lasso. */
  readonly draft: Prompt | undefined;
  /** The brush, where the pointer is, image space; its size in CSS pixels. */
  readonly brush: { readonly at: Point; readonly size: number } | undefined;
  /** The grid cursor, image space. */
  readonly cursor: Point | undefined;
}

const LINE_WIDTH = 1.5;
const HALO_WIDTH = 4;
const DOT_RADIUS = 5.5;
const HANDLE_SIZE = 7;
const CURSOR_ARM = 11;
const DASHES = [5, 5];

/** The same in both themes: they lie on a photograph, not on the window. */
const COLORS = {
  line: '#ffffff',
  halo: 'rgba(0, 0, 0, 0.55)',
  inside: '#0d99ff',
  outside: '#e03e1a',
  selected: '#ffcd29',
};

/**
 * Draws the outline.
 *
 * @param context Cleared; its transform is set here.
 * @param path Outline in image space.
 * @param tint What fills it.
 * @param density Device pixels a CSS pixel.
 */
export function drawOutline(
  context: CanvasRenderingContext2D,
  path: Path2D,
  tint: string,
  view: View,
  density: number,
): void {
  setImageTransform(context, view, density);
  context.fillStyle = tint;
  context.fill(path, 'evenodd');
  strokeOutline(context, path, COLORS.line, view);
}

/** Draws the outline of an object that is not worked on, in its own colour. */
export function drawAside(
  context: CanvasRenderingContext2D,
  path: Path2D,
  colour: string,
  view: View,
  density: number,
): void {
  setImageTransform(context, view, density);
  strokeOutline(context, path, colour, view);
}

/** A line over a dark halo, as wide on the screen at any zoom; the transform is the image's. */
function strokeOutline(
  context: CanvasRenderingContext2D,
  path: Path2D,
  colour: string,
  { scale }: View,
): void {
  context.lineJoin = 'round';
  context.strokeStyle = COLORS.halo;
  context.lineWidth = HALO_WIDTH / scale;
  context.stroke(path);
  context.strokeStyle = colour;
  context.lineWidth = LINE_WIDTH / scale;
  context.stroke(path);
}

/** Draws prompts, what is being drawn, the brush and the grid cursor. */
export function drawMarks(
  context: CanvasRenderingContext2D,
  marks: Marks,
  view: View,
  density: number,
): void {
  context.setTransform(density, 0, 0, density, 0, 0);
  marks.prompts.forEach((prompt, index) => {
    const selected = index === marks.selected;
    if (prompt.type === 'box') drawBoxWithHandles(context, prompt.box, view, selected);
    else if (prompt.type === 'point')
      drawDot(context, toScreen(view, [prompt.x, prompt.y]), prompt.label, selected);
    else drawByHand(context, prompt, view);
  });
  if (marks.draft?.type === 'box') drawBox(context, marks.draft.box, view);
  else if (marks.draft) drawDraft(context, marks.draft, view);
  if (marks.brush) drawBrush(context, marks.brush, view);
  if (marks.cursor) drawCursor(context, toScreen(view, marks.cursor));
}

/** Filled for inside, a ring for outside: told apart without colour too. */
function drawDot(
  context: CanvasRenderingContext2D,
  [x, y]: Point,
  label: 'inside' | 'outside',
  selected: boolean,
): void {
  const circle = new Path2D();
  circle.arc(x, y, DOT_RADIUS, 0, 2 * Math.PI);
  strokeTwice(context, circle, selected ? COLORS.selected : COLORS.line, label === 'inside' ? 2 : 4.5, 2);
  if (label === 'inside') {
    context.fillStyle = COLORS.inside;
    context.fill(circle);
  } else {
    strokeOnce(context, circle, COLORS.outside, 2);
  }
}

function drawBox(context: CanvasRenderingContext2D, box: Box, view: View): void {
  const [[left, top], , [right, bottom]] = boxCorners(box).map((corner) => toScreen(view, corner)) as [
    Point,
    Point,
    Point,
    Point,
  ];
  const path = new Path2D();
  path.rect(left, top, right - left, bottom - top);
  strokeTwice(context, path, COLORS.inside, 1.5, 2);
}

function drawBoxWithHandles(
  context: CanvasRenderingContext2D,
  box: Box,
  view: View,
  selected: boolean,
): void {
  drawBox(context, box, view);
  for (const corner of boxCorners(box)) {
    const [x, y] = toScreen(view, corner);
    const handle = new Path2D();
    handle.rect(x - HANDLE_SIZE / 2, y - HANDLE_SIZE / 2, HANDLE_SIZE, HANDLE_SIZE);
    context.fillStyle = selected ? COLORS.selected : COLORS.line;
    strokeTwice(context, handle, COLORS.inside, 1.5, 1);
    context.fill(handle);
  }
}

/** What was drawn by hand before: a thin line, since what came of it is there to see. */
function drawByHand(context: CanvasRenderingContext2D, prompt: Prompt, view: View): void {
  if (prompt.type !== 'stroke' && prompt.type !== 'lasso') return;
  const path = linePath(prompt.points, view, prompt.type === 'lasso');
  context.save();
  context.globalAlpha = 0.7;
  if (prompt.type === 'lasso') context.setLineDash(DASHES);
  strokeTwice(context, path, COLORS[prompt.label], 1.5, 1.5);
  context.restore();
}

/** What is being drawn: the brush's own width, or what the lasso goes around so far. */
function drawDraft(context: CanvasRenderingContext2D, prompt: Prompt, view: View): void {
  if (prompt.type === 'stroke') {
    context.save();
    context.globalAlpha = 0.5;
    strokeOnce(
      context,
      linePath(prompt.points, view, false),
      COLORS[prompt.label],
      2 * prompt.radiusPx * view.scale,
    );
    context.restore();
  } else if (prompt.type === 'lasso') {
    const path = linePath(prompt.points, view, true);
    context.save();
    context.globalAlpha = 0.14;
    context.fillStyle = COLORS[prompt.label];
    context.fill(path);
    context.restore();
    strokeTwice(context, linePath(prompt.points, view, false), COLORS[prompt.label], 1.5, 2);
  }
}

function drawBrush(
  context: CanvasRenderingContext2D,
  { at, size }: NonNullable<Marks['brush']>,
  view: View,
): void {
  const [x, y] = toScreen(view, at);
  const circle = new Path2D();
  circle.arc(x, y, size / 2, 0, 2 * Math.PI);
  strokeTwice(context, circle, COLORS.line, 1, 2);
}

/** Screen space. A line of one point is a dot that a round pen shows. */
function linePath(points: readonly Point[], view: View, isClosed: boolean): Path2D {
  const path = new Path2D();
  points.forEach((point, i) => {
    const [x, y] = toScreen(view, point);
    if (i === 0) path.moveTo(x, y);
    path.lineTo(x, y);
  });
  if (isClosed) path.closePath();
  return path;
}

function drawCursor(context: CanvasRenderingContext2D, [x, y]: Point): void {
  const cross = new Path2D();
  cross.moveTo(x - CURSOR_ARM, y);
  cross.lineTo(x + CURSOR_ARM, y);
  cross.moveTo(x, y - CURSOR_ARM);
  cross.lineTo(x, y + CURSOR_ARM);
  strokeTwice(context, cross, COLORS.line, 1.5, 3);
}

/** A line over a dark halo `extra` pixels wider, seen on any ground. */
function strokeTwice(
  context: CanvasRenderingContext2D,
  path: Path2D,
  color: string,
  width: number,
  extra: number,
): void {
  strokeOnce(context, path, COLORS.halo, width + extra);
  strokeOnce(context, path, color, width);
}

function strokeOnce(context: CanvasRenderingContext2D, path: Path2D, color: string, width: number): void {
  context.strokeStyle = color;
  context.lineWidth = width;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  context.stroke(path);
}

/** Lets image space be drawn in. */
export function setImageTransform(context: CanvasRenderingContext2D, view: View, density: number): void {
  const scale = view.scale * density;
  context.setTransform(scale, 0, 0, scale, view.x * density, view.y * density);
}
