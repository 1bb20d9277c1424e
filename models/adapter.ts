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
  dispose(): Promise<void>;
}
