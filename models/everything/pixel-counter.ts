/**
 * Counts the pixels of a mask as the reference does: logits brought up to the padded square's scale, then to the
 * image's, both by bilinear interpolation. Between samples that bends differently from interpolating once, and for
 * small masks the few pixels decide which side of a threshold they come to lie on.
 *
 * @source segment-anything, Sam.postprocess_masks; the two steps are folded into one here.
 */
import type { Box, Size } from '../../protocol/geometry.js';
import { LOW_RES_SIDE, MODEL_SIDE, scaledSize } from '../coordinates.js';

/** First and last column and row of some samples, last ones included. */
export interface SampleBounds {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface PixelCount {
  /** Pixels above −offset, 0 and +offset. */
  readonly low: number;
  readonly area: number;
  readonly high: number;
  /** Of the pixels above 0; [0, 0, 0, 0] when there is none. */
  readonly box: Box;
}

/** A pixel lies between at most three samples of an axis when it is interpolated twice. */
const TAPS = 3;

/** How each pixel of one axis is made of samples. */
interface Axis {
  /** By pixel: the first sample it depends on. */
  readonly first: Int32Array;
  /** By pixel: the weights of that sample and the two after it. */
  readonly weights: Float64Array;
}

/** Counts in one crop; owns the buffer that this needs. */
export class PixelCounter {
  readonly #columns: Axis;
  readonly #rows: Axis;
  #buffer = new Float64Array(0);

  constructor(crop: Size) {
    const scaled = scaledSize(crop);
    this.#columns = axisOf(crop.width, scaled.width);
    this.#rows = axisOf(crop.height, scaled.height);
  }

  /** Pixels that a count has to look at. */
  extent(bounds: SampleBounds): number {
    const [x0, x1] = pixelRange(this.#columns, bounds.left, bounds.right);
    const [y0, y1] = pixelRange(this.#rows, bounds.top, bounds.bottom);
    return (x1 - x0) * (y1 - y0);
  }

  /**
   * @param logits Float32, 256×256, over the crop.
   * @param bounds All samples above −offset.
   * @returns Boxes in the crop's pixels.
   */
  count(logits: Float32Array, bounds: SampleBounds, offset: number): PixelCount {
    const [x0, x1] = pixelRange(this.#columns, bounds.left, bounds.right);
    const [y0, y1] = pixelRange(this.#rows, bounds.top, bounds.bottom);
    const width = x1 - x0;
    const firstRow = Math.max(0, bounds.top - TAPS);
    this.#interpolateRows(logits, x0, x1, firstRow, Math.min(LOW_RES_SIDE, bounds.bottom + TAPS + 1));
    const buffer = this.#buffer;
    const { first, weights } = this.#rows;
    let [low, area, high] = [0, 0, 0];
    let [left, top, right, bottom] = [Infinity, Infinity, 0, 0];
    for (let y = y0; y < y1; y++) {
      const above = (first[y]! - firstRow) * width;
      const [w0, w1, w2] = [weights[TAPS * y]!, weights[TAPS * y + 1]!, weights[TAPS * y + 2]!];
      for (let x = 0; x < width; x++) {
        const at = above + x;
        const value = w0 * buffer[at]! + w1 * buffer[at + width]! + w2 * buffer[at + 2 * width]!;
        if (value <= -offset) continue;
        low++;
        if (value <= 0) continue;
        area++;
        if (value > offset) high++;
        if (x < left) left = x;
        if (x >= right) right = x + 1;
        if (y < top) top = y;
        bottom = y + 1;
      }
    }
    return { low, area, high, box: area > 0 ? [x0 + left, top, x0 + right, bottom] : [0, 0, 0, 0] };
  }

  /** Brings rows of samples to the crop's columns, into the buffer; two rows more than there are stay 0. */
  #interpolateRows(logits: Float32Array, x0: number, x1: number, firstRow: number, endRow: number): void {
    const width = x1 - x0;
    const length = (endRow - firstRow + 2) * width;
    if (this.#buffer.length < length) this.#buffer = new Float64Array(length);
    const { first, weights } = this.#columns;
    let to = 0;
    for (let row = firstRow; row < endRow; row++) {
      for (let x = x0; x < x1; x++) {
        const from = row * LOW_RES_SIDE + first[x]!;
        let value = weights[TAPS * x]! * logits[from]!;
        // Past the last sample the weights are 0, and the samples may be another row's or none.
        if (weights[TAPS * x + 1]! > 0) value += weights[TAPS * x + 1]! * logits[from + 1]!;
        if (weights[TAPS * x + 2]! > 0) value += weights[TAPS * x + 2]! * logits[from + 2]!;
        this.#buffer[to++] = value;
      }
    }
    this.#buffer.fill(0, to, length);
  }
}

/** @param scaled Pixels of this axis that show the crop in the padded square. */
function axisOf(pixels: number, scaled: number): Axis {
  const first = new Int32Array(pixels);
  const weights = new Float64Array(TAPS * pixels);
  const samplesPerPixel = LOW_RES_SIDE / MODEL_SIDE;
  for (let pixel = 0; pixel < pixels; pixel++) {
    const outer = between((pixel + 0.5) * (scaled / pixels), scaled);
    const lower = between((outer.index + 0.5) * samplesPerPixel, LOW_RES_SIDE);
    const upper = between((outer.next + 0.5) * samplesPerPixel, LOW_RES_SIDE);
    first[pixel] = lower.index;
    const add = (sample: number, weight: number) => {
      weights[TAPS * pixel + sample - lower.index]! += weight;
    };
    add(lower.index, (1 - outer.share) * (1 - lower.share));
    add(lower.next, (1 - outer.share) * lower.share);
    add(upper.index, outer.share * (1 - upper.share));
    add(upper.next, outer.share * upper.share);
  }
  return { first, weights };
}

/** The two values around a place, in units of their distance from the edge, and the second one's share. */
function between(place: number, count: number) {
  const clamped = Math.max(0, place - 0.5);
  const index = Math.min(count - 1, Math.floor(clamped));
  return { index, next: Math.min(count - 1, index + 1), share: clamped - index };
}

/** Pixels that depend on any of some samples, the last one excluded. */
function pixelRange({ first }: Axis, from: number, to: number): [number, number] {
  let start = 0;
  while (start < first.length && first[start]! + TAPS - 1 < from) start++;
  let end = start;
  while (end < first.length && first[end]! <= to) end++;
  return [start, end];
}
