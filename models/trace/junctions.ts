/** Where exactly regions meet, and which of their boundaries go on smoothly there. */
import type { Size } from '../../protocol/geometry.js';
import { isBorder, type Arc, type PlanarMap } from './arcs.js';
import type { Direction } from './direction.js';
import { LocalFit, sampleArc, type Pose } from './samples.js';

export interface PlacedJunctions {
  /** Rounded to three decimals, within the square between the four pixel centres around. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** By junction × 4 + direction: unit direction in which the arc there has to set off; zero when it is free. */
  readonly outX: Float64Array;
  readonly outY: Float64Array;
}

/** Farthest a junction may move from its pixel corner, along either axis; at 0.5 it would meet a pixel centre. */
const FARTHEST_PX = 0.45;

/** Arcs are looked at for this many samples from the junction, through windows of these half widths. */
const REACH = 24;
const HALF_WIDTHS = [4, 6, 8, 12, 16, 24] as const;

/** Arcs that turn by less go on smoothly. */
const SMOOTH_COSINE = Math.cos((35 * Math.PI) / 180);

/** Weight of the pixel corner itself beside the lines that meet there. */
const CORNER_WEIGHT = 0.05;

/** An arc near a junction: a point on it and the direction in which it leads away. */
interface Ray {
  readonly direction: number;
  readonly middles: Float64Array;
  readonly pose: Pose;
}

/** Two arcs that are one smooth line through the junction, and for how many samples either way. */
interface Through {
  readonly from: Ray;
  readonly to: Ray;
  readonly half: number;
  readonly pose: Pose;
}

/**
 * Places junctions where the lines that meet there say, for the pixel corner alone can be half a pixel off: on the two
 * arcs that go on smoothly if there are such, else where all come closest. On the border of the image they stay on it.
 */
export function placeJunctions(
  { arcs, junctions }: PlanarMap,
  noisePx: number,
  image: Size,
): PlacedJunctions {
  const { count, arcEnds } = junctions;
  const placed: PlacedJunctions = {
    x: Float64Array.from(junctions.x),
    y: Float64Array.from(junctions.y),
    outX: new Float64Array(4 * count),
    outY: new Float64Array(4 * count),
  };
  for (let junction = 0; junction < count; junction++) {
    const rays: Ray[] = [];
    for (let direction = 0; direction < 4; direction++) {
      const arcEnd = arcEnds[4 * junction + direction]!;
      if (arcEnd < 0 || isBorder(arcs[arcEnd >> 1]!)) continue;
      const middles = middlesFrom(arcs[arcEnd >> 1]!, arcEnd);
      rays.push({ direction, middles, pose: readRay(middles, noisePx) });
    }
    const throughs = findThroughs(rays, noisePx);
    placeAt(placed, junction, rays, throughs, image);
    for (const { from, to, pose } of throughs) {
      placed.outX[4 * junction + to.direction] = pose.directionX;
      placed.outY[4 * junction + to.direction] = pose.directionY;
      placed.outX[4 * junction + from.direction] = -pose.directionX;
      placed.outY[4 * junction + from.direction] = -pose.directionY;
    }
  }
  return placed;
}

/** The direction in which an arc's end has to set off, away from its junction. */
export function directionOut({ outX, outY }: PlacedJunctions, slot: number): Direction | undefined {
  const [x, y] = [outX[slot]!, outY[slot]!];
  return x === 0 && y === 0 ? undefined : { x, y };
}

function middlesFrom({ middles }: Arc, arcEnd: number): Float64Array {
  const most = Math.min(middles.length, 4 * REACH);
  if ((arcEnd & 1) === 0) return middles.subarray(0, most);
  return reverse(middles.subarray(-most));
}

/** The same points the other way round. */
function reverse(points: Float64Array): Float64Array {
  const n = points.length;
  return points.map((_, k) => points[k % 2 === 0 ? n - 2 - k : n - k]!);
}

/** The longest smooth window that starts at the junction. */
function readRay(middles: Float64Array, noisePx: number): Pose {
  const pose = { x: middles[0]!, y: middles[1]!, directionX: 0, directionY: 0 };
  if (middles.length < 4) return pose;
  const samples = sampleArc(middles, 1);
  const fit = new LocalFit(samples).moveTo(0);
  for (const half of HALF_WIDTHS) {
    const last = Math.min(half + 2, samples.count - 1);
    fit.growTo(0, last);
    if (half > HALF_WIDTHS[0] && fit.residualSquared() > noisePx * noisePx) break;
    fit.readInto(pose);
    if (last < half + 2) break;
  }
  return pose;
}

/** The smoothest pair, and of four arcs the other two if they go on as well. */
function findThroughs(rays: readonly Ray[], noisePx: number): Through[] {
  const pairs: Through[] = [];
  rays.forEach((from, i) => {
    for (const to of rays.slice(i + 1)) {
      const cosine = -(from.pose.directionX * to.pose.directionX + from.pose.directionY * to.pose.directionY);
      const through = cosine > SMOOTH_COSINE ? readThrough(from, to, noisePx) : undefined;
      if (through) pairs.push(through);
    }
  });
  pairs.sort((a, b) => b.half - a.half);
  const best = pairs[0];
  if (!best) return [];
  const rest = pairs.find(({ from, to }) => ![from, to].includes(best.from) && ![from, to].includes(best.to));
  return rest ? [best, rest] : [best];
}

/** Joins two arcs, and reads the longest smooth window around where they meet. */
function readThrough(from: Ray, to: Ray, noisePx: number): Through | undefined {
  const n = from.middles.length;
  const joined = new Float64Array(n + to.middles.length);
  joined.set(reverse(from.middles));
  joined.set(to.middles, n);
  const samples = sampleArc(joined, 1);
  const middle = samples.vertex.findIndex((vertex) => vertex >= n / 2 - 1);
  const room = Math.min(middle, samples.count - 1 - middle);
  const fit = new LocalFit(samples).moveTo(middle);
  const pose = { x: 0, y: 0, directionX: 0, directionY: 0 };
  let longest = 0;
  for (const half of HALF_WIDTHS) {
    if (half > room) break;
    fit.growTo(-half, half);
    if (fit.residualSquared() > noisePx * noisePx) break;
    fit.readInto(pose);
    longest = half;
  }
  return longest > 0 ? { from, to, half: longest, pose } : undefined;
}

/** Where the lines of all rays come closest, a smooth one counting as two; clamped and rounded. */
function placeAt(
  { x, y }: PlacedJunctions,
  junction: number,
  rays: readonly Ray[],
  throughs: readonly Through[],
  image: Size,
): void {
  const [cornerX, cornerY] = [x[junction]!, y[junction]!];
  const inThrough = rays.map((ray) => throughs.some(({ from, to }) => from === ray || to === ray));
  const lines = [
    ...throughs.map(({ pose }) => ({ pose, weight: 1 })),
    ...rays.filter((_, k) => !inThrough[k]).map(({ pose }) => ({ pose, weight: throughs.length ? 0.1 : 1 })),
  ];
  let [xx, xy, yy, rx, ry] = [CORNER_WEIGHT, 0, CORNER_WEIGHT, 0, 0];
  for (const { pose, weight } of lines) {
    const [nx, ny] = [-pose.directionY, pose.directionX];
    const offset = weight * ((pose.x - cornerX) * nx + (pose.y - cornerY) * ny);
    xx += weight * nx * nx;
    xy += weight * nx * ny;
    yy += weight * ny * ny;
    rx += offset * nx;
    ry += offset * ny;
  }
  // On the border, only along it.
  const onSide = cornerX === 0 || cornerX === image.width;
  const onTop = cornerY === 0 || cornerY === image.height;
  const determinant = xx * yy - xy * xy;
  const dx = onSide ? 0 : onTop ? rx / xx : (yy * rx - xy * ry) / determinant;
  const dy = onTop ? 0 : onSide ? ry / yy : (xx * ry - xy * rx) / determinant;
  x[junction] = Math.round(1000 * (cornerX + clamp(dx))) / 1000;
  y[junction] = Math.round(1000 * (cornerY + clamp(dy))) / 1000;
}

function clamp(offset: number): number {
  return Math.min(FARTHEST_PX, Math.max(-FARTHEST_PX, offset));
}
