/** The SAM family: tensor names, prompt labels and half pixels of its encoder and its rewired decoder. */
import { throwIfCancelled } from '../../protocol/errors.js';
import type {
  DecodedMasks,
  Embedding,
  LabelledPoint,
  PromptSet,
  RgbImage,
  RunOptions,
  SegmentationModel,
} from '../adapter.js';
import type { DecoderTensors } from '../graph.js';
import type { Box, Point, Size } from '../../protocol/geometry.js';
import { LOW_RES_SIDE, MODEL_SIDE, toModelSpace } from '../coordinates.js';
import { preprocessImage } from '../preprocess.js';
import type { Session, TensorLike } from '../session.js';

const MASKS_PER_PROMPT = 4;
const LOW_RES_LENGTH = LOW_RES_SIDE * LOW_RES_SIDE;
const EMBEDDING_DIMS = [1, 256, 64, 64];

/** Labels of the prompt encoder. Padding stands in for the box when there is none. */
const LABEL = { outside: 0, inside: 1, boxTopLeft: 2, boxBottomRight: 3, padding: -1 } as const;

/** The network adds half a pixel to what it takes for pixel indices; our coordinates are continuous already. */
const INDEX_OFFSET = -0.5;

export interface SamModelParts {
  readonly id: string;
  readonly fingerprint: string;
  readonly encoder: Session;
  readonly decoder: Session;
  readonly tensors: DecoderTensors;
}

/** A SAM-family model from its two loaded graphs; the decoder is a rewired one (see graph.ts). */
export function createSamModel(parts: SamModelParts): SegmentationModel {
  const { id, fingerprint, encoder, decoder, tensors } = parts;
  return {
    id,
    fingerprint,
    device: encoder.device,
    encode: (image, options) => encodeImage(encoder, image, options),
    decode: (embedding, promptSets, options) =>
      decodePrompts(decoder, tensors, embedding, promptSets, options),
    async dispose() {
      await Promise.all([encoder.dispose(), decoder.dispose()]);
    },
  };
}

async function encodeImage(
  encoder: Session,
  image: RgbImage,
  { signal }: RunOptions = {},
): Promise<Embedding> {
  throwIfCancelled(signal);
  const input = { data: preprocessImage(image), dims: [1, 3, MODEL_SIDE, MODEL_SIDE] };
  const [output] = await encoder.run({ input }, ['output']);
  throwIfCancelled(signal);
  return { data: output!.data, image: { width: image.width, height: image.height } };
}

async function decodePrompts(
  decoder: Session,
  tensors: DecoderTensors,
  embedding: Embedding,
  promptSets: readonly PromptSet[],
  { signal }: RunOptions = {},
): Promise<DecodedMasks[]> {
  const answers = new Array<DecodedMasks>(promptSets.length);
  for (const group of groupAlike(promptSets)) {
    throwIfCancelled(signal);
    const feeds = decoderFeeds(
      embedding,
      group.map((index) => promptSets[index]!),
    );
    const [logits, scores] = await decoder.run(feeds, [tensors.logits, tensors.predictedIou]);
    group.forEach((index, slot) => {
      answers[index] = {
        logits: slice(logits!, slot, MASKS_PER_PROMPT * LOW_RES_LENGTH),
        predictedIou: slice(scores!, slot, MASKS_PER_PROMPT),
      };
    });
  }
  throwIfCancelled(signal);
  return answers;
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

function tokenCount(set: PromptSet): number {
  return set.points.length + (set.box ? 2 : 1);
}

function decoderFeeds(embedding: Embedding, sets: readonly PromptSet[]): Record<string, TensorLike> {
  const count = sets.length;
  const tokens = tokenCount(sets[0]!);
  const coordinates = new Float32Array(count * tokens * 2);
  const labels = new Float32Array(count * tokens);
  const masks = new Float32Array(count * LOW_RES_LENGTH);
  sets.forEach((set, slot) => {
    writePrompts(set, embedding.image, coordinates, labels, slot * tokens);
    if (set.maskLogits) masks.set(set.maskLogits, slot * LOW_RES_LENGTH);
  });
  return {
    image_embeddings: { data: embedding.data, dims: EMBEDDING_DIMS },
    point_coords: { data: coordinates, dims: [count, tokens, 2] },
    point_labels: { data: labels, dims: [count, tokens] },
    mask_input: { data: masks, dims: [count, 1, LOW_RES_SIDE, LOW_RES_SIDE] },
    has_mask_input: { data: Float32Array.of(sets[0]!.maskLogits ? 1 : 0), dims: [1] },
  };
}

function writePrompts(
  set: PromptSet,
  image: Size,
  coordinates: Float32Array,
  labels: Float32Array,
  start: number,
): void {
  let slot = start;
  const write = (point: Point, label: number) => {
    const [x, y] = toModelSpace(point, image);
    coordinates[slot * 2] = x + INDEX_OFFSET;
    coordinates[slot * 2 + 1] = y + INDEX_OFFSET;
    labels[slot++] = label;
  };
  for (const { point, inside } of set.points as readonly LabelledPoint[]) {
    write(point, inside ? LABEL.inside : LABEL.outside);
  }
  if (set.box) writeBox(set.box, write);
  else labels[slot] = LABEL.padding;
}

function writeBox([x0, y0, x1, y1]: Box, write: (point: Point, label: number) => void): void {
  write([x0, y0], LABEL.boxTopLeft);
  write([x1, y1], LABEL.boxBottomRight);
}

function slice(tensor: TensorLike, slot: number, length: number): Float32Array {
  return tensor.data.slice(slot * length, (slot + 1) * length);
}
