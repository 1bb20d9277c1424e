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
} from '../adapter.js';
import type { Point, Size } from '../../protocol/geometry.js';
import { LOW_RES_SIDE, MODEL_SIDE, toModelSpace } from '../coordinates.js';
import { blockOrder, toRows } from '../decoder/block-order.js';
import { PROMPT_LABELS } from '../decoder/prompt-encoder.js';
import type { PromptLabel } from '../decoder/prompt-encoder.js';
import { preprocessImage, TENSOR_LENGTH } from '../preprocess.js';
import type { Session, TensorLike } from '../session.js';

const MASKS_PER_PROMPT = 4;
const LOW_RES_LENGTH = LOW_RES_SIDE * LOW_RES_SIDE;
const EMBEDDING_DIMS = [1, 256, 64, 64];
const IMAGE_PART = ['image_keys', 'image_values', 'image_queries', 'image_cells'];
/** Each takes 10 MiB; prompts mostly come for the image in front, or for one that is segmented behind it. */
const KEPT_IMAGE_PARTS = 2;
/** Lets every mask be drawn. */
const NO_THRESHOLD = Float32Array.of(-1e9);

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
  readonly #imageParts = new LRUCache<Embedding, Readonly<Record<string, TensorLike>>>(KEPT_IMAGE_PARTS);
  readonly #order = blockOrder();
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
      const [logits, scores] = await this.#run(embedding, sets);
      group.forEach((index, slot) => {
        answers[index] = {
          logits: toRows(slice(logits!, slot, MASKS_PER_PROMPT * LOW_RES_LENGTH), this.#order),
          predictedIou: slice(scores!, slot, MASKS_PER_PROMPT).slice(),
        };
      });
    }
    throwIfCancelled(signal);
    return answers;
  }

  async dispose(): Promise<void> {
    await Promise.all(Object.values(this.sessions).map((session: Session) => session.dispose()));
  }

  async #run(embedding: Embedding, sets: readonly PromptSet[]): Promise<TensorLike[]> {
    const { prompt, refine } = this.sessions;
    const feeds = { ...promptFeeds(sets, embedding.image), min_iou: { data: NO_THRESHOLD, dims: [1] } };
    const wanted = ['logits', 'predicted_iou'];
    if (!sets[0]!.maskLogits) return prompt.run({ ...feeds, ...(await this.#imagePart(embedding)) }, wanted);
    const masks = new Float32Array(sets.length * LOW_RES_LENGTH);
    sets.forEach(({ maskLogits }, slot) => masks.set(maskLogits!, slot * LOW_RES_LENGTH));
    const mask_input = { data: masks, dims: [sets.length, 1, LOW_RES_SIDE, LOW_RES_SIDE] };
    return refine.run({ ...feeds, mask_input, image_embeddings: tensorOf(embedding) }, wanted);
  }

  async #imagePart(embedding: Embedding): Promise<Readonly<Record<string, TensorLike>>> {
    const known = this.#imageParts.get(embedding);
    if (known) return known;
    const outputs = await this.sessions.image.run({ image_embeddings: tensorOf(embedding) }, IMAGE_PART);
    const part = Object.fromEntries(IMAGE_PART.map((name, i) => [name, outputs[i]!]));
    this.#imageParts.set(embedding, part);
    return part;
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

function slice({ data }: TensorLike, slot: number, length: number): Float32Array {
  return data.subarray(slot * length, (slot + 1) * length);
}
