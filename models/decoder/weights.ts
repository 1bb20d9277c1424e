/** Reads the trained numbers out of an exported SAM decoder, by the names its modules had when it was exported. */
import { CodedError } from '../../protocol/errors.js';
import { decodeModel, decodeTensor } from '../onnx-proto.js';
import type { Graph, Tensor } from '../onnx-proto.js';

/** How ONNX calls 32-bit floats. */
const FLOAT = 1;

/** A constant of the network. */
export interface Weight {
  readonly dims: readonly number[];
  /** Row-major. */
  readonly data: Float32Array;
}

/** A linear layer: y = x · weight + bias. */
export interface Linear {
  /** inputs × outputs. */
  readonly weight: Weight;
  readonly bias: Weight;
}

export class DecoderWeights {
  readonly graph: Graph;
  readonly #initializers: ReadonlyMap<string, Tensor>;

  /** @throws CodedError MODEL_GRAPH when the file is not ONNX. */
  constructor(exported: Uint8Array) {
    try {
      this.graph = decodeModel(exported).graph;
      this.#initializers = new Map(
        (this.graph.initializer ?? []).map(decodeTensor).map((tensor) => [tensor.name, tensor]),
      );
    } catch (cause) {
      throw graphError('The decoder file is not an ONNX model.', cause);
    }
  }

  has(name: string): boolean {
    return this.#initializers.has(name);
  }

  /** @throws CodedError MODEL_GRAPH when there is none of this name, or not as 32-bit floats. */
  named(name: string): Weight {
    const tensor = this.#initializers.get(name);
    if (!tensor) throw graphError(`The decoder has no weight named ${name}.`);
    return toWeight(tensor);
  }

  /** The one weight of this shape; exporters give constants that they folded a number for a name. */
  shaped(...dims: number[]): Weight {
    const found = [...this.#initializers.values()].filter((tensor) => tensor.dims.join() === dims.join());
    if (found.length !== 1)
      throw graphError(`The decoder has ${found.length} weights of shape ${dims.join('×')}.`);
    return toWeight(found[0]!);
  }

  /** @param path Module path as nodes have it, such as `/transformer/layers.0/mlp/lin1`. */
  linear(path: string): Linear {
    const weight = this.named(this.#operand(`${path}/MatMul`));
    return { weight, bias: this.named(`mask_decoder${path.replaceAll('/', '.')}.bias`) };
  }

  /** Scale and shift of a normalisation that was exported as single steps, with this path. */
  decomposedNorm(path: string): { readonly scale: Weight; readonly shift: Weight } {
    return {
      scale: this.named(this.#operand(`${path}/Mul`)),
      shift: this.named(this.#operand(`${path}/Add_1`)),
    };
  }

  /** The constant among a node's inputs. */
  #operand(nodeName: string): string {
    const node = this.graph.node.find(({ name }) => name === nodeName);
    const operand = node?.input.find((input) => this.#initializers.has(input));
    if (operand === undefined) throw graphError(`The decoder has no layer ${nodeName}.`);
    return operand;
  }
}

function toWeight({ name, dims, dataType, rawData }: Tensor): Weight {
  const numbers = dims.map(Number);
  const bytes = numbers.reduce((product, dim) => product * dim, Float32Array.BYTES_PER_ELEMENT);
  if (dataType !== FLOAT || rawData.length !== bytes)
    throw graphError(`The decoder’s weight ${name} does not hold the 32-bit floats of its shape.`);
  // A copy of its own, since the bytes need not be aligned within the file.
  return { dims: numbers, data: new Float32Array(new Uint8Array(rawData).buffer) };
}

function graphError(message: string, cause?: unknown): CodedError {
  return new CodedError(
    'MODEL_GRAPH',
    message,
    'Use a decoder that Segment Anything’s own script has exported, and take care not to swap it with the encoder.',
    { cause },
  );
}
