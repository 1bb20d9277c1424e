/** How far an outline and the rings it stands for lie apart. */
import { flattenPath } from './flatten-path.js';
import type { Ring } from './ring.js';

export interface Deviation {
  /** Over the lengths of both: the mean distance from each to the other, image pixels. */
  readonly meanPx: number;
  /** Largest distance from one to the other, image pixels. */
  readonly maxPx: number;
}

/** Distance between the points at which deviation is read, and how closely curves are followed. */
const SAMPLE_PX = 0.25;
const FLATTENING_PX = 0.002;

/** Side of the squares that edges are looked up by. */
const CELL_PX = 4;

/**
 * Measures how far an outline strays from rings, and the rings from the outline, at points a quarter pixel apart.
 *
 * @param path Outline in image space: absolute M, L, C and Z.
 * @returns Zeros when both are empty, infinite when only one is.
 */
export function measureDeviation(path: string, rings: readonly Ring[]): Deviation {
  const outline = flattenPath(path, FLATTENING_PX);
  const [there, back] = [distances(outline, rings), distances(rings, outline)];
  const length = there.length + back.length;
  return {
    meanPx: length > 0 ? (there.sum + back.sum) / length : 0,
    maxPx: Math.max(there.farthest, back.farthest),
  };
}

/** Distances from points along some closed polylines to the nearest edge of others, each weighed by its length. */
function distances(from: readonly Ring[], to: readonly Ring[]) {
  const edges = new EdgeLookup(to);
  let [sum, length, farthest] = [0, 0, 0];
  forEachPiece(from, SAMPLE_PX, (x, y, dx, dy) => {
    const piece = Math.hypot(dx, dy);
    const distance = edges.distanceTo(x, y);
    sum += piece * distance;
    length += piece;
    farthest = Math.max(farthest, distance);
  });
  return { sum, length, farthest };
}

/** Calls back with the start of every piece, none longer than asked for, and the way to its end. */
function forEachPiece(
  rings: readonly Ring[],
  longestPx: number,
  visit: (x: number, y: number, dx: number, dy: number) => void,
): void {
  for (const ring of rings) {
    for (let k = 0; k < ring.length; k += 2) {
      const to = k + 2 < ring.length ? k + 2 : 0;
      const [x, y] = [ring[k]!, ring[k + 1]!];
      const [dx, dy] = [ring[to]! - x, ring[to + 1]! - y];
      const pieces = Math.max(1, Math.ceil(Math.hypot(dx, dy) / longestPx));
      for (let p = 0; p < pieces; p++) {
        visit(x + (p * dx) / pieces, y + (p * dy) / pieces, dx / pieces, dy / pieces);
      }
    }
  }
}

/** Finds the edge nearest to a point among those in the squares around it. */
class EdgeLookup {
  /** By square: start and vector of each piece of an edge whose start lies in it. */
  private readonly squares = new Map<string, number[]>();

  constructor(rings: readonly Ring[]) {
    forEachPiece(rings, CELL_PX / 2, (x, y, dx, dy) => {
      const key = keyOf(Math.floor(x / CELL_PX), Math.floor(y / CELL_PX));
      const square = this.squares.get(key);
      if (square) square.push(x, y, dx, dy);
      else this.squares.set(key, [x, y, dx, dy]);
    });
  }

  /** @returns Infinity when there is no edge. */
  distanceTo(x: number, y: number): number {
    if (this.squares.size === 0) return Infinity;
    const [column, row] = [Math.floor(x / CELL_PX), Math.floor(y / CELL_PX)];
    let nearest = Infinity;
    // Pieces that start beyond the squares looked at can reach half a square back.
    for (let away = 0; nearest > (away - 1.5) * CELL_PX; away++) {
      nearest = Math.min(nearest, this.nearestInFrame(x, y, column, row, away));
    }
    return nearest;
  }

  /** Looks through the squares that are a number of squares away. */
  private nearestInFrame(x: number, y: number, column: number, row: number, away: number): number {
    let nearest = Infinity;
    for (let j = -away; j <= away; j++) {
      const step = Math.abs(j) === away || away === 0 ? 1 : 2 * away;
      for (let i = -away; i <= away; i += step) {
        const pieces = this.squares.get(keyOf(column + i, row + j));
        if (pieces) nearest = Math.min(nearest, nearestPiece(x, y, pieces));
      }
    }
    return nearest;
  }
}

function nearestPiece(x: number, y: number, pieces: readonly number[]): number {
  let nearest = Infinity;
  for (let k = 0; k < pieces.length; k += 4) {
    const [px, py, dx, dy] = [x - pieces[k]!, y - pieces[k + 1]!, pieces[k + 2]!, pieces[k + 3]!];
    const t = Math.min(1, Math.max(0, (px * dx + py * dy) / (dx * dx + dy * dy || 1)));
    nearest = Math.min(nearest, (px - t * dx) ** 2 + (py - t * dy) ** 2);
  }
  return Math.sqrt(nearest);
}

function keyOf(column: number, row: number): string {
  return `${column},${row}`;
}
