/** Which hole belongs to which outer ring, and which rings are too small to keep. */
import { boxOf, ringArea, ringContains, type Ring } from './ring.js';

/** An outer ring and the holes cut from it. */
export interface Polygon {
  readonly outer: Ring;
  readonly holes: readonly Ring[];
}

interface OuterRing {
  readonly area: number;
  readonly box: readonly [number, number, number, number];
  readonly polygon: { readonly outer: Ring; readonly holes: Ring[] };
}

/**
 * Groups rings into polygons. A hole belongs to the smallest outer ring around it.
 *
 * @param rings Rings that do not cross, in any order; the sign of the area tells outer from hole.
 * @returns One polygon an outer ring, in the order of the outer rings. A hole that nothing surrounds is left out.
 */
export function nestRings(rings: readonly Ring[]): Polygon[] {
  const outers: OuterRing[] = [];
  const holes: Ring[] = [];
  for (const ring of rings) {
    const area = ringArea(ring);
    if (area > 0) outers.push({ area, box: boxOf(ring), polygon: { outer: ring, holes: [] } });
    else holes.push(ring);
  }
  const smallestFirst = outers.length > 1 ? [...outers].sort((a, b) => a.area - b.area) : outers;
  for (const hole of holes) {
    const x = hole[0]!;
    const y = hole[1]!;
    const owner = smallestFirst.find(
      ({ box, polygon }) =>
        x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3] && ringContains(polygon.outer, x, y),
    );
    owner?.polygon.holes.push(hole);
  }
  return outers.map(({ polygon }) => polygon);
}

/**
 * Removes islands and fills holes that enclose fewer pixels than asked for, with everything nested in them.
 *
 * What is nested in a ring encloses less than the ring does, so each ring can be judged alone, and the result
 * is what removing small regions from the filled mask gives.
 *
 * @param minAreaPx Fewest pixel centres worth keeping; 0 keeps everything.
 * @source Segment Anything (arXiv 2304.02643), supplement C, small regions.
 */
export function dropSmallRings(rings: readonly Ring[], minAreaPx: number): Ring[] {
  return rings.filter((ring) => Math.abs(enclosedPixels(ring)) >= minAreaPx);
}

/** Counts the pixel centres inside a ring: positive for an outer ring, negative for a hole. */
function enclosedPixels(ring: Ring): number {
  let count = 0;
  let x0 = ring[ring.length - 2]!;
  let y0 = ring[ring.length - 1]!;
  for (let k = 0; k < ring.length; k += 2) {
    const x1 = ring[k]!;
    const y1 = ring[k + 1]!;
    // Columns whose centre line the edge crosses; rows above the crossing are added one way, taken the other.
    const first = Math.ceil(Math.min(x0, x1) - 0.5);
    const end = Math.ceil(Math.max(x0, x1) - 0.5);
    const sign = x1 < x0 ? 1 : -1;
    for (let column = first; column < end; column++) {
      const y = y0 + ((column + 0.5 - x0) / (x1 - x0)) * (y1 - y0);
      count += sign * Math.ceil(y - 0.5);
    }
    x0 = x1;
    y0 = y1;
  }
  return count;
}
