/** A ring or an arc as evenly spaced points, and parabolas through windows of them. */
import { edgeLength, type Ring } from './ring.js';

/** Fewest samples, however small the ring. */
const FEWEST_SAMPLES = 16;

/** Fewest samples of an arc, whose ends are known. */
const FEWEST_ARC_SAMPLES = 4;

/** Points at equal distances along a ring, or along an arc from its first vertex to its last. */
export interface Samples {
  readonly count: number;
  readonly isOpen: boolean;
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Ring vertex that starts the edge of each sample. */
  readonly vertex: Int32Array;
}

/** @param spacingPx Distance between samples, about; along the ring, image pixels. */
export function sampleRing(ring: Ring, spacingPx: number): Samples {
  return sampleAlong(ring, false, spacingPx);
}

/** As sampleRing, for an arc: both ends are samples. */
export function sampleArc(points: Float64Array, spacingPx: number): Samples {
  return sampleAlong(points, true, spacingPx);
}

function sampleAlong(points: Float64Array, isOpen: boolean, spacingPx: number): Samples {
  const n = points.length / 2;
  const edges = isOpen ? n - 1 : n;
  let total = 0;
  for (let k = 0; k < edges; k++) total += edgeLength(points, k);
  const steps = Math.max(isOpen ? FEWEST_ARC_SAMPLES - 1 : FEWEST_SAMPLES, Math.round(total / spacingPx));
  const count = isOpen ? steps + 1 : steps;
  const x = new Float64Array(count);
  const y = new Float64Array(count);
  const vertex = new Int32Array(count);
  let edge = 0;
  let edgeStart = 0;
  let length = edgeLength(points, 0);
  for (let i = 0; i < count; i++) {
    const at = (i * total) / steps;
    while (edgeStart + length < at && edge < edges - 1) {
      edgeStart += length;
      length = edgeLength(points, ++edge);
    }
    const t = length > 0 ? Math.min(1, (at - edgeStart) / length) : 0;
    const to = edge + 1 < n ? edge + 1 : 0;
    x[i] = points[2 * edge]! + t * (points[2 * to]! - points[2 * edge]!);
    y[i] = points[2 * edge + 1]! + t * (points[2 * to + 1]! - points[2 * edge + 1]!);
    vertex[i] = edge;
  }
  return { count, isOpen, x, y, vertex };
}

/** A point on a curve and the unit direction of travel there. */
export interface Pose {
  x: number;
  y: number;
  directionX: number;
  directionY: number;
}

/**
 * A parabola in the index through a window of samples, by least squares, read at one sample. The window only
 * grows, so that trying ever longer ones costs no more than the longest. Indices beyond either end of the ring
 * wrap around.
 */
export class LocalFit {
  /** Sample at which the fit is read, and the first and last of the window, counted from it. */
  private at = 0;
  private first = 0;
  private last = -1;
  /** Sums of x and y, less those at `at`, times powers of the index less `at`; and of their squares. */
  private x0 = 0;
  private x1 = 0;
  private x2 = 0;
  private y0 = 0;
  private y1 = 0;
  private y2 = 0;
  private squares = 0;
  /** Coefficients by x and y of 1, k and k² − (n² − 1)/12, which are orthogonal about the window's middle. */
  private readonly terms = new Float64Array(6);

  constructor(private readonly samples: Samples) {}

  /** Empties the window, to be read at another sample. */
  moveTo(at: number): this {
    this.at = at;
    this.first = 0;
    this.last = -1;
    this.x0 = this.x1 = this.x2 = this.y0 = this.y1 = this.y2 = this.squares = 0;
    return this;
  }

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
    const { count, x, y } = this.samples;
    const i = wrap(this.at + k, count);
    const px = x[i]! - x[this.at]!;
    const py = y[i]! - y[this.at]!;
    this.x0 += px;
    this.x1 += px * k;
    this.x2 += px * k * k;
    this.y0 += py;
    this.y1 += py * k;
    this.y2 += py * k * k;
    this.squares += px * px + py * py;
  }

  /** Mean squared distance between the samples and the parabola. */
  residualSquared(): number {
    const { terms } = this;
    const n = this.last - this.first + 1;
    const norm1 = (n * (n * n - 1)) / 12;
    const norm2 = (norm1 * (n * n - 4)) / 15;
    this.solve();
    const explained =
      n * (terms[0]! * terms[0]! + terms[3]! * terms[3]!) +
      norm1 * (terms[1]! * terms[1]! + terms[4]! * terms[4]!) +
      norm2 * (terms[2]! * terms[2]! + terms[5]! * terms[5]!);
    return Math.max(0, this.squares - explained) / n;
  }

  /** Reads the parabola at `at`. */
  readInto(pose: Pose): void {
    const { samples, at, terms } = this;
    const n = this.last - this.first + 1;
    const k = -(this.first + this.last) / 2;
    const q = k * k - (n * n - 1) / 12;
    this.solve();
    const dx = terms[1]! + 2 * k * terms[2]!;
    const dy = terms[4]! + 2 * k * terms[5]!;
    const length = Math.sqrt(dx * dx + dy * dy) || 1;
    pose.x = samples.x[at]! + terms[0]! + k * terms[1]! + q * terms[2]!;
    pose.y = samples.y[at]! + terms[3]! + k * terms[4]! + q * terms[5]!;
    pose.directionX = dx / length;
    pose.directionY = dy / length;
  }

  private solve(): void {
    const { terms } = this;
    const n = this.last - this.first + 1;
    const m = (this.first + this.last) / 2;
    const norm1 = (n * (n * n - 1)) / 12;
    const perNorm2 = n > 2 ? 15 / (norm1 * (n * n - 4)) : 0;
    const spread = (n * n - 1) / 12;
    terms[0] = this.x0 / n;
    terms[1] = (this.x1 - m * this.x0) / norm1;
    terms[2] = (this.x2 - 2 * m * this.x1 + (m * m - spread) * this.x0) * perNorm2;
    terms[3] = this.y0 / n;
    terms[4] = (this.y1 - m * this.y0) / norm1;
    terms[5] = (this.y2 - 2 * m * this.y1 + (m * m - spread) * this.y0) * perNorm2;
  }
}

function wrap(index: number, count: number): number {
  return index >= count ? index - count : index < 0 ? index + count : index;
}
