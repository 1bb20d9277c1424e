/** What an object and what is behind it look like around a pixel, from where it is certain which is which. */
import type { RgbImage } from '../adapter.js';

/** Numbers kept of a side: how many pixels, sums of three channels, and of all squares. */
const KEPT = 5;

/** Fewer pixels than this tell nothing. */
const LEAST_KNOWN = 8;

/**
 * Sums over a square around a pixel, of either side. Sums of columns slide down with the rows, and sums of those along the
 * row: a pixel costs the same whatever the square's size, and memory is that of some rows.
 */
export class SurroundingColours {
  /** Mean colours, levels. */
  readonly inside = new Float64Array(3);
  readonly outside = new Float64Array(3);
  /** Variances, levels² over the three channels. */
  insideSpread = 0;
  outsideSpread = 0;
  /** By column, `KEPT` numbers of the inside and then of the outside, over the rows of the square. */
  readonly #columns: Float64Array;
  readonly #sums = new Float64Array(2 * KEPT);
  readonly #rows = { first: 0, end: 0 };
  readonly #along = { first: 0, end: 0 };

  /**
   * @param depths Float32, height × width: distance to the edge, above 0 inside. Farther than `bandPx` is certain.
   * @param radius Half of the square's side, whole pixels.
   */
  constructor(
    private readonly image: RgbImage,
    private readonly depths: Float32Array,
    private readonly bandPx: number,
    private readonly radius: number,
  ) {
    this.#columns = new Float64Array(image.width * 2 * KEPT);
  }

  /** @param y No less than before. */
  moveTo(y: number): void {
    const rows = this.#rows;
    const end = Math.min(this.image.height, y + this.radius + 1);
    while (rows.end < end) this.#addRow(rows.end++, 1);
    while (rows.first < y - this.radius) this.#addRow(rows.first++, -1);
    this.#sums.fill(0);
    this.#along.first = 0;
    this.#along.end = 0;
  }

  /**
   * @param x No less than before in this row.
   * @returns Whether enough of both sides is around; only then are the colours those of this pixel.
   */
  lookAt(x: number): boolean {
    const along = this.#along;
    const end = Math.min(this.image.width, x + this.radius + 1);
    while (along.end < end) this.#addColumn(along.end++, 1);
    while (along.first < x - this.radius) this.#addColumn(along.first++, -1);
    const sums = this.#sums;
    const [countIn, countOut] = [sums[0]!, sums[KEPT]!];
    if (countIn < LEAST_KNOWN || countOut < LEAST_KNOWN) return false;
    let spreadIn = sums[4]! / countIn;
    let spreadOut = sums[KEPT + 4]! / countOut;
    for (let channel = 0; channel < 3; channel++) {
      this.inside[channel] = sums[1 + channel]! / countIn;
      this.outside[channel] = sums[KEPT + 1 + channel]! / countOut;
      spreadIn -= this.inside[channel]! ** 2;
      spreadOut -= this.outside[channel]! ** 2;
    }
    this.insideSpread = Math.max(0, spreadIn);
    this.outsideSpread = Math.max(0, spreadOut);
    return true;
  }

  #addRow(y: number, sign: 1 | -1): void {
    const { data, width } = this.image;
    const columns = this.#columns;
    for (let x = 0, k = y * width; x < width; x++, k++) {
      const depth = this.depths[k]!;
      if (Math.abs(depth) <= this.bandPx) continue;
      const at = 2 * KEPT * x + (depth > 0 ? 0 : KEPT);
      const [r, g, b] = [data[3 * k]!, data[3 * k + 1]!, data[3 * k + 2]!];
      columns[at]! += sign;
      columns[at + 1]! += sign * r;
      columns[at + 2]! += sign * g;
      columns[at + 3]! += sign * b;
      columns[at + 4]! += sign * (r * r + g * g + b * b);
    }
  }

  #addColumn(x: number, sign: 1 | -1): void {
    for (let i = 0; i < 2 * KEPT; i++) this.#sums[i]! += sign * this.#columns[2 * KEPT * x + i]!;
  }
}
