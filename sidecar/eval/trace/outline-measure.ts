/** How good an SVG outline of a mask is, whoever drew it: segments, overlap, deviation. */
import type { Size } from '../../../protocol/geometry.js';
import { runsFromRings, maskFromRuns } from '../../../models/mask/runs.js';

export interface OutlineQuality {
  readonly segments: number;
  /** Overlap with the mask at SUPERSAMPLING² samples a pixel. */
  readonly iou: number;
  /** Mean distance from the outline to the nearest edge between unlike pixels, px. */
  readonly meanDeviationPx: number;
}

interface ParsedPath {
  /** Flattened subpaths: x, y pairs. */
  readonly rings: Float64Array[];
  readonly segments: number;
}

const SUPERSAMPLING = 4;
const CURVE_PIECES = 24;

/** Distance between points at which deviation is read, and how far around them unlike pixels are looked for. */
const SAMPLE_PX = 0.5;
const SEARCH_PX = 3;

export function measureOutline(svg: string, mask: Uint8Array, size: Size): OutlineQuality {
  const { rings, segments } = parseSvg(svg);
  return { segments, iou: overlap(rings, mask, size), meanDeviationPx: meanDeviation(rings, mask, size) };
}

/** Reads every path of an SVG file as tracers write them: M, L, H, V, C and Z in both cases, with a transform. */
function parseSvg(svg: string): ParsedPath {
  const rings: Float64Array[] = [];
  let segments = 0;
  const group = /<g[^>]*\stransform="([^"]*)"/.exec(svg)?.[1] ?? '';
  for (const [tag] of svg.matchAll(/<path[^>]*>/g)) {
    const data = /\sd="([^"]*)"/.exec(tag)?.[1] ?? '';
    const transform = /\stransform="([^"]*)"/.exec(tag)?.[1] ?? group;
    const parsed = parsePathData(data);
    segments += parsed.segments;
    for (const ring of parsed.rings) rings.push(applyTransform(ring, transform));
  }
  return { rings, segments };
}

function parsePathData(data: string): ParsedPath {
  const rings: Float64Array[] = [];
  let points: number[] = [];
  let segments = 0;
  let [x, y] = [0, 0];
  const close = () => {
    const isClosed = points[0] === x && points[1] === y;
    if (points.length > 4) {
      rings.push(Float64Array.from(points));
      // A line that Z draws counts as any other.
      if (!isClosed) segments++;
      [x, y] = [points[0]!, points[1]!];
    }
    points = [];
  };
  for (const [, command, values] of data.matchAll(/([MLHVCZmlhvcz])([^A-Za-z]*)/g)) {
    const numbers = (values!.match(/-?[\d.]+(?:e-?\d+)?/g) ?? []).map(Number);
    const isRelative = command === command!.toLowerCase();
    const kind = command!.toUpperCase();
    if (kind === 'Z') close();
    const step = { M: 2, L: 2, H: 1, V: 1, C: 6, Z: 1 }[kind]!;
    for (let k = 0; k + step <= numbers.length; k += step) {
      const [baseX, baseY] = isRelative ? [x, y] : [0, 0];
      if (kind === 'M' && k === 0) {
        [x, y] = [baseX + numbers[0]!, baseY + numbers[1]!];
        points = [x, y];
        continue;
      }
      segments++;
      if (kind === 'C') {
        const curve = numbers.slice(k, k + 6).map((value, i) => value + (i % 2 ? baseY : baseX));
        pushCurve(points, x, y, curve);
        [x, y] = [curve[4]!, curve[5]!];
        continue;
      }
      if (kind === 'H') x = baseX + numbers[k]!;
      else if (kind === 'V') y = baseY + numbers[k]!;
      else [x, y] = [baseX + numbers[k]!, baseY + numbers[k + 1]!];
      points.push(x, y);
    }
  }
  return { rings, segments };
}

function pushCurve(points: number[], x0: number, y0: number, curve: readonly number[]): void {
  const [x1, y1, x2, y2, x3, y3] = curve as [number, number, number, number, number, number];
  for (let k = 1; k <= CURVE_PIECES; k++) {
    const t = k / CURVE_PIECES;
    const s = 1 - t;
    const [b0, b1, b2, b3] = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t];
    points.push(b0 * x0 + b1 * x1 + b2 * x2 + b3 * x3, b0 * y0 + b1 * y1 + b2 * y2 + b3 * y3);
  }
}

/** Translate and scale, applied right to left as SVG has it. */
function applyTransform(ring: Float64Array, transform: string): Float64Array {
  const steps = [...transform.matchAll(/(translate|scale)\(([^)]*)\)/g)].reverse();
  return steps.reduce((points, [, kind, values]) => {
    const [a = 0, b = a] = values!.split(/[\s,]+/).map(Number);
    return points.map((value, k) => (kind === 'scale' ? value * (k % 2 ? b : a) : value + (k % 2 ? b : a)));
  }, ring);
}

function overlap(rings: readonly Float64Array[], mask: Uint8Array, { width, height }: Size): number {
  const fine = { width: width * SUPERSAMPLING, height: height * SUPERSAMPLING };
  const filled = maskFromRuns(
    runsFromRings(
      rings.map((ring) => ring.map((value) => value * SUPERSAMPLING)),
      fine,
    ),
  );
  let both = 0;
  let either = 0;
  for (let y = 0; y < fine.height; y++) {
    const row = Math.floor(y / SUPERSAMPLING) * width;
    for (let x = 0; x < fine.width; x++) {
      const truth = mask[row + Math.floor(x / SUPERSAMPLING)]!;
      const drawn = filled[y * fine.width + x]!;
      both += truth & drawn;
      either += truth | drawn;
    }
  }
  return either === 0 ? 1 : both / either;
}

function meanDeviation(rings: readonly Float64Array[], mask: Uint8Array, size: Size): number {
  let sum = 0;
  let count = 0;
  for (const ring of rings) {
    for (let k = 0; k < ring.length; k += 2) {
      const to = (k + 2) % ring.length;
      const [dx, dy] = [ring[to]! - ring[k]!, ring[to + 1]! - ring[k + 1]!];
      const steps = Math.ceil(Math.hypot(dx, dy) / SAMPLE_PX);
      for (let step = 0; step < steps; step++) {
        const t = (step + 0.5) / steps;
        // Each sample stands for its length of outline.
        const weight = Math.hypot(dx, dy) / steps;
        sum += weight * distanceToEdge(ring[k]! + t * dx, ring[k + 1]! + t * dy, mask, size);
        count += weight;
      }
    }
  }
  return count === 0 ? 0 : sum / count;
}

/** Distance to the nearest edge between unlike pixels; what is outside the image is unlike the inside. */
function distanceToEdge(px: number, py: number, mask: Uint8Array, { width, height }: Size): number {
  const at = (x: number, y: number) =>
    x < 0 || y < 0 || x >= width || y >= height ? 0 : mask[y * width + x]!;
  let nearest = SEARCH_PX;
  const [i, j] = [Math.floor(px), Math.floor(py)];
  for (let y = j - SEARCH_PX; y <= j + SEARCH_PX; y++) {
    for (let x = i - SEARCH_PX; x <= i + SEARCH_PX; x++) {
      const dx = Math.max(0, x - px, px - x - 1);
      const dy = Math.max(0, y - py, py - y - 1);
      if (at(x, y) !== at(x - 1, y)) nearest = Math.min(nearest, Math.hypot(px - x, dy));
      if (at(x, y) !== at(x, y - 1)) nearest = Math.min(nearest, Math.hypot(py - y, dx));
    }
  }
  return nearest;
}
