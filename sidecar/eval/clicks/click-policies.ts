/** What answers clicks: the product, and the reference policy that it is compared with. */
import type {
  DecodedMasks,
  Embedding,
  PromptSet,
  RunOptions,
  SegmentationModel,
} from '../../../models/adapter.js';
import { fillLogits } from '../../../models/candidates.js';
import { maskOf } from '../../../models/select.js';
import { predictPrompts, type Progressed } from '../../../models/predict.js';
import type { Prompt } from '../../../protocol/prompt.js';
import type { Click } from './next-click.js';

/** Answers one click after another about one object. */
export interface ClickPolicy {
  /** Starts on an object. */
  begin(embedding: Embedding): ClickSession;
}

interface ClickSession {
  /**
   * @param clicks All of them; the last one is new.
   * @returns Uint8, height × width of the image, 0 or 1.
   */
  answer(clicks: readonly Click[], options: RunOptions): Promise<Uint8Array>;
}

/** What a person gets who clicks in the plugin or the workbench. */
export function productPolicy(model: SegmentationModel): ClickPolicy {
  return {
    begin(embedding) {
      let from: Progressed | undefined;
      return {
        async answer(clicks, options) {
          const prompts = clicks.map(toPrompt);
          const selection = await predictPrompts(model, embedding, prompts, { ...options, from });
          from = { count: prompts.length, selection };
          return fillLogits(selection.candidates[selection.chosen]!.logits, embedding.image);
        },
      };
    },
  };
}

/**
 * The reference policy: the highest predicted IoU of masks 1–3 for the first click, later the single mask, always
 * with the logits of the answer before.
 *
 * @source segment-anything, SamPredictor and its interactive use.
 */
export function referencePolicy(model: SegmentationModel): ClickPolicy {
  return {
    begin(embedding) {
      let maskLogits: Float32Array | undefined;
      return {
        async answer(clicks, options) {
          const set: PromptSet = { points: clicks, ...(maskLogits && { maskLogits }) };
          const [decoded] = await model.decode(embedding, [set], options);
          maskLogits = maskOf(decoded!, clicks.length === 1 ? bestOfThree(decoded!) : 0);
          return fillLogits(maskLogits, embedding.image, 0);
        },
      };
    },
  };
}

function bestOfThree({ predictedIou }: DecodedMasks): number {
  return [1, 2, 3].reduce((best, token) => (predictedIou[token]! > predictedIou[best]! ? token : best));
}

function toPrompt({ point: [x, y], inside }: Click): Prompt {
  return { type: 'point', x, y, label: inside ? 'inside' : 'outside' };
}
