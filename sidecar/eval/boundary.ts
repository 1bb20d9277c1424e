/** How well the edges of two masks lie on each other. */
import { squaredDistances } from '../../models/mask/distance-transform.js';
import type { Size } from '../../protocol/geometry.js';

/**
 * Boundary F-score: the harmonic mean of the shares of either mask's boundary pixels that lie within a distance of the
 * other's boundary.
 *
 * @param answer Uint8, height × width, 0 or 1.
 * @param truth The same.
 * @returns By distance, in [0, 1].
 */
export function boundaryScores(
  answer: Uint8Array,
  truth: Uint8Array,
  size: Size,
  distancesPx: readonly number[],
): number[] {
  const [ours, theirs] = [boundaryOf(answer, size), boundaryOf(truth, size)];
  const [toOurs, toTheirs] = [distancesTo(ours, size), distancesTo(theirs, size)];
  return distancesPx.map((distancePx) => {
    const precision = shareWithin(ours, toTheirs, distancePx);
    const recall = shareWithin(theirs, toOurs, distancePx);
    return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  });
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
function distancesTo(pixels: Uint8Array, { width, height }: Size): Float32Array {
  // Framed by enough pixels that are not set, so that nothing lies nearer beyond the border.
  const frame = FARTHEST_PX + 1;
  const framed = new Uint8Array((width + 2 * frame) * (height + 2 * frame)).fill(1);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (pixels[y * width + x]) framed[(y + frame) * (width + 2 * frame) + x + frame] = 0;
    }
  }
  const all = squaredDistances(framed, { width: width + 2 * frame, height: height + 2 * frame });
  const distances = new Float32Array(pixels.length);
  for (let y = 0; y < height; y++) {
    const start = (y + frame) * (width + 2 * frame) + frame;
    distances.set(all.subarray(start, start + width), y * width);
  }
  return distances;
}

/** Distances asked for are no larger. */
const FARTHEST_PX = 8;

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
