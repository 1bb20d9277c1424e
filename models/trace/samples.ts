/** A ring as evenly spaced points, and parabolas through windows of them. */
import type { Ring } from './ring.js';

/** Fewest samples, however small the ring. */
const FEWEST_SAMPLES = 16;

/** Points at equal distances along a ring. */
export interface Samples {
  readonly count: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Ring vertex that starts the edge of each sample. */
  readonly vertex: Int32Array;
}

/** @param spacingPx Distance between samples, about; along the ring, image pixels. */
export function sampleRing(ring: Ring, spacingPx: number): Samples {
  const n = ring.length / 2;
  let perimeter = 0;
  for (let k = 0; k < n; k++) perimeter += edgeLength(ring, k);
  const count = Math.max(FEWEST_SAMPLES, Math.round(perimeter / spacingPx));
  const x = new Float64Array(count);
  const y = new Float64Array(count);
  const vertex = new Int32Array(count);
  let edge = 0;
  let edgeStart = 0;
  let length = edgeLength(ring, 0);
  for (let i = 0; i < count; i++) {
    const at = (i * perimeter) / count;
    while (edgeStart + length < at && edge < n - 1) {
      edgeStart += length;
      length = edgeLength(ring, ++edge);
    }
    const t = length > 0 ? Math.min(1, (at - edgeStart) / length) : 0;
    const to = edge + 1 < n ? edge + 1 : 0;
    x[i] = ring[2 * edge]! + t * (ring[2 * to]! - ring[2 * edge]!);
    y[i] = ring[2 * edge + 1]! + t * (ring[2 * to + 1]! - ring[2 * edge + 1]!);
    vertex[i] = edge;
  }
  return { count, x, y, vertex };
}

function edgeLength(ring: Ring, k: number): number {
  const to = 2 * k + 2 < ring.length ? 2 * k + 2 : 0;
  const dx = ring[to]! - ring[2 * k]!;
  const dy = ring[to + 1]! - ring[2 * k + 1]!;
  return Math.sqrt(dx * dx + dy * dy);
}

/** A point on a curve and the unit direction of travel there. */
export interface Pose {
  readonly x: number;
  readonly y: number;
  readonly directionX: number;
  readonly directionY: number;
}

/**
 * A parabola in the index through a window of samples, by least squares, read at one sample. The window only
 * grows, so that trying ever longer ones costs no more than the longest. Indices beyond either end of the ring
 * wrap around.
 */
export class LocalFit {
  /** Samples after `at`, first and last of the window; empty at first. */
  private first = 0;
  private last = -1;
  /** Sums of x and y, less those at `at`, times powers of the index less `at`; and of their squares. */
  private readonly sums = new Float64Array(7);

  /** @param at Sample at which the fit is read. */
  constructor(
    private readonly samples: Samples,
    private readonly at: number,
  ) {}

  /** Grows the window to reach from one sample to another, both counted from `at`. */
  growTo(first: number, last: number): void {
    if (this.last < this.first) {
      this.first = first;
      this.last = first - 1;
    }
    while (this.first > first) this.add(--this.first);
    while (this.last < last) this.add(++this.last);
  }

  private add(k: number): void {
    const { samples, at, sums } = this;
    const { count, x, y } = samples;
    const base = wrap(at, count);
    const i = wrap(at + k, count);
    const px = x[i]! - x[base]!;
    const py = y[i]! - y[base]!;
    sums[0]! += px;
    sums[1]! += px * k;
    sums[2]! += px * k * k;
    sums[3]! += py;
    sums[4]! += py * k;
    sums[5]! += py * k * k;
    sums[6]! += px * px + py * py;
  }

  /** Root mean square distance between the samples and the parabola. */
  residual(): number {
    const { first, last, sums } = this;
    const n = last - first + 1;
    const { norm1, norm2 } = norms(n);
    const x = this.coefficients(0);
    const y = this.coefficients(3);
    const explained =
      n * (x[0] * x[0] + y[0] * y[0]) +
      norm1 * (x[1] * x[1] + y[1] * y[1]) +
      norm2 * (x[2] * x[2] + y[2] * y[2]);
    return Math.sqrt(Math.max(0, sums[6]! - explained) / n);
  }

  /** The parabola at `at`. */
  pose(): Pose {
    const { first, last, samples, at } = this;
    const n = last - first + 1;
    const k = -(first + last) / 2;
    const q = k * k - (n * n - 1) / 12;
    const x = this.coefficients(0);
    const y = this.coefficients(3);
    const dx = x[1] + 2 * k * x[2];
    const dy = y[1] + 2 * k * y[2];
    const length = Math.sqrt(dx * dx + dy * dy) || 1;
    const base = wrap(at, samples.count);
    return {
      x: samples.x[base]! + x[0] + k * x[1] + q * x[2],
      y: samples.y[base]! + y[0] + k * y[1] + q * y[2],
      directionX: dx / length,
      directionY: dy / length,
    };
  }

  /** Coefficients of 1, k and k² − (n² − 1)/12, orthogonal over a window whose middle is k = 0. */
  private coefficients(offset: number): readonly [number, number, number] {
    const { first, last, sums } = this;
    const n = last - first + 1;
    const middle = (first + last) / 2;
    const [s0, s1, s2] = [sums[offset]!, sums[offset + 1]!, sums[offset + 2]!];
    const centred1 = s1 - middle * s0;
    const centred2 = s2 - 2 * middle * s1 + middle * middle * s0;
    const { norm1, norm2 } = norms(n);
    return [s0 / n, centred1 / norm1, norm2 > 0 ? (centred2 - ((n * n - 1) / 12) * s0) / norm2 : 0];
  }
}

/** Sums of the squares of k and of k² − (n² − 1)/12 over n points one apart around 0. */
function norms(n: number): { readonly norm1: number; readonly norm2: number } {
  const norm1 = (n * (n * n - 1)) / 12;
  return { norm1, norm2: (norm1 * (n * n - 4)) / 15 };
}

function wrap(index: number, count: number): number {
  return index >= count ? index - count : index < 0 ? index + count : index;
}
