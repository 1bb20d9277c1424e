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
  /** The box being dragged, image space. */
  readonly draft: Box | undefined;
  /** The grid cursor, image space. */
  readonly cursor: Point | undefined;
}

const LINE_WIDTH = 1.5;
const HALO_WIDTH = 4;
const DOT_RADIUS = 5.5;
const HANDLE_SIZE = 7;
const CURSOR_ARM = 11;

/** The same in both themes: they lie on a photograph, not on the window. */
const COLORS = {
  line: '#ffffff',
  halo: 'rgba(0, 0, 0, 0.55)',
  tint: 'rgba(13, 153, 255, 0.14)',
  inside: '#0d99ff',
  outside: '#e03e1a',
  selected: '#ffcd29',
};

/**
 * Draws the outline.
 *
 * @param context Cleared; its transform is set here.
 * @param path Outline in image space.
 * @param density Device pixels a CSS pixel.
 */
export function drawOutline(
  context: CanvasRenderingContext2D,
  path: Path2D,
  view: View,
  density: number,
): void {
  setImageTransform(context, view, density);
  context.lineJoin = 'round';
  context.fillStyle = COLORS.tint;
  context.fill(path, 'evenodd');
  context.strokeStyle = COLORS.halo;
  context.lineWidth = HALO_WIDTH / view.scale;
  context.stroke(path);
  context.strokeStyle = COLORS.line;
  context.lineWidth = LINE_WIDTH / view.scale;
  context.stroke(path);
}

/** Draws prompts, the box being dragged and the grid cursor. */
export function drawMarks(
  context: CanvasRenderingContext2D,
  marks: Marks,
  view: View,
  density: number,
): void {
  context.setTransform(density, 0, 0, density, 0, 0);
  if (marks.draft) drawBox(context, marks.draft, view);
  marks.prompts.forEach((prompt, index) => {
    const selected = index === marks.selected;
    if (prompt.type === 'box') drawBoxWithHandles(context, prompt.box, view, selected);
    if (prompt.type === 'point')
      drawDot(context, toScreen(view, [prompt.x, prompt.y]), prompt.label, selected);
  });
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
  context.stroke(path);
}

/** Lets image space be drawn in. */
export function setImageTransform(context: CanvasRenderingContext2D, view: View, density: number): void {
  const scale = view.scale * density;
  context.setTransform(scale, 0, 0, scale, view.x * density, view.y * density);
}
