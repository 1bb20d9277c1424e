/** What every way of searching for masks offers: a little work at a time, and the masks that stand so far. */
import type { Point } from '../../protocol/geometry.js';
import type { Embedding, RunOptions, SegmentationModel } from '../adapter.js';
import type { Finding, FindingContext } from './finding.js';

export interface Search {
  /** Share of the expected work that is done, in [0, 1]. */
  readonly fraction: number;
  /** Full answers of the model so far, also those before the search was resumed. */
  readonly prompts: number;
  readonly isDone: boolean;
  /**
   * Grows now and then, when it is worth looking at what stands. It depends on the work alone and not on the time that
   * it took, so that masks get the same numbers each time.
   */
  readonly milestones: number;
  /** Masks that nothing better has displaced, best first. */
  readonly standing: readonly Finding[];
  /**
   * Does one run of the model, or what else comes next: some tens of milliseconds, an encoding apart.
   *
   * @throws CodedError CANCELLED; the search can go on afterwards.
   */
  step(options: RunOptions): Promise<void>;
  /** Where the search stands, as JSON: a search of the same kind and parameters goes on from it. */
  cursor(): unknown;
}

/** Where a search that was cut off goes on. */
export interface ResumedSearch {
  readonly cursor: unknown;
  readonly standing: readonly Finding[];
}

/** One crop to search, or the whole image. */
export interface SearchedCrop extends FindingContext {
  readonly model: SegmentationModel;
  readonly embedding: Embedding;
  /** Clicks to try, in pixels of the crop, and how many there are along each side. */
  readonly points: readonly Point[];
  readonly pointsPerSide: number;
}

/** @throws ZodError when what is resumed is not of this kind of search. */
export type StartSearch = (crop: SearchedCrop, resumed: ResumedSearch | undefined) => Search;

/** The image-space place of a point of the crop. */
export function placeOf(crop: SearchedCrop, index: number): Point {
  const [x, y] = crop.points[index]!;
  return [crop.cropBox[0] + x, crop.cropBox[1] + y];
}
