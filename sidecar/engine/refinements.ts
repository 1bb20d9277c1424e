/** What it takes to refine an answer: the image's pixels, and a closer look at the object. Kept, since clicks come in rows. */
import { LRUCache } from 'vscode-jsonrpc';
import type { Embedding, RgbImage, RunOptions, SegmentationModel } from '../../models/adapter.js';
import type { Refinement } from '../../models/candidates.js';
import { isRefinable } from '../../models/coordinates.js';
import { cropImage } from '../../models/crop.js';
import { unfoldInversions } from '../../models/meaning.js';
import { clicksOf } from '../../models/predict.js';
import { prepareRefinement } from '../../models/refine/prepare-refinement.js';
import type { Selection } from '../../models/select.js';
import { throwIfCancelled } from '../../protocol/errors.js';
import type { Box, Size } from '../../protocol/geometry.js';
import type { ImageReader } from '../image-reader.js';
import { unknownImage } from './compute.js';
import type { Cancellable, PromptJob } from './compute.js';

/** Each embedding takes 4 MiB. */
const KEPT_WINDOWS = 4;

/** Larger images are decoded anew each time rather than kept: at three bytes a pixel this is 72 MB. */
const MOST_KEPT_PIXELS = 24e6;

/** Prepares refinements of one image after another, by one caller at a time. */
export class Refinements {
  /** The image that was refined last. */
  #pixels: { readonly key: string; readonly image: RgbImage } | undefined;
  readonly #windows = new LRUCache<string, Embedding>(KEPT_WINDOWS);
  readonly #images: ImageReader;

  constructor(images: ImageReader) {
    this.#images = images;
  }

  /**
   * Reads the image and looks closer at the chosen candidate.
   *
   * @param selection The answer of which the chosen candidate is to be refined.
   * @returns undefined where that is not asked for, or would do nothing.
   * @throws CodedError IMAGE_UNKNOWN when the image's bytes would be needed; CANCELLED.
   */
  async prepare(
    model: SegmentationModel,
    { key, refine, bytes, prompts, tolerancePx }: PromptJob,
    image: Size,
    selection: Selection,
    { signal }: Cancellable = {},
  ): Promise<Refinement | undefined> {
    if (!refine || !isRefinable(image)) return undefined;
    if (!bytes) throw unknownImage();
    const pixels = await this.#read(key, bytes, signal);
    throwIfCancelled(signal);
    return prepareRefinement(model, selection, pixels, clicksOf(unfoldInversions(prompts)), {
      embed: (box, options) => this.#embed(model, key, pixels, box, options),
      tolerancePx,
      signal,
    });
  }

  async #read(key: string, bytes: Uint8Array, signal: AbortSignal | undefined): Promise<RgbImage> {
    if (this.#pixels?.key === key) return this.#pixels.image;
    this.#pixels = undefined;
    const image = await this.#images.decode(bytes, { signal });
    if (image.width * image.height <= MOST_KEPT_PIXELS) this.#pixels = { key, image };
    return image;
  }

  async #embed(model: SegmentationModel, key: string, pixels: RgbImage, box: Box, options: RunOptions) {
    const name = `${key} ${box.join(' ')}`;
    const kept = this.#windows.get(name);
    if (kept) return kept;
    const embedding = await model.encode(cropImage(pixels, box), options);
    this.#windows.set(name, embedding);
    return embedding;
  }
}
