/** Writes an ONNX graph node by node. Every method returns the name of the tensor it makes. */
import { encodeAttribute, encodeModel, encodeOperatorSet, encodeTensor } from '../onnx-proto.js';
import type { Attribute, Node, ValueInfo } from '../onnx-proto.js';
import type { DecoderWeights, Linear, Weight } from './weights.js';

const FLOAT32 = 1;
const INT64 = 7;
const ATTRIBUTE = { float: 1, int: 2, ints: 7 } as const;

/** Operators beyond ONNX's own that onnxruntime has kernels for on every device. */
const RUNTIME_DOMAIN = 'com.microsoft';
const OPSETS = [
  { domain: '', version: 17 },
  { domain: RUNTIME_DOMAIN, version: 1 },
];

/** Attribute values: a whole number is an int, so floats are marked. */
type AttributeValue = number | readonly number[] | { readonly float: number };

export interface NodeOptions {
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  /** Name of the result; one is made up when none is given. */
  readonly output?: string;
  readonly runtimeOperator?: boolean;
}

export class GraphBuilder {
  readonly #nodes: Node[] = [];
  readonly #initializers: Uint8Array[] = [];
  readonly #inputs: ValueInfo[] = [];
  readonly #outputs: ValueInfo[] = [];
  #names = 0;

  /** Declares an input. Dimensions that may vary are names. */
  input(name: string, ...dims: (number | string)[]): string {
    this.#inputs.push(valueInfo(name, dims));
    return name;
  }

  /** Declares that a tensor is an output. */
  output(name: string, ...dims: (number | string)[]): void {
    this.#outputs.push(valueInfo(name, dims));
  }

  node(opType: string, inputs: readonly string[], options: NodeOptions = {}): string {
    const output = options.output ?? this.#name();
    const domain = options.runtimeOperator ? RUNTIME_DOMAIN : '';
    const attribute = Object.entries(options.attributes ?? {})
      .map(toAttribute)
      .map(encodeAttribute);
    this.#nodes.push({
      opType,
      input: [...inputs],
      output: [output],
      name: `${output} ${opType}`,
      domain,
      attribute,
    });
    return output;
  }

  /** Takes over nodes of the export, with their names and the weights they read. */
  graft(nodes: readonly Node[], weights: DecoderWeights): void {
    this.#nodes.push(...nodes);
    const made = new Set(nodes.flatMap((node) => node.output));
    const read = new Set(nodes.flatMap((node) => node.input).filter((name) => !made.has(name)));
    for (const name of read) if (weights.has(name)) this.constant(weights.named(name), name);
  }

  constant({ dims, data }: Weight, name = this.#name()): string {
    const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.#initializers.push(encodeTensor({ name, dims: [...dims], dataType: FLOAT32, rawData }));
    return name;
  }

  /** Whole numbers: shapes, indices, axes. */
  int64s(...values: number[]): string {
    const name = this.#name();
    const rawData = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    this.#initializers.push(encodeTensor({ name, dims: [values.length], dataType: INT64, rawData }));
    return name;
  }

  /** Floats, which are all that sessions pass, as whole numbers. */
  wholeNumbers(input: string): string {
    return this.node('Cast', [input], { attributes: { to: INT64 } });
  }

  reshape(input: string, ...dims: number[]): string {
    return this.node('Reshape', [input, this.int64s(...dims)]);
  }

  transpose(input: string, ...perm: number[]): string {
    return this.node('Transpose', [input], { attributes: { perm } });
  }

  matMul(a: string, b: string): string {
    return this.node('MatMul', [a, b]);
  }

  add(a: string, b: string): string {
    return this.node('Add', [a, b]);
  }

  softmax(input: string): string {
    return this.node('Softmax', [input], { attributes: { axis: -1 } });
  }

  linear(input: string, { weight, bias }: Linear): string {
    return this.add(this.matMul(input, this.constant(weight)), this.constant(bias));
  }

  layerNorm(input: string, scale: Weight, shift: Weight, epsilon: number): string {
    return this.node('LayerNormalization', [input, this.constant(scale), this.constant(shift)], {
      attributes: { axis: -1, epsilon: { float: epsilon } },
    });
  }

  build(): Uint8Array {
    return encodeModel({
      irVersion: 8,
      opsetImport: OPSETS.map(encodeOperatorSet),
      graph: {
        name: 'decoder',
        node: this.#nodes,
        initializer: this.#initializers,
        input: this.#inputs,
        output: this.#outputs,
      },
    });
  }

  #name(): string {
    return `t${this.#names++}`;
  }
}

function valueInfo(name: string, dims: readonly (number | string)[]): ValueInfo {
  const dim = dims.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType: FLOAT32, shape: { dim } } } };
}

function toAttribute([name, value]: [string, AttributeValue]): Attribute {
  if (typeof value === 'number') return { name, i: value, type: ATTRIBUTE.int };
  if ('float' in value) return { name, f: value.float, type: ATTRIBUTE.float };
  return { name, ints: [...value], type: ATTRIBUTE.ints };
}
