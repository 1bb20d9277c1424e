/** Reads the trained numbers out of an exported SAM decoder, by the names its modules had when it was exported. */
import { CodedError } from '../../protocol/errors.js';
import { decodeModel, decodeTensor } from '../onnx-proto.js';
import type { Graph } from '../onnx-proto.js';

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
  readonly #initializers: ReadonlyMap<string, Weight>;

  /** @throws CodedError MODEL_GRAPH when the file is not ONNX. */
  constructor(exported: Uint8Array) {
    try {
      this.graph = decodeModel(exported).graph;
      this.#initializers = new Map((this.graph.initializer ?? []).map(readInitializer));
    } catch (cause) {
      throw graphError('The decoder file is not an ONNX model.', cause);
    }
  }

  has(name: string): boolean {
    return this.#initializers.has(name);
  }

  /** @throws CodedError MODEL_GRAPH when there is none of this name. */
  named(name: string): Weight {
    const weight = this.#initializers.get(name);
    if (!weight) throw graphError(`The decoder has no weight named ${name}.`);
    return weight;
  }

  /** The one weight of this shape; exporters give constants that they folded a number for a name. */
  shaped(...dims: number[]): Weight {
    const found = [...this.#initializers.values()].filter((weight) => weight.dims.join() === dims.join());
    if (found.length !== 1)
      throw graphError(`The decoder has ${found.length} weights of shape ${dims.join('×')}.`);
    return found[0]!;
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

function readInitializer(bytes: Uint8Array): [string, Weight] {
  const { name, dims, rawData } = decodeTensor(bytes);
  // A copy of its own, since the bytes need not be aligned within the file.
  return [name, { dims: dims.map(Number), data: new Float32Array(new Uint8Array(rawData).buffer) }];
}

function graphError(message: string, cause?: unknown): CodedError {
  return new CodedError('MODEL_GRAPH', message, 'Use a decoder exported by Segment Anything’s own script.', {
    cause,
  });
}
