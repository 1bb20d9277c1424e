/** How far each pixel of a mask is from the nearest pixel outside. */
import type { Size } from '../../protocol/geometry.js';

/**
 * Exact squared distances between pixel centres.
 *
 * @param isInside Uint8, height × width; not 0 is inside.
 * @param beyond What lies beyond the image: outside, or nobody knows, which counts for nothing.
 * @returns Float32, height × width; 0 outside, and more than any distance in the image where nothing is outside.
 * @source Felzenszwalb and Huttenlocher, Distance Transforms of Sampled Functions (2012): lower envelopes of parabolas,
 *   down columns and then along rows.
 */
export function squaredDistances(
  isInside: Uint8Array,
  { width, height }: Size,
  beyond: 'outside' | 'unknown' = 'outside',
): Float32Array {
  const distances = new Float32Array(width * height);
  const away = beyond === 'outside' ? 0 : width + height;
  const envelope = new Envelope(Math.max(width, height) + 2, away * away);
  for (let x = 0; x < width; x++) {
    let above = away;
    for (let y = 0, k = x; y < height; y++, k += width) {
      above = isInside[k] ? above + 1 : 0;
      distances[k] = above;
    }
    let below = away;
    for (let y = height - 1, k = (height - 1) * width + x; y >= 0; y--, k -= width) {
      below = isInside[k] ? below + 1 : 0;
      const nearest = Math.min(distances[k]!, below);
      distances[k] = nearest * nearest;
    }
  }
  for (let y = 0; y < height; y++) envelope.transform(distances.subarray(y * width, (y + 1) * width));
  return distances;
}

/** The lower envelope of parabolas that stand on a row, with one of a height of its own beyond either end. */
class Envelope {
  private readonly heights: Float64Array;
  private readonly vertices: Int32Array;
  private readonly starts: Float64Array;

  constructor(
    longest: number,
    private readonly endHeight: number,
  ) {
    this.heights = new Float64Array(longest);
    this.vertices = new Int32Array(longest);
    this.starts = new Float64Array(longest + 1);
  }

  /** Replaces a row's heights by those of the envelope. */
  transform(row: Float32Array): void {
    const { heights, vertices, starts } = this;
    const count = row.length + 2;
    heights[0] = heights[count - 1] = this.endHeight;
    for (let i = 0; i < row.length; i++) heights[i + 1] = row[i]!;
    let last = 0;
    vertices[0] = 0;
    starts[0] = -Infinity;
    for (let q = 1; q < count; q++) {
      let start = this.meeting(q, vertices[last]!);
      while (start <= starts[last]!) start = this.meeting(q, vertices[--last]!);
      vertices[++last] = q;
      starts[last] = start;
    }
    starts[last + 1] = Infinity;
    for (let q = 1, k = 0; q < count - 1; q++) {
      while (starts[k + 1]! < q) k++;
      const away = q - vertices[k]!;
      row[q - 1] = away * away + heights[vertices[k]!]!;
    }
  }

  /** Where the parabola of q begins to be below that of p. */
  private meeting(q: number, p: number): number {
    return (this.heights[q]! + q * q - (this.heights[p]! + p * p)) / (2 * (q - p));
  }
}
