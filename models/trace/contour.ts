/** Sub-pixel contours of a logit field at the cut-off 0. */
import type { LogitField } from '../logit-field.js';
import { gridFromField, type ContourGrid } from './grid.js';
import type { Ring } from './ring.js';

/**
 * Farthest a chord may lie from the true arc inside a cell, in image pixels. Above the 0.061 px of a mask's
 * corner cells, so that a mask's contour has no extra vertices.
 */
const CHORD_ERROR_PX = 1 / 16;

/** Most pieces one arc is cut into; enough for cells of 100 px. */
const MAX_PIECES = 16;

/** Sides of a cell: through which one a contour enters or leaves. */
const TOP = 0;
const RIGHT = 1;
const BOTTOM = 2;
// and 3, the left.

/**
 * Side through which a contour leaves a cell, by [corners inside × 4 + side entered]; the corner bits are
 * 1 top left, 2 top right, 4 bottom right, 8 bottom left. Cases 5 and 10 are saddles whose inside corners are
 * separate; 16 and 17 are the same saddles with those corners joined. The inside is to the right of travel.
 */
const EXITS = exitTable();

function exitTable(): Int8Array {
  const table = new Int8Array(18 * 4).fill(-1);
  const inside = (corners: number, corner: number) => ((corners >> (corner & 3)) & 1) === 1;
  for (let code = 0; code < 18; code++) {
    const corners = code === 16 ? 5 : code === 17 ? 10 : code;
    for (let entry = 0; entry < 4; entry++) {
      // Side s joins corners s and s + 1 (clockwise from the top left); entering, the later one is to the left.
      if (!inside(corners, entry) || inside(corners, entry + 1)) continue;
      const turnsLeft = code >= 16;
      for (let turn = 1; turn < 4; turn++) {
        const exit = (turnsLeft ? entry + turn : entry + 4 - turn) & 3;
        if (!inside(corners, exit) && inside(corners, exit + 1)) {
          table[code * 4 + entry] = exit;
          break;
        }
      }
    }
  }
  return table;
}

/**
 * Follows the zero set of a field's bilinear interpolant and returns it as closed rings, in the order in which
 * a scan from the top left meets them.
 *
 * Connectivity: where a cell's corners alternate, the value at the saddle point of the bilinear patch decides
 * (the asymptotic decider), which is what the zero set itself does. In a mask that value is exactly 0, which
 * is not inside: so foreground is 4-connected and background 8-connected.
 *
 * @returns Rings within 1/16 px of the true zero set; the outside is always to the left of travel.
 * @source Nielson and Hamann, The asymptotic decider, Visualization 1991.
 */
export function contourField(field: LogitField): Ring[] {
  const grid = gridFromField(field);
  const { columns, rows, values } = grid;
  const follower = new ContourFollower(grid);
  const rings: Ring[] = [];
  // Every ring climbs across some horizontal grid edge: outside at its left end, inside at its right end.
  for (let row = 1; row < rows - 1; row++) {
    const end = (row + 1) * columns - 1;
    let wasInside = false;
    for (let k = row * columns + 1; k < end; k++) {
      const isInside = values[k]! > 0;
      if (isInside && !wasInside && !follower.visited[k]) {
        const ring = follower.follow(k - 1 - row * columns, row);
        if (ring.length >= 6) rings.push(ring);
      }
      wasInside = isInside;
    }
  }
  return rings;
}

/** Walks from cell to cell along one contour at a time; owns the buffers that this needs. */
class ContourFollower {
  /** Grid crossings whose edge to the left has been climbed. */
  readonly visited: Uint8Array;
  private vertices = new Float64Array(4096);
  private length = 0;

  constructor(private readonly grid: ContourGrid) {
    this.visited = new Uint8Array(grid.values.length);
  }

  /** Follows the contour that climbs across the edge right of grid crossing (column, row). */
  follow(column: number, row: number): Ring {
    const { columns } = this.grid;
    this.length = 0;
    // The cell above the edge, entered through its bottom.
    const start = (row - 1) * columns + column;
    let cell = start;
    let entry = BOTTOM;
    this.pushArcTo(cell, BOTTOM);
    do {
      if (entry === BOTTOM) this.visited[cell + columns + 1] = 1;
      const exit = EXITS[this.cornerCode(cell) * 4 + entry]!;
      this.pushArcTo(cell, exit);
      cell += exit === TOP ? -columns : exit === RIGHT ? 1 : exit === BOTTOM ? columns : -1;
      entry = (exit + 2) & 3;
    } while (cell !== start || entry !== BOTTOM);
    return this.takeRing();
  }

  private cornerCode(cell: number): number {
    const { columns, values } = this.grid;
    const a = values[cell]!;
    const b = values[cell + 1]!;
    const c = values[cell + columns + 1]!;
    const d = values[cell + columns]!;
    const code = (a > 0 ? 1 : 0) | (b > 0 ? 2 : 0) | (c > 0 ? 4 : 0) | (d > 0 ? 8 : 0);
    if (code === 5) return a * c > b * d ? 16 : 5;
    if (code === 10) return b * d > a * c ? 17 : 10;
    return code;
  }

  /** Goes from the last vertex to where the contour crosses a side of the cell. */
  private pushArcTo(cell: number, side: number): void {
    const { columns, values, xs, ys } = this.grid;
    const from = side === RIGHT ? cell + 1 : side === BOTTOM ? cell + columns : cell;
    const column = from % columns;
    const row = (from - column) / columns;
    const isHorizontal = side === TOP || side === BOTTOM;
    const va = values[from]!;
    // An end outside the image is −∞, which puts the crossing on the border.
    const t = va === -Infinity ? 1 : va / (va - values[isHorizontal ? from + 1 : from + columns]!);
    const x = isHorizontal ? xs[column]! + t * (xs[column + 1]! - xs[column]!) : xs[column]!;
    const y = isHorizontal ? ys[row]! : ys[row]! + t * (ys[row + 1]! - ys[row]!);
    if (this.length > 0) this.pushInnerPoints(cell, x, y);
    this.push(x, y);
  }

  /**
   * Adds points on the hyperbola between the last vertex and (x1, y1), where the contour leaves the cell.
   *
   * With f = A + Bu + Cv + Duv the zero set is U·V = BC − AD for U = C + Du and V = B + Dv. Steps of equal
   * ratio in U cut the arc into pieces that are equally far from their chords, and the arc is farthest from a
   * chord at the geometric mean of its ends; n pieces are n² times as close as one.
   */
  private pushInnerPoints(cell: number, x1: number, y1: number): void {
    const { columns, values, xs, ys } = this.grid;
    const a = values[cell]!;
    const b = values[cell + 1]! - a;
    const c = values[cell + columns]! - a;
    const d = values[cell + columns + 1]! - a - b - c;
    if (!Number.isFinite(d) || Math.abs(d) < 1e-6 * (Math.abs(b) + Math.abs(c))) return;
    const left = xs[cell % columns]!;
    const top = ys[Math.floor(cell / columns)]!;
    const scaleX = (xs[(cell % columns) + 1]! - left) / d;
    const scaleY = (ys[Math.floor(cell / columns) + 1]! - top) / d;
    const x0 = this.vertices[this.length - 2]!;
    const y0 = this.vertices[this.length - 1]!;
    const u0 = c + (x0 - left) / scaleX;
    const u1 = c + (x1 - left) / scaleX;
    const v0 = b + (y0 - top) / scaleY;
    const v1 = b + (y1 - top) / scaleY;
    if (!(u0 * u1 > 0 && v0 * v1 > 0)) return;
    const midX = (Math.sign(u0) * Math.sqrt(u0 * u1) - (u0 + u1) / 2) * scaleX;
    const midY = (Math.sign(v0) * Math.sqrt(v0 * v1) - (v0 + v1) / 2) * scaleY;
    const bulge = Math.abs(midX * (y1 - y0) - midY * (x1 - x0)) / Math.hypot(x1 - x0, y1 - y0);
    const pieces = Math.min(MAX_PIECES, Math.ceil(Math.sqrt(bulge / CHORD_ERROR_PX)));
    for (let k = 1; k < pieces; k++) {
      const u = u0 * Math.pow(u1 / u0, k / pieces);
      const v = v0 * Math.pow(v1 / v0, k / pieces);
      this.push(left + (u - c) * scaleX, top + (v - b) * scaleY);
    }
  }

  /** Adds a vertex unless it repeats the last one, as a contour through a grid crossing makes it do. */
  private push(x: number, y: number): void {
    const n = this.length;
    if (n > 0 && this.vertices[n - 2] === x && this.vertices[n - 1] === y) return;
    if (n === this.vertices.length) {
      const longer = new Float64Array(2 * n);
      longer.set(this.vertices);
      this.vertices = longer;
    }
    this.vertices[n] = x;
    this.vertices[n + 1] = y;
    this.length = n + 2;
  }

  private takeRing(): Ring {
    const { vertices } = this;
    let n = this.length;
    while (n > 2 && vertices[n - 2] === vertices[0] && vertices[n - 1] === vertices[1]) n -= 2;
    return vertices.slice(0, n);
  }
}
