/** The grid a contour is drawn on: a field's sample lines inside the image, and the image borders. */
import type { LogitField } from '../logit-field.js';

/**
 * Values at the crossings of grid lines, framed by one line on each side that lies on the image border and is
 * −∞: outside the image is outside, however the mask ends, so rings close exactly along the border.
 */
export interface ContourGrid {
  readonly columns: number;
  readonly rows: number;
  /** Image-space positions of the vertical and the horizontal lines. */
  readonly xs: Float64Array;
  readonly ys: Float64Array;
  /** Float32, rows × columns. */
  readonly values: Float32Array;
}

/** Lays the contour grid over a field. */
export function gridFromField(field: LogitField): ContourGrid {
  const xs = axisLines(field.originX, field.stepX, field.columns, field.image.width);
  const ys = axisLines(field.originY, field.stepY, field.rows, field.image.height);
  const columns = xs.positions.length;
  const rows = ys.positions.length;
  const values = new Float32Array(columns * rows).fill(-Infinity);
  for (let row = 1; row < rows - 1; row++) fillRow(field, xs, ys, row, values);
  return { columns, rows, xs: xs.positions, ys: ys.positions, values };
}

/** Lines along one axis: the frame, the border, the samples strictly inside the image, the border, the frame. */
interface AxisLines {
  readonly positions: Float64Array;
  /** Index of the sample that line 2 runs through. */
  readonly firstSample: number;
  /** Where the two borders lie, in samples from the first, clamped to the outermost ones. */
  readonly start: number;
  readonly end: number;
}

function axisLines(origin: number, step: number, samples: number, extent: number): AxisLines {
  let first = 0;
  while (first < samples && origin + first * step <= 0) first++;
  let last = samples - 1;
  while (last >= first && origin + last * step >= extent) last--;
  const inside = Math.max(0, last - first + 1);
  const positions = new Float64Array(inside + 4);
  for (let k = 0; k < inside; k++) positions[k + 2] = origin + (first + k) * step;
  positions[inside + 2] = extent;
  positions[inside + 3] = extent;
  const clampToSamples = (position: number) => Math.min(samples - 1, Math.max(0, (position - origin) / step));
  return { positions, firstSample: first, start: clampToSamples(0), end: clampToSamples(extent) };
}

function fillRow(field: LogitField, xs: AxisLines, ys: AxisLines, row: number, values: Float32Array): void {
  const columns = xs.positions.length;
  const lastRow = ys.positions.length - 2;
  const base = row * columns;
  const v = row === 1 ? ys.start : row === lastRow ? ys.end : ys.firstSample + row - 2;
  if (Number.isInteger(v)) {
    const start = v * field.columns + xs.firstSample;
    values.set(field.logits.subarray(start, start + columns - 4), base + 2);
  } else {
    for (let k = 2; k < columns - 2; k++) values[base + k] = interpolate(field, xs.firstSample + k - 2, v);
  }
  values[base + 1] = interpolate(field, xs.start, v);
  values[base + columns - 2] = interpolate(field, xs.end, v);
}

/** Bilinear value at a fractional (column, row). */
function interpolate(field: LogitField, column: number, row: number): number {
  const i = Math.min(Math.floor(column), Math.max(0, field.columns - 2));
  const j = Math.min(Math.floor(row), Math.max(0, field.rows - 2));
  const u = column - i;
  const v = row - j;
  const right = field.columns > 1 ? 1 : 0;
  const below = field.rows > 1 ? field.columns : 0;
  const k = j * field.columns + i;
  const top = field.logits[k]! * (1 - u) + field.logits[k + right]! * u;
  const bottom = field.logits[k + below]! * (1 - u) + field.logits[k + below + right]! * u;
  return top * (1 - v) + bottom * v;
}
