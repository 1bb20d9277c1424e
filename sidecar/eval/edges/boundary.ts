/** How well the edges of two masks lie on each other. */
import { squaredDistances } from '../../../models/mask/distance-transform.js';
import type { Size } from '../../../protocol/geometry.js';

/** The boundary of a true mask, which answers are compared with. */
export class TrueBoundary {
  readonly #pixels: Uint8Array;
  readonly #distances: Float32Array;

  /** @param truth Uint8, height × width, 0 or 1. */
  constructor(
    truth: Uint8Array,
    private readonly size: Size,
  ) {
    this.#pixels = boundaryOf(truth, size);
    this.#distances = distancesTo(this.#pixels, size);
  }

  /**
   * Boundary F-score: the harmonic mean of the shares of either mask's boundary pixels that lie within a distance of the
   * other's boundary.
   *
   * @param answer Uint8, height × width, 0 or 1.
   * @returns By distance, in [0, 1].
   */
  score(answer: Uint8Array, distancesPx: readonly number[]): number[] {
    const ours = boundaryOf(answer, this.size);
    const toOurs = distancesTo(ours, this.size);
    return distancesPx.map((distancePx) => {
      const precision = shareWithin(ours, this.#distances, distancePx);
      const recall = shareWithin(this.#pixels, toOurs, distancePx);
      return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
    });
  }
}

/** Pixels inside with a neighbour outside, beyond the image's border included. */
function boundaryOf(mask: Uint8Array, { width, height }: Size): Uint8Array {
  const boundary = new Uint8Array(mask.length);
  for (let y = 0, k = 0; y < height; y++) {
    for (let x = 0; x < width; x++, k++) {
      if (!mask[k]) continue;
      const isInner =
        x > 0 &&
        x + 1 < width &&
        y > 0 &&
        y + 1 < height &&
        mask[k - 1] &&
        mask[k + 1] &&
        mask[k - width] &&
        mask[k + width];
      if (!isInner) boundary[k] = 1;
    }
  }
  return boundary;
}

/** Squared distance of every pixel to the nearest one that is set; the image's border does not count. */
function distancesTo(pixels: Uint8Array, size: Size): Float32Array {
  const isUnset = pixels.map((value) => 1 - value);
  return squaredDistances(isUnset, size, 'unknown');
}

function shareWithin(boundary: Uint8Array, distances: Float32Array, distancePx: number): number {
  let within = 0;
  let all = 0;
  for (let k = 0; k < boundary.length; k++) {
    if (!boundary[k]) continue;
    all++;
    if (distances[k]! <= distancePx * distancePx) within++;
  }
  return all === 0 ? 0 : within / all;
}
