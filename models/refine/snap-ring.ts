/** Moves a ring onto the edge that the image itself shows near it. */
import type { RgbImage } from '../adapter.js';
import { sampleField, type LogitField } from '../logit-field.js';
import type { Ring } from '../trace/ring.js';

export interface SnapOptions {
  /** How far the ring may be from the true edge, image pixels. */
  readonly reachPx: number;
  /** What the network thinks: above 0 is inside. */
  readonly field: LogitField;
}

/** Distance between the points of the ring that are moved, and between the places that each may take. */
const ALONG_PX = 1;
const ACROSS_PX = 0.5;
const PIXEL_ROWS = 1 / ACROSS_PX;

/** Places that neighbours along the ring may lie apart: at most a slope of 45°. */
const STEEPEST = 2;

/** What a step across costs, in units of the evidence of one pixel's colour. */
const STEP_COST = 1;

/** What it costs to be as far from where the ring was as can be; half as far costs a quarter. */
const FAR_COST = 1;

/** Evidence of one logit of the network, and the most that it can have of itself at one place. */
const LOGIT_WEIGHT = 0.4;
const MOST_LOGIT = 6;

/** Colours change by this many levels at an edge that is beyond doubt. */
const SURE_EDGE_LEVELS = 40;

/** Evidence of an edge that is beyond doubt, in units of the evidence of one pixel's colour; more in wide bands. */
const EDGE_EVIDENCE = 6;
const EDGE_EVIDENCE_A_PIXEL = 0.12;

/** Evidence of one pixel's colour is bounded: texture has outliers. */
const MOST_EVIDENCE = 0.6;

/** Noise of a photograph, in levels: colours nearer than this are the same. */
const NOISE_LEVELS = 6;

/**
 * Chooses, for every point of a ring, how far to move it across, so that what lies within looks like the object's
 * colours nearby and to the network like the object, what lies beyond like the background, the image changes there, and
 * neighbours agree.
 *
 * The band around a ring is a strip in which the edge crosses every column once, so the best edge is a shortest path,
 * found by dynamic programming: no islands, no holes, one place a point.
 *
 * @param ring Image space; the inside is to the right of travel.
 * @returns A ring with about one vertex a pixel.
 * @source The idea of a shortest path through an unrolled band is that of Xu, Ahuja and Bansal, Object segmentation
 *   using graph cuts based active contours (2007), here with one crossing a column.
 */
export function snapRing(ring: Ring, image: RgbImage, { reachPx, field }: SnapOptions): Ring {
  const band = unrollBand(ring, image, field, reachPx);
  if (!band) return ring;
  const path = shortestLoop(costsOf(band), band.columns, band.places);
  return displace(band, path);
}

/** The image around a ring: one column a point of the ring, from outside (place 0) to inside. */
interface Band {
  readonly columns: number;
  readonly places: number;
  /** Rows of the strip above and below the places, from which the colours on either side are learnt. */
  readonly margin: number;
  /** Base points and unit normals that point inwards. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly nx: Float64Array;
  readonly ny: Float64Array;
  /** Float32, columns × (places + 2 × margin) × 3. */
  readonly colours: Float32Array;
  /** Float32, columns × (places + 2 × margin): what the network thinks. */
  readonly logits: Float32Array;
}

function unrollBand(ring: Ring, image: RgbImage, field: LogitField, reachPx: number): Band | undefined {
  const base = smoothResample(ring, ALONG_PX, reachPx / 2);
  const columns = base.length / 2;
  const half = Math.round(reachPx / ACROSS_PX);
  if (columns < 4 * half) return undefined;
  const places = 2 * half + 1;
  const margin = half;
  const rows = places + 2 * margin;
  const [x, y, nx, ny] = [0, 0, 0, 0].map(() => new Float64Array(columns)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const colours = new Float32Array(columns * rows * 3);
  const logits = new Float32Array(columns * rows);
  const wing = Math.max(1, Math.round(reachPx / 2 / ALONG_PX));
  for (let c = 0; c < columns; c++) {
    const before = (c - wing + columns) % columns;
    const after = (c + wing) % columns;
    const dx = base[2 * after]! - base[2 * before]!;
    const dy = base[2 * after + 1]! - base[2 * before + 1]!;
    const length = Math.hypot(dx, dy) || 1;
    x[c] = base[2 * c]!;
    y[c] = base[2 * c + 1]!;
    // With y down, the right of travel is (−dy, dx).
    nx[c] = -dy / length;
    ny[c] = dx / length;
    for (let r = 0; r < rows; r++) {
      const offset = (r - margin - half) * ACROSS_PX;
      const u = x[c]! + offset * nx[c]!;
      const v = y[c]! + offset * ny[c]!;
      sampleColour(image, u, v, colours, 3 * (c * rows + r));
      logits[c * rows + r] = sampleField(field, u, v);
    }
  }
  return { columns, places, margin, x, y, nx, ny, colours, logits };
}

/** Points every so often along a ring, averaged over a stretch of it. */
function smoothResample(ring: Ring, stepPx: number, sigmaPx: number): Float64Array {
  const n = ring.length / 2;
  const lengths = new Float64Array(n + 1);
  for (let k = 0; k < n; k++) {
    const m = (k + 1) % n;
    lengths[k + 1] =
      lengths[k]! + Math.hypot(ring[2 * m]! - ring[2 * k]!, ring[2 * m + 1]! - ring[2 * k + 1]!);
  }
  const count = Math.max(3, Math.round(lengths[n]! / stepPx));
  const points = new Float64Array(2 * count);
  for (let i = 0, k = 0; i < count; i++) {
    const at = (i / count) * lengths[n]!;
    while (lengths[k + 1]! < at) k++;
    const t = (at - lengths[k]!) / (lengths[k + 1]! - lengths[k]! || 1);
    const m = (k + 1) % n;
    points[2 * i] = ring[2 * k]! + t * (ring[2 * m]! - ring[2 * k]!);
    points[2 * i + 1] = ring[2 * k + 1]! + t * (ring[2 * m + 1]! - ring[2 * k + 1]!);
  }
  const reach = Math.min(Math.ceil((2 * sigmaPx) / stepPx), Math.floor(count / 2) - 1);
  const weights = Array.from({ length: 2 * reach + 1 }, (_, k) =>
    Math.exp(-(((k - reach) * stepPx) ** 2) / (2 * sigmaPx ** 2)),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const smooth = new Float64Array(points.length);
  for (let i = 0; i < count; i++) {
    let [sumX, sumY] = [0, 0];
    weights.forEach((weight, k) => {
      const m = (i + k - reach + count) % count;
      sumX += weight * points[2 * m]!;
      sumY += weight * points[2 * m + 1]!;
    });
    smooth[2 * i] = sumX / total;
    smooth[2 * i + 1] = sumY / total;
  }
  return smooth;
}

function sampleColour(
  { data, width, height }: RgbImage,
  x: number,
  y: number,
  into: Float32Array,
  at: number,
): void {
  const u = Math.min(width - 1.001, Math.max(0, x - 0.5));
  const v = Math.min(height - 1.001, Math.max(0, y - 0.5));
  const i = Math.floor(u);
  const j = Math.floor(v);
  const [s, t] = [u - i, v - j];
  const k = 3 * (j * width + i);
  for (let channel = 0; channel < 3; channel++) {
    const top = data[k + channel]! * (1 - s) + data[k + 3 + channel]! * s;
    const row = k + 3 * width + channel;
    const bottom = data[row]! * (1 - s) + data[row + 3]! * s;
    into[at + channel] = top * (1 - t) + bottom * t;
  }
}

/** What it costs the edge to cross each column at each place: columns × places. */
function costsOf(band: Band): Float32Array {
  const { columns, places, margin, colours, logits } = band;
  const middle = (places - 1) / 2;
  const rows = places + 2 * margin;
  const costs = new Float32Array(columns * places);
  const outer = new ColourModel(band, 0, margin, false);
  const inner = new ColourModel(band, rows - margin, rows, true);
  const evidence = new Float32Array(places + 1);
  const strengths = new Float32Array(places);
  const edgeEvidence = EDGE_EVIDENCE + EDGE_EVIDENCE_A_PIXEL * places * ACROSS_PX;
  for (let c = 0; c < columns; c++) {
    const knowsOuter = outer.moveTo(c);
    const isKnown = inner.moveTo(c) && knowsOuter;
    // Of the edge at place p, what lies before is outside and what lies after is inside.
    let outsideCost = 0;
    evidence[0] = 0;
    for (let p = 0; p < places; p++) {
      const at = 3 * (c * rows + margin + p);
      // Where either side is too thin to be learnt, the network and the gradient have to do.
      const preference = isKnown ? outer.distance(colours, at) - inner.distance(colours, at) : 0;
      const logit = logits[c * rows + margin + p]!;
      outsideCost += (bound(preference, MOST_EVIDENCE) + LOGIT_WEIGHT * bound(logit, MOST_LOGIT)) * ACROSS_PX;
      evidence[p + 1] = outsideCost;
    }
    let strongest = NOISE_LEVELS;
    for (let p = 0; p < places; p++) {
      strengths[p] = edgeStrength(colours, 3 * (c * rows + margin + p));
      strongest = Math.max(strongest, strengths[p]!);
    }
    const surest = edgeEvidence * Math.min(1, strongest / SURE_EDGE_LEVELS);
    for (let p = 0; p < places; p++) {
      const region = (evidence[p]! + evidence[p + 1]!) / 2;
      const far = p / middle - 1;
      costs[c * places + p] = region + FAR_COST * far * far - (surest * strengths[p]!) / strongest;
    }
  }
  return costs;
}

/** How much colours change from one pixel before a sample of a band to one pixel after it, in levels. */
function edgeStrength(colours: Float32Array, at: number): number {
  let sum = 0;
  for (let channel = 0; channel < 3; channel++) {
    sum += (colours[at + 3 * PIXEL_ROWS + channel]! - colours[at - 3 * PIXEL_ROWS + channel]!) ** 2;
  }
  return Math.sqrt(sum / 3);
}

function bound(value: number, most: number): number {
  return Math.max(-most, Math.min(most, value));
}

/** Numbers kept of a column: sums of three channels, sums of their squares, and how many samples. */
const KEPT = 7;

/** Share of a model's samples that have to be of its side. */
const LEAST_KNOWN = 0.25;

/** Mean and spread of the colours in some rows of a band, around a column, as far as they are on the model's side. */
class ColourModel {
  private readonly sums: Float64Array;
  private readonly mean = new Float64Array(3);
  private readonly deviation = new Float64Array(3);
  private readonly wing: number;

  /** @param isInner Whether it is of the inside: a thin object's other side does not count. */
  constructor(
    private readonly band: Band,
    private readonly first: number,
    private readonly end: number,
    isInner: boolean,
  ) {
    const { columns, places, margin, colours, logits } = band;
    const rows = places + 2 * margin;
    this.wing = margin;
    this.sums = new Float64Array(columns * KEPT);
    for (let c = 0; c < columns; c++) {
      for (let r = first; r < end; r++) {
        if (logits[c * rows + r]! > 0 !== isInner) continue;
        this.sums[KEPT * c + 6]!++;
        for (let channel = 0; channel < 3; channel++) {
          const value = colours[3 * (c * rows + r) + channel]!;
          this.sums[KEPT * c + channel]! += value;
          this.sums[KEPT * c + 3 + channel]! += value * value;
        }
      }
    }
  }

  /** @returns Whether enough is known around the column. */
  moveTo(column: number): boolean {
    const { band, sums, wing, mean, deviation } = this;
    const totals = new Float64Array(KEPT);
    for (let k = -wing; k <= wing; k++) {
      const c = (column + k + band.columns) % band.columns;
      for (let i = 0; i < KEPT; i++) totals[i]! += sums[KEPT * c + i]!;
    }
    const count = totals[6]!;
    if (count < LEAST_KNOWN * (2 * wing + 1) * (this.end - this.first)) return false;
    for (let channel = 0; channel < 3; channel++) {
      mean[channel] = totals[channel]! / count;
      const variance = totals[3 + channel]! / count - mean[channel]! ** 2;
      deviation[channel] = Math.sqrt(Math.max(0, variance) + NOISE_LEVELS ** 2);
    }
    return true;
  }

  /** How unlike these colours one is: half its squared distance in deviations, and how wide the colours are. */
  distance(colours: Float32Array, at: number): number {
    let distance = 0;
    for (let channel = 0; channel < 3; channel++) {
      const away = (colours[at + channel]! - this.mean[channel]!) / this.deviation[channel]!;
      distance += (away * away) / 2 + Math.log(this.deviation[channel]!);
    }
    return distance / 3;
  }
}

/** The cheapest path round the band, one place a column. Going round twice settles where it begins, so that it closes. */
function shortestLoop(costs: Float32Array, columns: number, places: number): Int32Array {
  const from = new Int8Array(2 * columns * places);
  let totals = new Float64Array(places);
  let next = new Float64Array(places);
  for (let round = 0; round < 2 * columns; round++) {
    const column = round % columns;
    for (let p = 0; p < places; p++) {
      let best = Infinity;
      let step = 0;
      for (let d = -STEEPEST; d <= STEEPEST; d++) {
        if (p + d < 0 || p + d >= places) continue;
        const total = totals[p + d]! + STEP_COST * Math.abs(d);
        if (total < best) {
          best = total;
          step = d;
        }
      }
      next[p] = best + costs[column * places + p]!;
      from[round * places + p] = step;
    }
    [totals, next] = [next, totals];
  }
  let place = totals.indexOf(Math.min(...totals));
  const path = new Int32Array(columns);
  for (let round = 2 * columns - 1; round >= columns / 2; round--) {
    // The last half round has seen what goes on after it, the first half of the second what went before.
    if (round < 1.5 * columns) path[round % columns] = place;
    place += from[round * places + place]!;
  }
  return path;
}

function displace({ columns, places, x, y, nx, ny }: Band, path: Int32Array): Ring {
  const ring = new Float64Array(2 * columns);
  const middle = (places - 1) / 2;
  for (let c = 0; c < columns; c++) {
    const offset = (path[c]! - middle) * ACROSS_PX;
    ring[2 * c] = x[c]! + offset * nx[c]!;
    ring[2 * c + 1] = y[c]! + offset * ny[c]!;
  }
  return ring;
}
