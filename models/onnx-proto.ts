/**
 * The part of the ONNX file format that the decoder's graphs are read and written with, as protobufjs types.
 *
 * What a reader may leave alone (weights, attributes, operator sets) is declared as opaque bytes under its own field
 * number: it goes through decoding and encoding untouched and uncopied, and has a type of its own for when it matters.
 *
 * @source onnx.proto3 of the ONNX specification, field numbers only.
 */
import protobuf from 'protobufjs/light.js';

export interface Dimension {
  dimValue?: number;
  dimParam?: string;
}

export interface ValueInfo {
  name: string;
  type: { tensorType: { elemType: number; shape: { dim: Dimension[] } } };
}

export interface Node {
  input: string[];
  output: string[];
  name: string;
  opType: string;
  domain?: string;
  /** Encoded attributes. */
  attribute?: Uint8Array[];
}

export interface Graph {
  name?: string;
  node: Node[];
  /** Encoded tensors. */
  initializer?: Uint8Array[];
  input: ValueInfo[];
  output: ValueInfo[];
}

export interface Model {
  irVersion?: number;
  /** Encoded operator sets. */
  opsetImport?: Uint8Array[];
  graph: Graph;
}

export interface Tensor {
  name: string;
  dims: number[];
  dataType: number;
  /** Little-endian values, row-major. */
  rawData: Uint8Array;
}

export interface Attribute {
  name: string;
  type: number;
  f?: number;
  i?: number;
  ints?: number[];
}

export interface OperatorSet {
  domain: string;
  version: number;
}

const field = (id: number, type: string) => ({ id, type });
const repeated = (id: number, type: string) => ({ id, type, rule: 'repeated' });

const root = protobuf.Root.fromJSON({
  nested: {
    Model: {
      fields: {
        irVersion: field(1, 'int64'),
        producerName: field(2, 'string'),
        producerVersion: field(3, 'string'),
        domain: field(4, 'string'),
        modelVersion: field(5, 'int64'),
        docString: field(6, 'string'),
        graph: field(7, 'Graph'),
        opsetImport: repeated(8, 'bytes'),
        metadataProps: repeated(14, 'bytes'),
        functions: repeated(25, 'bytes'),
      },
    },
    Graph: {
      fields: {
        node: repeated(1, 'Node'),
        name: field(2, 'string'),
        initializer: repeated(5, 'bytes'),
        docString: field(10, 'string'),
        input: repeated(11, 'ValueInfo'),
        output: repeated(12, 'ValueInfo'),
        valueInfo: repeated(13, 'bytes'),
      },
    },
    Node: {
      fields: {
        input: repeated(1, 'string'),
        output: repeated(2, 'string'),
        name: field(3, 'string'),
        opType: field(4, 'string'),
        attribute: repeated(5, 'bytes'),
        docString: field(6, 'string'),
        domain: field(7, 'string'),
      },
    },
    Attribute: {
      fields: {
        name: field(1, 'string'),
        f: field(2, 'float'),
        i: field(3, 'int64'),
        ints: repeated(8, 'int64'),
        type: field(20, 'int32'),
      },
    },
    Tensor: {
      fields: {
        dims: repeated(1, 'int64'),
        dataType: field(2, 'int32'),
        name: field(8, 'string'),
        rawData: field(9, 'bytes'),
      },
    },
    OperatorSet: { fields: { domain: field(1, 'string'), version: field(2, 'int64') } },
    ValueInfo: { fields: { name: field(1, 'string'), type: field(2, 'Type') } },
    Type: { fields: { tensorType: field(1, 'TensorType') } },
    TensorType: { fields: { elemType: field(1, 'int32'), shape: field(2, 'Shape') } },
    Shape: { fields: { dim: repeated(1, 'Dimension') } },
    Dimension: {
      oneofs: { value: { oneof: ['dimValue', 'dimParam'] } },
      fields: { dimValue: field(1, 'int64'), dimParam: field(2, 'string') },
    },
  },
});

const modelType = root.lookupType('Model');
const tensorType = root.lookupType('Tensor');
const attributeType = root.lookupType('Attribute');
const operatorSetType = root.lookupType('OperatorSet');

/** @throws When the bytes are not a protobuf message of this shape. */
export function decodeModel(bytes: Uint8Array): Model {
  return modelType.decode(bytes) as unknown as Model;
}

export function encodeModel(model: Model): Uint8Array {
  return modelType.encode(model).finish();
}

/** @throws When the bytes are not a protobuf message of this shape. */
export function decodeTensor(bytes: Uint8Array): Tensor {
  return tensorType.decode(bytes) as unknown as Tensor;
}

export function encodeTensor(tensor: Tensor): Uint8Array {
  return tensorType.encode(tensor).finish();
}

export function encodeAttribute(attribute: Attribute): Uint8Array {
  return attributeType.encode(attribute).finish();
}

export function encodeOperatorSet(set: OperatorSet): Uint8Array {
  return operatorSetType.encode(set).finish();
}
