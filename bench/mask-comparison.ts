/** Found masks against wanted ones. */
import { iouOfRuns } from '../models/mask/overlap.js';
import { decodeRuns } from '../models/mask/rle.js';
import type { Runs } from '../models/mask/runs.js';
import type { Rle } from '../protocol/outline.js';
import { round3 } from './measure.js';

/** Compares each pair of masks once. */
export class MaskComparison {
  readonly #wanted: readonly Runs[];
  readonly #ious = new Map<string, number[]>();

  constructor(wanted: readonly Rle[]) {
    this.#wanted = wanted.map(decodeRuns);
  }

  /** By wanted mask: the best IoU that any of the masks has with it. */
  bestIous(masks: readonly { readonly rle: Rle }[]): number[] {
    const all = masks.map(({ rle }) => this.#iousOf(rle));
    return this.#wanted.map((_, i) => Math.max(0, ...all.map((ious) => ious[i]!)));
  }

  /** How many of the masks match nothing wanted. */
  countUnmatched(masks: readonly { readonly rle: Rle }[], iou: number): number {
    return masks.filter(({ rle }) => Math.max(0, ...this.#iousOf(rle)) < iou).length;
  }

  #iousOf(rle: Rle): number[] {
    const known = this.#ious.get(rle.counts);
    if (known) return known;
    const runs = decodeRuns(rle);
    const ious = this.#wanted.map((other) => iouOfRuns(runs, other));
    this.#ious.set(rle.counts, ious);
    return ious;
  }
}

/** @param counts Which of the wanted masks count; all when left out. */
export function recall(bestIous: readonly number[], iou: number, counts?: readonly boolean[]): number {
  const counted = bestIous.filter((_, i) => counts?.[i] ?? true);
  return round3(counted.filter((best) => best >= iou).length / counted.length);
}
