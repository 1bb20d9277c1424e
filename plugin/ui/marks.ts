/** Prompts as marks on the image that a pointer can grab: where they are, and what dragging one makes of it. */
import type { Box, Point, Size } from '../../protocol/geometry.js';
import type { Prompt } from '../../protocol/prompt.js';
import { boxBetween, clampPoint, toScreen } from './view.js';
import type { View } from './view.js';

/** A part of a mark under the pointer. */
export interface MarkHit {
  readonly index: number;
  /** corner: 0 top-left, then clockwise. edge: the box as a whole. */
  readonly part: 'point' | 'edge' | { readonly corner: 0 | 1 | 2 | 3 };
}

/** How near a pointer must come, in CSS pixels. */
const REACH = 10;
const EDGE_REACH = 5;

/** The topmost mark within reach of a screen point; later prompts lie above earlier ones. */
export function markAt(prompts: readonly Prompt[], view: View, at: Point): MarkHit | undefined {
  for (let index = prompts.length - 1; index >= 0; index--) {
    const prompt = prompts[index]!;
    if (prompt.type === 'point' && distance(toScreen(view, [prompt.x, prompt.y]), at) <= REACH) {
      return { index, part: 'point' };
    }
    const part = prompt.type === 'box' ? boxPartAt(prompt.box, view, at) : undefined;
    if (part !== undefined) return { index, part };
  }
  return undefined;
}

/**
 * The prompt after its part was dragged.
 *
 * @param from Where the drag began, image space.
 * @param to Where it is now, image space.
 * @returns undefined when nothing would be left of the prompt.
 */
export function dragMark(
  prompt: Prompt,
  part: MarkHit['part'],
  from: Point,
  to: Point,
  image: Size,
): Prompt | undefined {
  const dx = to[0] - from[0];
  const dy = to[1] - from[1];
  if (prompt.type === 'point') {
    const [x, y] = clampPoint([prompt.x + dx, prompt.y + dy], image);
    return { ...prompt, x, y };
  }
  if (prompt.type !== 'box' || part === 'point') return undefined;
  const box =
    part === 'edge' ? moveBox(prompt.box, dx, dy, image) : pullCorner(prompt.box, part.corner, dx, dy, image);
  return box && { type: 'box', box };
}

/** Inside becomes outside and the reverse. */
export function flipPrompt(prompt: Prompt): Prompt {
  if (prompt.type !== 'point') return prompt;
  return { ...prompt, label: prompt.label === 'inside' ? 'outside' : 'inside' };
}

/** Corners clockwise from the top-left. */
export function boxCorners([x0, y0, x1, y1]: Box): [Point, Point, Point, Point] {
  return [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ];
}

function boxPartAt(box: Box, view: View, at: Point): MarkHit['part'] | undefined {
  const corners = boxCorners(box).map((corner) => toScreen(view, corner));
  const corner = corners.findIndex((point) => distance(point, at) <= REACH);
  if (corner >= 0) return { corner: corner as 0 | 1 | 2 | 3 };
  const [left, top] = corners[0]!;
  const [right, bottom] = corners[2]!;
  const within = (value: number, low: number, high: number) =>
    value >= low - EDGE_REACH && value <= high + EDGE_REACH;
  const near = (value: number, ...lines: number[]) =>
    lines.some((line) => Math.abs(value - line) <= EDGE_REACH);
  const [x, y] = at;
  const onEdge =
    (near(x, left, right) && within(y, top, bottom)) || (near(y, top, bottom) && within(x, left, right));
  return onEdge ? 'edge' : undefined;
}

/** The box keeps its size and stops at the image's border. */
function moveBox([x0, y0, x1, y1]: Box, dx: number, dy: number, { width, height }: Size): Box | undefined {
  const mx = Math.max(-x0, Math.min(width - x1, dx));
  const my = Math.max(-y0, Math.min(height - y1, dy));
  return boxBetween([x0 + mx, y0 + my], [x1 + mx, y1 + my], { width, height });
}

function pullCorner(box: Box, corner: 0 | 1 | 2 | 3, dx: number, dy: number, image: Size): Box | undefined {
  const corners = boxCorners(box);
  const [x, y] = corners[corner];
  const opposite = corners[((corner + 2) % 4) as 0 | 1 | 2 | 3];
  return boxBetween([x + dx, y + dy], opposite, image);
}

function distance([ax, ay]: Point, [bx, by]: Point): number {
  return Math.hypot(ax - bx, ay - by);
}
