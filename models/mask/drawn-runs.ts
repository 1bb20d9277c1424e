/** What a person draws by hand, as masks: the line of a round brush, and the inside of a lasso. */
import type { Point, Size } from '../../protocol/geometry.js';
import { forEachCrossing, pushUnion, runsFromToggles } from './runs.js';
import type { Runs, Span } from './runs.js';

/**
 * The pixels whose centres are under a round brush that is led along a line.
 *
 * @param points At least one, image space; the line may leave the image.
 */
export function strokeRuns(points: readonly Point[], radiusPx: number, size: Size): Runs {
  const { width, height } = size;
  // Of the columns that it touches alone: most strokes are short.
  const columns = new Map<number, Span[]>();
  points.forEach((to, i) => {
    const from = points[Math.max(0, i - 1)]!;
    const first = Math.max(0, Math.ceil(Math.min(from[0], to[0]) - radiusPx - 0.5));
    const last = Math.min(width - 1, Math.floor(Math.max(from[0], to[0]) + radiusPx - 0.5));
    for (let column = first; column <= last; column++) {
      const [top, bottom] = spanOfStep(from, to, radiusPx, column + 0.5);
      const span: Span = [Math.max(0, Math.ceil(top - 0.5)), Math.min(height, Math.floor(bottom - 0.5) + 1)];
      if (span[1] <= span[0]) continue;
      const spans = columns.get(column);
      if (spans) spans.push(span);
      else columns.set(column, [span]);
    }
  });
  const toggles: number[] = [];
  const touched = [...columns].sort(([a], [b]) => a - b);
  for (const [column, spans] of touched) pushUnion(toggles, spans, column * height);
  return runsFromToggles(toggles, size);
}

/**
 * Where a brush led straight from one point to another covers a vertical line: what it covers is convex, so that is one
 * stretch, from the topmost to the lowest of the edges that the line meets.
 *
 * @returns From a y to a greater one; the other way round where it covers none of the line.
 */
function spanOfStep([x0, y0]: Point, [x1, y1]: Point, radius: number, x: number): Span {
  let [top, bottom] = [Infinity, -Infinity];
  const meet = (y: number) => {
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  };
  for (const [centreX, centreY] of [
    [x0, y0],
    [x1, y1],
  ] as const) {
    const half = Math.sqrt(radius * radius - (x - centreX) ** 2);
    if (half >= 0) [centreY - half, centreY + half].forEach(meet);
  }
  const length = Math.hypot(x1 - x0, y1 - y0);
  if (x0 === x1) return [top, bottom];
  const [acrossX, acrossY] = [(radius * (y0 - y1)) / length, (radius * (x1 - x0)) / length];
  for (const side of [1, -1]) {
    const share = (x - side * acrossX - x0) / (x1 - x0);
    if (share >= 0 && share <= 1) meet(y0 + side * acrossY + share * (y1 - y0));
  }
  return [top, bottom];
}

/**
 * The pixels that a closed line goes around, once or more often: where a hand-drawn line crosses itself, what it went
 * around twice is inside as well.
 *
 * @param points At least three, image space; what is outside of the image is led along its border.
 */
export function lassoRuns(points: readonly Point[], size: Size): Runs {
  const { width, height } = size;
  const ring = Float64Array.from(
    points.flatMap(([x, y]) => [Math.min(width, Math.max(0, x)), Math.min(height, Math.max(0, y))]),
  );
  const columns = new Map<number, { row: number; turn: number }[]>();
  forEachCrossing([ring], width, (column, y, isRightwards) => {
    const row = Math.min(height, Math.max(0, Math.ceil(y - 0.5)));
    const crossing = { row, turn: isRightwards ? 1 : -1 };
    const crossings = columns.get(column);
    if (crossings) crossings.push(crossing);
    else columns.set(column, [crossing]);
  });
  const toggles: number[] = [];
  for (const [column, crossings] of [...columns].sort(([a], [b]) => a - b)) {
    let turns = 0;
    for (const { row, turn } of crossings.sort((a, b) => a.row - b.row)) {
      const before = turns;
      turns += turn;
      if (before === 0 || turns === 0) toggles.push(column * height + row);
    }
  }
  return runsFromToggles(toggles, size);
}
