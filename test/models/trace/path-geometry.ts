/** Reads outlines back, by other means than the code that writes them, and measures them by brute force. */

export interface PathSegment {
  readonly kind: 'L' | 'C';
  /** Start, handles of a curve, end: x, y each. */
  readonly points: readonly number[];
}

/** A path in Figma's grammar → one list of segments a subpath; a closing line is one of them. */
export function parsePath(path: string): PathSegment[][] {
  if (path === '') return [];
  return path.split(/ (?=M )/).map((subpath) => {
    if (!/^M( -?\d+(\.\d{1,3})?){2}( L( -?\d+(\.\d{1,3})?){2}| C( -?\d+(\.\d{1,3})?){6})* Z$/.test(subpath)) {
      throw new Error(`not in the grammar: ${subpath.slice(0, 200)}`);
    }
    const commands = subpath.slice(0, -2).split(/ (?=[LC] )/);
    const start = commands[0]!.split(' ').slice(1).map(Number);
    let at = start;
    const segments: PathSegment[] = [];
    for (const command of commands.slice(1)) {
      const [kind, ...values] = command.split(' ');
      const numbers = values.map(Number);
      segments.push({ kind: kind as 'L' | 'C', points: [...at, ...numbers] });
      at = numbers.slice(-2);
    }
    if (at[0] !== start[0] || at[1] !== start[1]) segments.push({ kind: 'L', points: [...at, ...start] });
    return segments;
  });
}

/** Points along a subpath, close together. */
export function samplePath(segments: readonly PathSegment[], steps = 64): number[][] {
  return segments.flatMap(({ points }) =>
    Array.from({ length: steps }, (_, k) => pointOn(points, k / steps)),
  );
}

function pointOn(points: readonly number[], t: number): number[] {
  let level = Array.from({ length: points.length / 2 }, (_, k) => [points[2 * k]!, points[2 * k + 1]!]);
  while (level.length > 1) {
    level = level
      .slice(1)
      .map(([x, y], k) => [
        level[k]![0]! + t * (x! - level[k]![0]!),
        level[k]![1]! + t * (y! - level[k]![1]!),
      ]);
  }
  return level[0]!;
}

/** Points along a closed ring of x, y pairs, at most a distance apart. */
export function sampleRing(ring: Float64Array, apart = 0.25): number[][] {
  const points: number[][] = [];
  for (let k = 0; k < ring.length; k += 2) {
    const to = (k + 2) % ring.length;
    const [dx, dy] = [ring[to]! - ring[k]!, ring[to + 1]! - ring[k + 1]!];
    const steps = Math.max(1, Math.ceil(Math.hypot(dx, dy) / apart));
    for (let s = 0; s < steps; s++)
      points.push([ring[k]! + (dx * s) / steps, ring[k + 1]! + (dy * s) / steps]);
  }
  return points;
}

/** Farthest any of some points lies from a closed polygon through others. */
export function farthestFrom(points: readonly number[][], polygon: readonly number[][]): number {
  let farthest = 0;
  for (const [x, y] of points) {
    let nearest = Infinity;
    for (let k = 0; k < polygon.length; k++) {
      const [ax, ay] = polygon[k]!;
      const [bx, by] = polygon[(k + 1) % polygon.length]!;
      const [dx, dy] = [bx! - ax!, by! - ay!];
      const t = Math.min(1, Math.max(0, ((x! - ax!) * dx + (y! - ay!) * dy) / (dx * dx + dy * dy || 1)));
      nearest = Math.min(nearest, (x! - ax! - t * dx) ** 2 + (y! - ay! - t * dy) ** 2);
    }
    farthest = Math.max(farthest, nearest);
  }
  return Math.sqrt(farthest);
}

/** Direction of travel at the start (0) or the end (1) of a segment, radians. */
export function directionAt({ points }: PathSegment, end: 0 | 1): number {
  const n = points.length;
  const [x0, y0, x1, y1] = end === 0 ? points.slice(0, 4) : points.slice(n - 4);
  return Math.atan2(y1! - y0!, x1! - x0!);
}
