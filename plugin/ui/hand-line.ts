/** Lines drawn by hand, on their way from the pointer to a prompt. */
import { boxOf } from '../../models/trace/ring.js';
import { simplifyPolyline } from '../../models/trace/simplify.js';
import type { Point, Size } from '../../protocol/geometry.js';
import { MAX_BRUSH_RADIUS_PX } from '../../protocol/hand-limits.js';
import { MAX_HAND_POINTS } from '../../protocol/prompt.js';
import type { Prompt } from '../../protocol/prompt.js';
import type { Label, Tool } from './tool.js';

/** What draws lines. */
export type HandTool = Extract<Tool, 'brush' | 'lasso'>;

/** Diameter of the brush on the screen, CSS pixels: zoomed in, the same brush paints finer. */
export const BRUSH_SIZES = { smallest: 4, usual: 24, largest: 160 } as const;

/** The hand is not steadier than this, in CSS pixels. */
const STEADINESS = 0.75;

/** A brush of half a pixel would miss the pixels' centres. */
const LEAST_RADIUS_PX = 0.75;

export function clampBrushSize(size: number): number {
  return Math.round(Math.min(BRUSH_SIZES.largest, Math.max(BRUSH_SIZES.smallest, size)));
}

export function isHandTool(tool: Tool): tool is HandTool {
  return tool === 'brush' || tool === 'lasso';
}

/** Radius of the brush in image pixels. */
export function brushRadiusPx(brushSize: number, scale: number): number {
  return Math.min(MAX_BRUSH_RADIUS_PX, Math.max(LEAST_RADIUS_PX, brushSize / 2 / scale));
}

export interface HandLine {
  readonly tool: HandTool;
  readonly label: Label;
  /** Image space, in the order in which they were drawn. */
  readonly points: readonly Point[];
  /** Of the brush. */
  readonly radiusPx: number;
}

/** The line as it is being drawn. */
export function draftOf({ tool, label, points, radiusPx }: HandLine): Prompt {
  return tool === 'brush'
    ? { type: 'stroke', points: [...points], radiusPx, label }
    : { type: 'lasso', points: [...points], label };
}

/**
 * What a finished line means.
 *
 * @param scale CSS pixels an image pixel, when it was drawn.
 * @returns undefined for a line that is nowhere in the image, or a lasso that goes around nothing.
 */
export function promptOf(line: HandLine, scale: number, image: Size): Prompt | undefined {
  const [left, top, right, bottom] = boxAround(line.points);
  const reachPx = line.tool === 'brush' ? line.radiusPx : 0;
  const isAside =
    right < -reachPx || bottom < -reachPx || left > image.width + reachPx || top > image.height + reachPx;
  if (isAside) return undefined;
  // A brush beside the image reaches into it by its rim; a lasso goes along the border.
  const within = line.tool === 'brush' ? line.points : line.points.map((point) => clampTo(point, image));
  const points = simplifyLine(within, STEADINESS / scale);
  return line.tool === 'lasso' && (points.length < 3 || isFlat(points))
    ? undefined
    : draftOf({ ...line, points });
}

function clampTo([x, y]: Point, { width, height }: Size): Point {
  return [Math.min(width, Math.max(0, x)), Math.min(height, Math.max(0, y))];
}

function isFlat(points: readonly Point[]): boolean {
  const [left, top, right, bottom] = boxAround(points);
  return right - left < 1 || bottom - top < 1;
}

function boxAround(points: readonly Point[]) {
  return boxOf(Float64Array.from(points.flat()));
}

/** Coarser and coarser, until there are few enough. */
function simplifyLine(points: readonly Point[], tolerancePx: number): Point[] {
  const simple = simplifyPolyline(Float64Array.from(points.flat()), tolerancePx);
  if (simple.length > 2 * MAX_HAND_POINTS) return simplifyLine(points, 2 * tolerancePx);
  return Array.from({ length: simple.length / 2 }, (_, k) => [
    tidy(simple[2 * k]!),
    tidy(simple[2 * k + 1]!),
  ]);
}

/** A hundredth of a pixel is finer than any hand. */
function tidy(value: number): number {
  return Math.round(value * 100) / 100;
}
