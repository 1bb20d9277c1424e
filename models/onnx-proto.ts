/**
 * The part of the ONNX file format that rewiring touches, as protobufjs types.
 *
 * Whatever is left alone (weights, attributes, metadata) is declared as opaque bytes under its own field number,
 * so it goes through decoding and encoding untouched and uncopied.
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
}

export interface Graph {
  node: Node[];
  input: ValueInfo[];
  output: ValueInfo[];
}

export interface Model {
  graph: Graph;
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

/** @throws When the bytes are not a protobuf message of this shape. */
export function decodeModel(bytes: Uint8Array): Model {
  return modelType.decode(bytes) as unknown as Model;
}

export function encodeModel(model: Model): Uint8Array {
  return modelType.encode(model as object).finish();
}
