/**
 * Everything that keeps a processor busy: encoding, decoding, searching, tracing, rendering exports. The server has it
 * done in a thread of its own (compute-thread.ts), the command line in its only one (local-compute.ts). Both have
 * image files read by an ImageReader.
 */
import type { Embedding } from '../../models/adapter.js';
import type { DeviceChoice, Fallback } from '../../models/device-node.js';
import type { EverythingUpdate } from '../../models/everything/run.js';
import { CodedError } from '../../protocol/errors.js';
import type {
  EverythingMode,
  EverythingOptions,
  EverythingParameters,
  FoundMask,
  Resume,
} from '../../protocol/everything.js';
import type { Size } from '../../protocol/geometry.js';
import type { ExportFormat, PredictProgress } from '../../protocol/methods.js';
import type { Candidate, Outline, Rle } from '../../protocol/outline.js';
import type { Prompt } from '../../protocol/prompt.js';
import type { ExportedFile } from '../export/render.js';
import type { TreeExportRequest } from '../export/render-tree.js';
import type { ReadOptions } from '../image-reader.js';
import type { OwnModel } from './own-model.js';

/** Embeddings in memory, of 4 MiB each. */
export const HELD_EMBEDDINGS = 16;

export interface ComputeOptions {
  readonly device: DeviceChoice;
  /** Where built decoders are kept, and which devices would not do. */
  readonly cacheDir: string;
  /** Takes the place of the product’s own. */
  readonly ownModel?: OwnModel | undefined;
}

export interface ModelState {
  readonly id: string;
  readonly device: string;
  readonly fallbacks: readonly Fallback[];
  /** What was mended or could not be kept while loading. */
  readonly notes: readonly string[];
}

export interface Encoded {
  readonly embedding: Embedding;
  readonly readMs: number;
  readonly encodeMs: number;
}

/** A question about one image. */
export interface PromptJob {
  /** Names the embedding. */
  readonly key: string;
  readonly prompts: readonly Prompt[];
  /** By the image when left out. */
  readonly tolerancePx?: number | undefined;
  /** Find the chosen candidate's edges in the image; needs its bytes. */
  readonly refine?: boolean | undefined;
  /** The image file; only refining and a cut-out need it. */
  readonly bytes?: Uint8Array | undefined;
}

export interface PredictJob extends PromptJob {
  readonly rle: boolean;
}

export interface Prediction {
  readonly candidates: readonly Candidate[];
  readonly chosen: number;
  readonly state: string;
  readonly decodeMs: number;
  /** Reading the image and looking closer; finding the edges is part of tracing. */
  readonly refineMs: number;
  readonly traceMs: number;
}

export interface RenderJob extends PromptJob {
  readonly format: ExportFormat;
  /** Of a cut-out. */
  readonly softEdgePx?: number | undefined;
}

/** A search for everything in one image. */
export interface EverythingJob {
  /** Names the embedding of the whole image. */
  readonly key: string;
  readonly options: EverythingOptions;
  readonly resume?: Resume | undefined;
  /** The image file; crops need it, and without it names tell no colour. */
  readonly bytes?: Uint8Array | undefined;
}

/** What a search found in all. */
export interface EverythingSummary {
  readonly mode: EverythingMode;
  readonly parameters: EverythingParameters;
  readonly prompts: number;
  readonly masks: readonly FoundMask[];
  readonly timings: { readonly lookMs: number; readonly traceMs: number };
}

export interface Cancellable {
  readonly signal?: AbortSignal | undefined;
}

export interface PredictOptions extends Cancellable {
  /** Hears of the chosen candidate before the others are traced. */
  readonly onChosen?: ((first: PredictProgress) => void) | undefined;
}

/** Hears that a device failed in the middle of the work, which goes on on the CPU. */
export type FallbackListener = (fallback: Fallback) => void;

/** Jobs are named by the keys of their embeddings; a job whose embedding is not held is a programming error. */
export interface Compute {
  /** Loads the model if need be. */
  load(): Promise<ModelState>;
  inspect(bytes: Uint8Array, options?: ReadOptions): Promise<Size>;
  holds(key: string): Promise<boolean>;
  hold(key: string, embedding: Embedding): Promise<void>;
  /** Also holds the result. */
  encode(key: string, bytes: Uint8Array, options?: Cancellable): Promise<Encoded>;
  predict(job: PredictJob, options?: PredictOptions): Promise<Prediction>;
  /** @throws CodedError RLE_INVALID, MASK_EMPTY */
  trace(rle: Rle, tolerancePx: number, options?: Cancellable): Promise<{ outline: Outline; traceMs: number }>;
  render(job: RenderJob, options?: Cancellable): Promise<ExportedFile>;
  renderTree(request: TreeExportRequest, options?: Cancellable): Promise<ExportedFile>;
  /**
   * Begins a search; it holds its embedding itself from then on.
   *
   * @returns Its name; undefined when the embedding is not held.
   * @throws CodedError RESUME_INVALID; IMAGE_UNKNOWN when crops are wanted and the image file is missing.
   */
  startEverything(job: EverythingJob): Promise<string | undefined>;
  /** Goes on with a search for one run of the model, or as long as it takes to encode a crop. */
  advanceEverything(run: string, options?: Cancellable): Promise<EverythingUpdate>;
  /** What a search has found, whether or not it is done. */
  summariseEverything(run: string): Promise<EverythingSummary>;
  /** Lets a search go. */
  endEverything(run: string): Promise<void>;
  /** Gives up a load under way and lets the model go; whatever needs it afterwards rejects with SHUTTING_DOWN. */
  dispose(): Promise<void>;
}

/** What every job gets once compute has been disposed. */
export function shuttingDown(cause?: unknown): CodedError {
  return new CodedError('SHUTTING_DOWN', 'The sidecar is stopping.', 'Try again when it has started anew.', {
    cause,
  });
}

/** What whoever sent an image is told when its bytes, or all that was known of it, are gone. */
export function unknownImage(): CodedError {
  return new CodedError('IMAGE_UNKNOWN', 'The sidecar does not know this image.', 'Upload it again.');
}
