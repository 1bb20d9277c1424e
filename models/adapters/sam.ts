/** The SAM family: what its encoder and the decoders that we build for it (see decoder/build.ts) take and give. */
import { LRUCache } from 'vscode-jsonrpc';
import { throwIfCancelled } from '../../protocol/errors.js';
import type {
  DecodedMasks,
  Embedding,
  PromptSet,
  RgbImage,
  RunOptions,
  SegmentationModel,
  SurveyedMasks,
} from '../adapter.js';
import type { Point, Size } from '../../protocol/geometry.js';
import { LOW_RES_LENGTH, LOW_RES_SIDE, MODEL_SIDE, toModelSpace } from '../coordinates.js';
import { toRows } from '../decoder/block-order.js';
import { PROMPT_LABELS } from '../decoder/prompt-encoder.js';
import type { PromptLabel } from '../decoder/prompt-encoder.js';
import { preprocessImage, TENSOR_LENGTH } from '../preprocess.js';
import type { Session, TensorLike } from '../session.js';
import { IMAGE_PART, ImageViews, ROW_ORDER, surveyedSamples } from './image-part.js';
import type { ImagePart, View } from './image-part.js';

const MASKS_PER_PROMPT = 4;
const EMBEDDING_DIMS = [1, 256, 64, 64];
const ANSWER = ['logits', 'predicted_iou'];
/** Each takes 18 MiB; prompts mostly come for the image in front, or for one that is segmented behind it. */
const KEPT_IMAGES = 2;
/** Lets every mask be drawn. */
const NO_THRESHOLD = -1e9;
/** Logit of what was not drawn: as sure as the network ever is that something is outside. */
const UNDRAWN = -30;

export interface SamSessions {
  readonly encoder: Session;
  /** The three graphs of decoder/build.ts. */
  readonly image: Session;
  readonly prompt: Session;
  readonly refine: Session;
}

/** @param id The model's, in the catalog. */
export function createSamModel(id: string, sessions: SamSessions): SegmentationModel {
  return new SamModel(id, sessions);
}

class SamModel implements SegmentationModel {
  readonly #views = new LRUCache<Embedding, ImageViews>(KEPT_IMAGES);
  /** Runs come one at a time, so one will do. */
  readonly #tensor = new Float32Array(TENSOR_LENGTH);

  constructor(
    readonly id: string,
    private readonly sessions: SamSessions,
  ) {}

  get device(): string {
    return this.sessions.encoder.device;
  }

  async encode(image: RgbImage, { signal }: RunOptions = {}): Promise<Embedding> {
    throwIfCancelled(signal);
    const input = { data: preprocessImage(image, this.#tensor), dims: [1, 3, MODEL_SIDE, MODEL_SIDE] };
    const [output] = await this.sessions.encoder.run({ input }, ['output']);
    throwIfCancelled(signal);
    return { data: output!.data, image: { width: image.width, height: image.height } };
  }

  async decode(
    embedding: Embedding,
    promptSets: readonly PromptSet[],
    { signal }: RunOptions = {},
  ): Promise<DecodedMasks[]> {
    const answers = new Array<DecodedMasks>(promptSets.length);
    for (const group of groupAlike(promptSets)) {
      throwIfCancelled(signal);
      const sets = group.map((index) => promptSets[index]!);
      const [logits, scores] = sets[0]!.maskLogits
        ? await this.#refine(embedding, sets)
        : await this.#prompt((await this.#viewsOf(embedding)).whole, embedding.image, sets, NO_THRESHOLD);
      group.forEach((index, slot) => {
        answers[index] = {
          logits: toRows(answerOf(logits!, slot), ROW_ORDER, UNDRAWN),
          predictedIou: scoresOf(scores!, slot),
        };
      });
    }
    throwIfCancelled(signal);
    return answers;
  }

  async decodeAbove(
    minPredictedIou: number,
    embedding: Embedding,
    promptSets: readonly PromptSet[],
    { signal }: RunOptions = {},
  ): Promise<(DecodedMasks | undefined)[]> {
    throwIfCancelled(signal);
    const { image: view } = await this.#viewsOf(embedding);
    const [logits, scores] = await this.#prompt(view, embedding.image, promptSets, minPredictedIou);
    throwIfCancelled(signal);
    let drawn = 0;
    return promptSets.map((_, slot) => {
      const predictedIou = scoresOf(scores!, slot);
      // The graph decides the same way on the same numbers, so what it drew is found by counting.
      if (!(Math.max(...predictedIou.subarray(1)) > Math.fround(minPredictedIou))) return undefined;
      return { logits: toRows(answerOf(logits!, drawn++), view.order, UNDRAWN), predictedIou };
    });
  }

  async survey(
    embedding: Embedding,
    promptSets: readonly PromptSet[],
    { signal }: RunOptions = {},
  ): Promise<SurveyedMasks[]> {
    throwIfCancelled(signal);
    const { survey } = await this.#viewsOf(embedding);
    const [logits, scores] = await this.#prompt(survey, embedding.image, promptSets, NO_THRESHOLD);
    throwIfCancelled(signal);
    return promptSets.map((_, slot) => ({
      logits: answerOf(logits!, slot),
      predictedIou: scoresOf(scores!, slot),
    }));
  }

  surveySamples(image: Size): Int32Array {
    return surveyedSamples(image);
  }

  async dispose(): Promise<void> {
    await Promise.all(Object.values(this.sessions).map((session: Session) => session.dispose()));
  }

  #prompt(view: View, image: Size, sets: readonly PromptSet[], minIou: number): Promise<TensorLike[]> {
    const feeds = { ...promptFeeds(sets, image), ...view.part, drawn_cells: view.drawn };
    return this.sessions.prompt.run({ ...feeds, min_iou: threshold(minIou) }, ANSWER);
  }

  #refine(embedding: Embedding, sets: readonly PromptSet[]): Promise<TensorLike[]> {
    const masks = new Float32Array(sets.length * LOW_RES_LENGTH);
    sets.forEach(({ maskLogits }, slot) => masks.set(maskLogits!, slot * LOW_RES_LENGTH));
    const feeds = {
      ...promptFeeds(sets, embedding.image),
      mask_input: { data: masks, dims: [sets.length, 1, LOW_RES_SIDE, LOW_RES_SIDE] },
      image_embeddings: tensorOf(embedding),
      min_iou: threshold(NO_THRESHOLD),
    };
    return this.sessions.refine.run(feeds, ANSWER);
  }

  async #viewsOf(embedding: Embedding): Promise<ImageViews> {
    const known = this.#views.get(embedding);
    if (known) return known;
    const outputs = await this.sessions.image.run({ image_embeddings: tensorOf(embedding) }, IMAGE_PART);
    const part = Object.fromEntries(IMAGE_PART.map((name, i) => [name, outputs[i]!])) as unknown as ImagePart;
    const views = new ImageViews(part, embedding.image);
    this.#views.set(embedding, views);
    return views;
  }
}

/** Sets that fit one tensor: the same number of points, and all or none with a mask. Values are indices. */
function groupAlike(promptSets: readonly PromptSet[]): number[][] {
  const groups = new Map<string, number[]>();
  promptSets.forEach((set, index) => {
    const key = `${tokenCount(set)} ${set.maskLogits !== undefined}`;
    const group = groups.get(key);
    if (group) group.push(index);
    else groups.set(key, [index]);
  });
  return [...groups.values()];
}

/** A box is two tokens; without one, a token of padding takes its place. */
function tokenCount(set: PromptSet): number {
  return set.points.length + (set.box ? 2 : 1);
}

function promptFeeds(sets: readonly PromptSet[], image: Size): Record<string, TensorLike> {
  const count = sets.length;
  const tokens = tokenCount(sets[0]!);
  const coordinates = new Float32Array(count * tokens * 2);
  const labels = new Float32Array(count * tokens * PROMPT_LABELS.length);
  let token = 0;
  const write = ([x, y]: Point, label: PromptLabel) => {
    coordinates[token * 2] = x / MODEL_SIDE;
    coordinates[token * 2 + 1] = y / MODEL_SIDE;
    labels[token * PROMPT_LABELS.length + PROMPT_LABELS.indexOf(label)] = 1;
    token++;
  };
  for (const { points, box } of sets) {
    for (const { point, inside } of points) write(toModelSpace(point, image), inside ? 'inside' : 'outside');
    if (box) {
      write(toModelSpace([box[0], box[1]], image), 'boxTopLeft');
      write(toModelSpace([box[2], box[3]], image), 'boxBottomRight');
    } else {
      write([0, 0], 'padding');
    }
  }
  return {
    coordinates: { data: coordinates, dims: [count, tokens, 2] },
    labels: { data: labels, dims: [count, tokens, PROMPT_LABELS.length] },
  };
}

function tensorOf(embedding: Embedding): TensorLike {
  return { data: embedding.data, dims: EMBEDDING_DIMS };
}

function threshold(minIou: number): TensorLike {
  return { data: Float32Array.of(minIou), dims: [1] };
}

/** The four masks of one drawn prompt set, as drawn. */
function answerOf({ data, dims }: TensorLike, slot: number): Float32Array {
  const length = MASKS_PER_PROMPT * dims[2]!;
  return data.subarray(slot * length, (slot + 1) * length);
}

function scoresOf({ data }: TensorLike, slot: number): Float32Array {
  return data.slice(slot * MASKS_PER_PROMPT, (slot + 1) * MASKS_PER_PROMPT);
}
