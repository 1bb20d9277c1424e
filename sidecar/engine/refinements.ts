/** What it takes to refine an answer: the image's pixels, and a closer look at the object. Kept, since clicks come in rows. */
import { LRUCache } from 'vscode-jsonrpc';
import type { Embedding, RgbImage, RunOptions, SegmentationModel } from '../../models/adapter.js';
import type { Refinement } from '../../models/candidates.js';
import { isRefinable, refinedTolerancePx } from '../../models/coordinates.js';
import { cropImage } from '../../models/crop.js';
import { clicksOf } from '../../models/predict.js';
import { lookCloser } from '../../models/refine/look-closer.js';
import type { Selection } from '../../models/select.js';
import { throwIfCancelled } from '../../protocol/errors.js';
import type { Box, Size } from '../../protocol/geometry.js';
import { decodeImage } from '../image.js';
import { unknownImage } from './compute.js';
import type { Cancellable, PromptJob } from './compute.js';

/** Each embedding takes 4 MiB. */
const KEPT_WINDOWS = 4;

export class Refinements {
  /** The image that was refined last: 36 MB at twelve megapixels. */
  #pixels: { readonly key: string; readonly image: RgbImage } | undefined;
  readonly #windows = new LRUCache<string, Embedding>(KEPT_WINDOWS);

  /**
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
    if (this.#pixels?.key !== key) this.#pixels = { key, image: await decodeImage(bytes) };
    throwIfCancelled(signal);
    const pixels = this.#pixels.image;
    const clicks = clicksOf(prompts);
    const closer = await lookCloser(model, selection.candidates[selection.chosen]!.logits, clicks, image, {
      embed: (box, options) => this.#embed(model, key, pixels, box, options),
      ...(signal && { signal }),
    });
    throwIfCancelled(signal);
    return { pixels, closer, clicks, tolerancePx: tolerancePx ?? refinedTolerancePx(image), signal };
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
