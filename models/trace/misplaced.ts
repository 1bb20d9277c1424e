/** Which segments have changed places: at their junctions, or with whole islands. */
import { isBorder, NO_JUNCTION, type Arc, type PlanarMap } from './arcs.js';
import { LEAST_TURN, segmentAt, type FlatArcs } from './flat-arcs.js';
import type { LabelMap } from './label-map.js';

/** Finds the segments that leave a junction in another order than their arcs' pixel sides do. */
export function findTwisted({ arcs, junctions }: PlanarMap, flat: FlatArcs): Set<number> {
  const twisted = new Set<number>();
  for (let junction = 0; junction < junctions.count; junction++) {
    const ends = [...junctions.arcEnds.subarray(4 * junction, 4 * junction + 4)].filter((end) => end >= 0);
    const angles = ends.map((end) => angleOut(flat, end));
    const turns = angles.map((angle, k) => {
      const turn = angles[(k + 1) % angles.length]! - angle;
      return turn < 0 ? turn + 2 * Math.PI : turn;
    });
    const once = turns.reduce((sum, turn) => sum + turn, 0) < 3 * Math.PI;
    if (once && turns.every((turn) => turn > LEAST_TURN)) continue;
    for (const end of ends) if (!isBorder(arcs[end >> 1]!)) twisted.add(segmentAt(flat, pieceOut(flat, end)));
  }
  return twisted;
}

/** The piece with which an arc leaves the junction at one of its ends. */
function pieceOut({ arcs }: FlatArcs, end: number): number {
  return (end & 1) === 0 ? arcs[end >> 1]! : arcs[(end >> 1) + 1]! - 2;
}

function angleOut(flat: FlatArcs, end: number): number {
  const { points } = flat;
  const piece = pieceOut(flat, end);
  const [at, next] = (end & 1) === 0 ? [piece, piece + 1] : [piece + 1, piece];
  return Math.atan2(points[2 * next + 1]! - points[2 * at + 1]!, points[2 * next]! - points[2 * at]!);
}

/** Arcs that hang together, apart from all others: an island. */
interface Island {
  /** The arc that it is looked at by. */
  readonly arc: number;
  /** What surrounds it. */
  readonly label: number;
}

/** Knows which islands a map has, and in what each lies. */
export class Islands {
  private readonly islandOf: Int32Array;
  private readonly islands: Island[] = [];

  constructor(
    private readonly arcs: readonly Arc[],
    junctionCount: number,
    map: LabelMap,
  ) {
    this.islandOf = joinArcs(arcs, junctionCount);
    const leftmost = new Map<number, { readonly x: number; readonly y: number }>();
    arcs.forEach(({ middles }, arc) => {
      const island = this.islandOf[arc]!;
      let { x, y } = leftmost.get(island) ?? { x: Infinity, y: Infinity };
      for (let k = 0; k < middles.length; k += 2) {
        if (middles[k]! < x) [x, y] = [middles[k]!, middles[k + 1]!];
      }
      leftmost.set(island, { x, y });
    });
    for (const [arc, { x, y }] of leftmost) {
      // The leftmost side of all is one between left and right, at a whole x.
      const label = map.labels[x * map.stride + Math.floor(y) + 1]!;
      if (x > 0) this.islands.push({ arc, label });
    }
  }

  /** Finds islands that are not where they were: their segments, and those that they have come to lie beside. */
  findMoved(flat: FlatArcs): Set<number> {
    const { points, arcs: starts } = flat;
    const { arcs, islandOf } = this;
    const places = this.islands.map(({ arc, label }) => ({
      arc,
      label,
      x: points[2 * starts[arc]!]!,
      y: points[2 * starts[arc]! + 1]!,
      hit: -1,
      hitX: -Infinity,
      hitLabel: -1,
    }));
    places.sort((a, b) => a.y - b.y);
    for (let arc = 0; arc < arcs.length; arc++) {
      for (let k = starts[arc]!; k + 1 < starts[arc + 1]!; k++) {
        const [x0, y0, x1, y1] = [points[2 * k]!, points[2 * k + 1]!, points[2 * k + 2]!, points[2 * k + 3]!];
        const [top, bottom] = [Math.min(y0, y1), Math.max(y0, y1)];
        for (let i = firstAtOrBelow(places, top); i < places.length && places[i]!.y < bottom; i++) {
          const place = places[i]!;
          if (islandOf[arc] === islandOf[place.arc]) continue;
          const x = x0 + ((place.y - y0) / (y1 - y0)) * (x1 - x0);
          if (x >= place.x || x <= place.hitX) continue;
          place.hitX = x;
          place.hit = k;
          // Going down, what is to the right on screen is to the left of travel.
          place.hitLabel = y1 > y0 ? arcs[arc]!.left : arcs[arc]!.right;
        }
      }
    }
    const moved = new Set<number>();
    for (const { arc, label, hit, hitLabel } of places) {
      if (hitLabel === label) continue;
      for (let k = starts[arc]!; k + 1 < starts[arc + 1]!; k++) moved.add(segmentAt(flat, k));
      if (hit >= 0) moved.add(segmentAt(flat, hit));
    }
    return moved;
  }
}

function firstAtOrBelow(places: readonly { readonly y: number }[], y: number): number {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle]!.y < y) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** By arc: the first arc that hangs together with it. */
function joinArcs(arcs: readonly Arc[], junctionCount: number): Int32Array {
  const leaders = Int32Array.from(arcs, (_, arc) => arc);
  const leaderOf = (arc: number) => {
    while (leaders[arc] !== arc) arc = leaders[arc] = leaders[leaders[arc]!]!;
    return arc;
  };
  const firstAt = new Int32Array(junctionCount).fill(-1);
  arcs.forEach(({ from, to }, arc) => {
    for (const junction of from === NO_JUNCTION ? [] : [from, to]) {
      if (firstAt[junction]! < 0) firstAt[junction] = arc;
      const [a, b] = [leaderOf(arc), leaderOf(firstAt[junction]!)];
      leaders[Math.max(a, b)] = Math.min(a, b);
    }
  });
  return leaders.map((_, arc) => leaderOf(arc));
}
