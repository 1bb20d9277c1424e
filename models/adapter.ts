/** What a segmentation model must offer: an image becomes an embedding once, then prompts become masks. */
import type { Box, Point, Size } from '../protocol/geometry.js';

/** An image as every stage sees it. */
export interface RgbImage extends Size {
  /** Uint8, height × width × 3, RGB. */
  readonly data: Uint8Array;
}

/** Encoder output for one image. */
export interface Embedding {
  /** Float32, 1×256×64×64 for SAM. */
  readonly data: Float32Array;
  /** The image it was made from; coordinates need it. */
  readonly image: Size;
}

export interface LabelledPoint {
  /** Image space. */
  readonly point: Point;
  readonly inside: boolean;
}

/** What guides one decode. At least one of points and box is present. */
export interface PromptSet {
  readonly points: readonly LabelledPoint[];
  /** Image space. */
  readonly box?: Box;
  /** Low-res logits of an earlier answer, Float32 256×256. */
  readonly maskLogits?: Float32Array;
}

/** The decoder's answer to one prompt set. */
export interface DecodedMasks {
  /** Float32, 4×256×256, model space: the single-mask token first, then part, object and group in no order. */
  readonly logits: Float32Array;
  /** Float32, 4: the model's own quality estimates. */
  readonly predictedIou: Float32Array;
}

/** A quick, coarse answer to one prompt set: fit for choosing which prompts deserve a full one. */
export interface SurveyedMasks {
  /** Float32, 4×samples, at the samples that `surveySamples` names. */
  readonly logits: Float32Array;
  /** Float32, 4. */
  readonly predictedIou: Float32Array;
}

export interface RunOptions {
  readonly signal?: AbortSignal;
}

/** One loaded model on one device. Runs one inference at a time; callers queue. */
export interface SegmentationModel {
  readonly id: string;
  readonly device: string;
  /** @throws CodedError CANCELLED before or after a run whose signal was aborted. */
  encode(image: RgbImage, options?: RunOptions): Promise<Embedding>;
  /** @returns One answer a prompt set, in order. */
  decode(
    embedding: Embedding,
    promptSets: readonly PromptSet[],
    options?: RunOptions,
  ): Promise<DecodedMasks[]>;
  /**
   * Decodes prompt sets without masks of their own and draws only what may be good, over the image alone: drawing is
   * half of the work.
   *
   * @param minPredictedIou Sets of which none of masks 1–3 has a predicted IoU above this are answered with nothing.
   * @returns One answer a prompt set, in order; logits over the padding stand for outside.
   */
  decodeAbove(
    minPredictedIou: number,
    embedding: Embedding,
    promptSets: readonly PromptSet[],
    options?: RunOptions,
  ): Promise<(DecodedMasks | undefined)[]>;
  /** Answers single clicks from a quarter of the embedding, in about a quarter of the time. */
  survey(
    embedding: Embedding,
    promptSets: readonly PromptSet[],
    options?: RunOptions,
  ): Promise<SurveyedMasks[]>;
  /** @returns Indices into a row-by-row mask of 256×256: where the samples of a survey of such an image lie. */
  surveySamples(image: Size): Int32Array;
  dispose(): Promise<void>;
}
