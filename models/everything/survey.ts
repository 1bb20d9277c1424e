/** A quick look at one crop: what each click would roughly be answered with, on the samples that a survey draws. */
import type { RunOptions } from '../adapter.js';
import { LOW_RES_SIDE } from '../coordinates.js';
import { clickSets } from './click-sets.js';
import { MASKS_OF_A_CLICK } from './finding.js';
import type { SampleGrid } from '../logit-field.js';
import { countBits, emptyBits, hasBit, intersection, setBit } from './footprint.js';
import type { SearchedCrop } from './search.js';

/** What a survey sees of a mask. */
export interface Seen {
  /** Surveyed samples inside. */
  readonly count: number;
  /** Their first and last column and row, last ones included. */
  readonly bounds: readonly [number, number, number, number];
  /** On the crop's grid, surveyed samples alone; unknown after a search was resumed. */
  readonly bits?: Uint32Array | undefined;
}

/** What one mask of one click roughly looks like. */
export interface Glimpse extends Seen {
  /** Index of the click. */
  readonly point: number;
  /** Predicted IoU × stability, both as surveyed. */
  readonly quality: number;
}

/** Glimpses below either are of nothing. */
const LEAST_PREDICTED_IOU = 0.7;
const LEAST_STABILITY = 0.4;
const LEAST_SAMPLES = 2;

/** Surveys clicks of one crop, and compares what it saw. */
export class Surveyor {
  /** Which samples of the crop's grid a survey draws, as bits. */
  readonly surveyed: Uint32Array;
  /** By drawn sample: its index in the crop's grid, or −1 beyond the image. */
  readonly #places: Int32Array;

  constructor(
    private readonly crop: SearchedCrop,
    private readonly grid: SampleGrid,
  ) {
    const { columns, rows } = grid;
    this.surveyed = emptyBits(grid);
    this.#places = crop.model.surveySamples(crop.embedding.image).map((index) => {
      const [column, row] = [index % LOW_RES_SIDE, Math.floor(index / LOW_RES_SIDE)];
      return column < columns && row < rows ? row * columns + column : -1;
    });
    for (const place of this.#places) if (place >= 0) setBit(this.surveyed, place);
  }

  /** @param points Indices of clicks, a few. */
  async survey(points: readonly number[], options: RunOptions): Promise<Glimpse[]> {
    const { model, embedding, points: all } = this.crop;
    const sets = clickSets(
      points.map((point) => all[point]!),
      embedding.image,
    );
    const answers = await model.survey(embedding, sets, options);
    return answers.flatMap(({ logits, predictedIou }, i) =>
      MASKS_OF_A_CLICK.flatMap((token) => {
        const score = predictedIou[token]!;
        if (score < LEAST_PREDICTED_IOU) return [];
        const length = this.#places.length;
        return this.#glimpse(points[i]!, score, logits.subarray(token * length, (token + 1) * length));
      }),
    );
  }

  #glimpse(point: number, predictedIou: number, logits: Float32Array): Glimpse[] {
    const { columns } = this.grid;
    const offset = this.crop.parameters.stabilityOffset;
    const bits = emptyBits(this.grid);
    let [left, top, right, bottom] = [Infinity, Infinity, -1, -1];
    let [count, high, low] = [0, 0, 0];
    for (let i = 0; i < logits.length; i++) {
      const place = this.#places[i]!;
      const value = logits[i]!;
      if (place < 0 || value <= -offset) continue;
      low++;
      if (value <= 0) continue;
      count++;
      if (value > offset) high++;
      setBit(bits, place);
      const column = place % columns;
      const row = (place - column) / columns;
      if (column < left) left = column;
      if (column > right) right = column;
      if (row < top) top = row;
      if (row > bottom) bottom = row;
    }
    if (count < LEAST_SAMPLES || high < LEAST_STABILITY * low) return [];
    return [{ point, quality: (predictedIou * high) / low, count, bounds: [left, top, right, bottom], bits }];
  }
}

/** What two glimpses have in common: the IoU of their samples, or of their bounds where samples are unknown. */
export function likeness(a: Seen, b: Seen): number {
  const sizes = Math.min(a.count, b.count) / Math.max(a.count, b.count);
  const bounds = boundsIou(a.bounds, b.bounds);
  // An IoU is at most the ratio of the sizes, and most pairs differ in that already.
  if (sizes < 0.5 || bounds === 0) return 0;
  if (!a.bits || !b.bits) return Math.min(sizes, bounds);
  const both = intersection(a.bits, b.bits);
  return both / (a.count + b.count - both);
}

function boundsIou(a: Seen['bounds'], b: Seen['bounds']): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]) + 1;
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]) + 1;
  if (width <= 0 || height <= 0) return 0;
  const area = ([x0, y0, x1, y1]: Seen['bounds']) => (x1 - x0 + 1) * (y1 - y0 + 1);
  return (width * height) / (area(a) + area(b) - width * height);
}

/** What a survey would have seen of a mask. */
export function glimpseOf(bits: Uint32Array, surveyed: Uint32Array, { columns, rows }: SampleGrid): Seen {
  const seen = new Uint32Array(bits.length);
  let [left, top, right, bottom] = [Infinity, Infinity, -1, -1];
  let count = 0;
  for (let i = 0; i < bits.length; i++) {
    seen[i] = bits[i]! & surveyed[i]!;
    if (seen[i] !== 0) count += countBits(seen[i]!);
  }
  for (let row = 0, k = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, k++) {
      if (!hasBit(seen, k)) continue;
      if (column < left) left = column;
      if (column > right) right = column;
      if (row < top) top = row;
      bottom = row;
    }
  }
  return { count, bounds: [left, top, right, bottom], bits: seen };
}
