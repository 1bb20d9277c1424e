/** What is known of a composite, made ready for comparing answers with it. */
import type { Size } from '../../../protocol/geometry.js';
import { TrueBoundary } from './boundary.js';
import type { Composite } from './composites.js';

/** Pixels count as near the edge when one so far to the left, right, above or below is on its other side. */
const NEAR_PX = 8;

export class EdgeTruth {
  readonly boundary: TrueBoundary;
  readonly #alpha: Float32Array;
  /** Uint8, height × width, 0 or 1: half covered or more. */
  readonly mask: Uint8Array;
  readonly #near: readonly number[];

  constructor({ image, alpha }: Pick<Composite, 'image' | 'alpha'>) {
    this.#alpha = alpha;
    this.mask = Uint8Array.from(alpha, (share) => (share >= 0.5 ? 1 : 0));
    this.boundary = new TrueBoundary(this.mask, image);
    this.#near = nearEdge(this.mask, alpha, image);
  }

  /** @param answer Uint8, height × width, 0 or 1. */
  iouOf(answer: Uint8Array): number {
    let shared = 0;
    let either = 0;
    for (let k = 0; k < answer.length; k++) {
      if (this.mask[k] && answer[k]) shared++;
      if (this.mask[k] || answer[k]) either++;
    }
    return either === 0 ? 0 : shared / either;
  }

  /**
   * @param answer Uint8, height × width: coverage.
   * @param whole What stands for all of a pixel.
   * @returns Mean absolute difference near the edge, in [0, 1].
   */
  alphaErrorOf(answer: Uint8Array, whole: number): number {
    let sum = 0;
    for (const k of this.#near) sum += Math.abs(this.#alpha[k]! - answer[k]! / whole);
    return this.#near.length === 0 ? 0 : sum / this.#near.length;
  }
}

/** Indices of pixels that are partly covered, or near the edge. */
function nearEdge(mask: Uint8Array, alpha: Float32Array, { width, height }: Size): number[] {
  const near: number[] = [];
  for (let y = NEAR_PX; y < height - NEAR_PX; y++) {
    for (let x = NEAR_PX; x < width - NEAR_PX; x++) {
      const k = y * width + x;
      const left = mask[k - NEAR_PX];
      const isFar =
        left === mask[k + NEAR_PX] &&
        left === mask[k - NEAR_PX * width] &&
        left === mask[k + NEAR_PX * width];
      if (!isFar || (alpha[k]! > 0 && alpha[k]! < 1)) near.push(k);
    }
  }
  return near;
}
