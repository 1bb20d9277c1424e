/** Curves as polylines, and how far polylines stray from each other. */

/** Most straight pieces one curve is cut into. */
export const MAX_PIECES = 64;

/**
 * Cuts a cubic into straight pieces.
 *
 * @param curve Start, handle, handle, end: x, y each.
 * @param errorPx Farthest a piece may lie from the curve, as long as MAX_PIECES are enough.
 * @param out Receives x, y pairs, both ends included; room for MAX_PIECES + 1.
 * @returns How many points.
 */
export function flattenCubic(curve: Float64Array, errorPx: number, out: Float64Array): number {
  const x0 = curve[0]!;
  const y0 = curve[1]!;
  const x1 = curve[2]!;
  const y1 = curve[3]!;
  const x2 = curve[4]!;
  const y2 = curve[5]!;
  const x3 = curve[6]!;
  const y3 = curve[7]!;
  const bend = Math.sqrt(
    Math.max(
      bendSquared(x0 - 2 * x1 + x2, y0 - 2 * y1 + y2),
      bendSquared(x1 - 2 * x2 + x3, y1 - 2 * y2 + y3),
    ),
  );
  // A piece of a cubic strays by at most the second derivative, 6 · bend, over 8 n².
  const pieces = Math.min(MAX_PIECES, Math.max(2, Math.ceil(Math.sqrt((0.75 * bend) / errorPx))));
  for (let k = 0; k <= pieces; k++) {
    const t = k / pieces;
    const s = 1 - t;
    const b0 = s * s * s;
    const b1 = 3 * s * s * t;
    const b2 = 3 * s * t * t;
    const b3 = t * t * t;
    out[2 * k] = b0 * x0 + b1 * x1 + b2 * x2 + b3 * x3;
    out[2 * k + 1] = b0 * y0 + b1 * y1 + b2 * y2 + b3 * y3;
  }
  return pieces + 1;
}

function bendSquared(x: number, y: number): number {
  return x * x + y * y;
}

/**
 * Squared distance of the point that lies farthest from a polyline, both given in the same order along the way.
 * Stops beyond the limit.
 *
 * Never too small, but can be too large: from the edge nearest to one point, the search for the next point goes on
 * for no more than twice that point's distance.
 *
 * @param points The points firstPoint … lastPoint of these x, y pairs.
 * @param line The polyline through firstVertex … lastVertex of these.
 */
export function farthestSquared(
  points: Float64Array,
  firstPoint: number,
  lastPoint: number,
  line: Float64Array,
  firstVertex: number,
  lastVertex: number,
  limit: number,
): number {
  let farthest = 0;
  let edge = firstVertex;
  for (let k = firstPoint; k <= lastPoint; k++) {
    const px = points[2 * k]!;
    const py = points[2 * k + 1]!;
    let nearest = Infinity;
    let gone = 0;
    for (let e = edge; e < lastVertex && gone * gone <= 4 * nearest; e++) {
      const ax = line[2 * e]!;
      const ay = line[2 * e + 1]!;
      const dx = line[2 * e + 2]! - ax;
      const dy = line[2 * e + 3]! - ay;
      const dot = (px - ax) * dx + (py - ay) * dy;
      const squared = dx * dx + dy * dy;
      const t = dot <= 0 ? 0 : dot >= squared ? 1 : dot / squared;
      const rx = px - ax - t * dx;
      const ry = py - ay - t * dy;
      const distance = rx * rx + ry * ry;
      gone += Math.abs(dx) + Math.abs(dy);
      if (distance <= nearest) {
        nearest = distance;
        edge = e;
        gone = 0;
      }
    }
    if (nearest > farthest) {
      farthest = nearest;
      if (farthest > limit) return farthest;
    }
  }
  return farthest;
}

/** Squared distance of the point that lies farthest from a polyline, by looking at every edge for every point. */
export function exactFarthestSquared(points: Float64Array, line: Float64Array): number {
  let farthest = 0;
  for (let k = 0; k < points.length; k += 2) {
    const px = points[k]!;
    const py = points[k + 1]!;
    let nearest = Infinity;
    for (let e = 0; e + 3 < line.length; e += 2) {
      const dx = line[e + 2]! - line[e]!;
      const dy = line[e + 3]! - line[e + 1]!;
      const dot = (px - line[e]!) * dx + (py - line[e + 1]!) * dy;
      const squared = dx * dx + dy * dy;
      const t = dot <= 0 ? 0 : dot >= squared ? 1 : dot / squared;
      const rx = px - line[e]! - t * dx;
      const ry = py - line[e + 1]! - t * dy;
      nearest = Math.min(nearest, rx * rx + ry * ry);
    }
    farthest = Math.max(farthest, nearest);
  }
  return farthest;
}
