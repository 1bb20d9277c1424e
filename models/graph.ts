/**
 * Rewires an exported SAM decoder without touching a weight.
 *
 * The usual export answers one prompt set with one mask, upsampled to the source image inside the graph. We want
 * any number of prompt sets at once and all four masks as the 256×256 logits the network itself ends with:
 * upsampling is then nobody's cost, since outlines are traced from the logits.
 */
import { CodedError } from '../protocol/errors.js';
import { decodeModel, encodeModel } from './onnx-proto.js';
import type { Dimension, Graph, Node, ValueInfo } from './onnx-proto.js';

/** Names inside one decoder export; they differ between exports. */
export interface DecoderTensors {
  /** n×4×256×256 logits before anything is chosen or upsampled. */
  readonly logits: string;
  /** n×4 predicted IoUs. */
  readonly predictedIou: string;
}

/** Inputs whose first dimension becomes the number of prompt sets. */
const BATCHED_INPUTS = ['point_coords', 'point_labels', 'mask_input'];

/** Raised when rewiring changes its result, so that cached graphs are rebuilt. */
export const REWIRING_VERSION = 1;

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
  graph.node = neededNodes(graph);
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

/** Nodes that lead to an output, in their old order: ONNX wants them sorted and they were. */
function neededNodes(graph: Graph): Node[] {
  const producers = new Map<string, Node>();
  for (const node of graph.node) for (const name of node.output) producers.set(name, node);
  const needed = new Set<Node>();
  const wanted = graph.output.map((output) => output.name);
  for (const name of wanted) {
    if (!producers.has(name)) throw graphError(`The decoder has no tensor named ${name}.`);
  }
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    const node = producers.get(name);
    if (!node || needed.has(node)) continue;
    needed.add(node);
    wanted.push(...node.input);
  }
  return graph.node.filter((node) => needed.has(node));
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
