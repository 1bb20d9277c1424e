/** How far two polylines lie apart that run side by side. */

/** How much farther a point that was not looked at may lie. */
const SLACK_PX = 0.002;

/** A quick search for the nearest edge goes on for this many times the smallest distance so far. */
const REACH = 2;

/**
 * Largest distance from a point of one polyline to the other one, both ways.
 *
 * @param a x, y pairs, at least two.
 * @param b The same, in the same order along the way.
 * @param tolerancePx Distance beyond which it is worth a slower look whether there is a nearer edge after all.
 * @param leastPx Distances up to this one do not matter; the more it is, the less there is to be looked at.
 * @returns At least leastPx. Too small by no more than SLACK_PX; up to the tolerance, it can be too large.
 */
export function distanceBetween(a: Float64Array, b: Float64Array, tolerancePx: number, leastPx = 0): number {
  const quick = farthestFrom(b, a, false, farthestFrom(a, b, false, leastPx));
  if (quick <= tolerancePx) return quick;
  return farthestFrom(b, a, true, farthestFrom(a, b, true, leastPx));
}

/** Distance of the point of one polyline that lies farthest from the other; it may lie between two vertices. */
function farthestFrom(points: Float64Array, line: Float64Array, thorough: boolean, leastPx: number): number {
  const search = new NearestEdge(line, 0, line.length / 2 - 1, thorough);
  let x0 = points[0]!;
  let y0 = points[1]!;
  let d0 = Math.sqrt(search.squaredDistance(x0, y0, 0));
  let farthest = Math.max(leastPx, d0);
  for (let k = 2; k < points.length; k += 2) {
    const edge0 = search.edge;
    const x1 = points[k]!;
    const y1 = points[k + 1]!;
    const d1 = Math.sqrt(search.squaredDistance(x1, y1, edge0));
    const edge1 = search.edge;
    farthest = farthestBetween(search, edge0, x0, y0, d0, edge1, x1, y1, d1, Math.max(farthest, d1));
    search.edge = edge1;
    x0 = x1;
    y0 = y1;
    d0 = d1;
  }
  return farthest;
}

/**
 * Looks between two points that follow each other. Where one edge is the nearest to both, nothing between them lies
 * farther from it than they do; nothing lies farther than half their distances and their gap in any case.
 *
 * @returns The larger of `farthest` and the distances of the points between.
 */
function farthestBetween(
  search: NearestEdge,
  edge0: number,
  x0: number,
  y0: number,
  d0: number,
  edge1: number,
  x1: number,
  y1: number,
  d1: number,
  farthest: number,
): number {
  if (edge0 === edge1) return farthest;
  const gap = Math.sqrt((x1 - x0) * (x1 - x0) + (y1 - y0) * (y1 - y0));
  if ((d0 + d1 + gap) / 2 <= farthest + SLACK_PX) return farthest;
  const x = (x0 + x1) / 2;
  const y = (y0 + y1) / 2;
  const d = Math.sqrt(search.squaredDistance(x, y, edge0));
  const edge = search.edge;
  const firstHalf = farthestBetween(search, edge0, x0, y0, d0, edge, x, y, d, Math.max(farthest, d));
  return farthestBetween(search, edge, x, y, d, edge1, x1, y1, d1, firstHalf);
}

/**
 * Squared distance of the point that lies farthest from a polyline, both given in the same order along the way. Stops
 * beyond the limit, and never takes one for the other; up to the limit, it can be too large. For choosing between
 * curves: only the points themselves are looked at.
 *
 * @param points The points firstPoint … lastPoint of these x, y pairs.
 * @param line The polyline through firstVertex … lastVertex of these.
 */
export function farthestVertexSquared(
  points: Float64Array,
  firstPoint: number,
  lastPoint: number,
  line: Float64Array,
  firstVertex: number,
  lastVertex: number,
  limit: number,
): number {
  const search = new NearestEdge(line, firstVertex, lastVertex, false);
  const slowly = new NearestEdge(line, firstVertex, lastVertex, true);
  let farthest = 0;
  for (let k = firstPoint; k <= lastPoint && farthest <= limit; k++) {
    const x = points[2 * k]!;
    const y = points[2 * k + 1]!;
    const quick = search.squaredDistance(x, y, search.edge);
    farthest = Math.max(farthest, quick <= limit ? quick : slowly.squaredDistance(x, y, firstVertex));
  }
  return farthest;
}

/**
 * Finds the edge of a polyline nearest to a point. Thoroughly, it looks at every edge; quickly, for points that come in
 * the polyline's order, it starts at a given one and may stop before a nearer one, but never finds too near an edge.
 */
class NearestEdge {
  /** The one found last. */
  edge: number;

  /** @param line The polyline through firstVertex … lastVertex of these x, y pairs. */
  constructor(
    private readonly line: Float64Array,
    private readonly firstVertex: number,
    private readonly lastVertex: number,
    private readonly thorough: boolean,
  ) {
    this.edge = firstVertex;
  }

  squaredDistance(x: number, y: number, firstEdge: number): number {
    const { line, lastVertex, thorough } = this;
    let nearest = Infinity;
    let gone = 0;
    const start = thorough ? this.firstVertex : firstEdge;
    for (let e = start; e < lastVertex && (thorough || gone * gone <= REACH * REACH * nearest); e++) {
      const ax = line[2 * e]!;
      const ay = line[2 * e + 1]!;
      const dx = line[2 * e + 2]! - ax;
      const dy = line[2 * e + 3]! - ay;
      const dot = (x - ax) * dx + (y - ay) * dy;
      const squared = dx * dx + dy * dy;
      const t = dot <= 0 ? 0 : dot >= squared ? 1 : dot / squared;
      const rx = x - ax - t * dx;
      const ry = y - ay - t * dy;
      const distance = rx * rx + ry * ry;
      gone += Math.abs(dx) + Math.abs(dy);
      if (distance > nearest) continue;
      nearest = distance;
      this.edge = e;
      gone = 0;
    }
    return nearest;
  }
}
