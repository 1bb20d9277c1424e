/** ONNX files small enough to read in a test, written field by field so that they can hold what no exporter writes. */
import protobuf from 'protobufjs/light.js';

export type Field = readonly [number, number | string | Uint8Array];

/** A message of these fields; numbers are varints, all else is length-delimited. */
export function message(...fields: readonly Field[]): Uint8Array {
  const writer = protobuf.Writer.create();
  for (const [field, value] of fields) {
    if (typeof value === 'number') writer.uint32(field << 3).int64(value);
    else if (typeof value === 'string') writer.uint32((field << 3) | 2).string(value);
    else writer.uint32((field << 3) | 2).bytes(value);
  }
  return writer.finish();
}

const FLOAT = 1;

function valueInfo(name: string, dims: readonly number[]): Uint8Array {
  const shape = message(...dims.map((dim): Field => [1, message([1, dim])]));
  return message([1, name], [2, message([1, message([1, FLOAT], [2, shape])])]);
}

export function tensor(name: string, dims: readonly number[], ...more: readonly Field[]): Uint8Array {
  return message(...dims.map((dim): Field => [1, dim]), [2, FLOAT], [8, name], ...more);
}

export function floats(values: readonly number[]): Field {
  return [9, new Uint8Array(new Float32Array(values).buffer)];
}

/** Weights that lie in another file. */
export function external(location: string): Field[] {
  return [
    [13, message([1, 'location'], [2, location])],
    [14, 1],
  ];
}

export interface TinyParts {
  /** Further fields of the model, the graph, the node. */
  readonly model?: readonly Field[];
  readonly graph?: readonly Field[];
  readonly node?: readonly Field[];
  readonly operator?: string;
  readonly weight?: Uint8Array;
}

/** y = x + w, of four numbers. */
export function tinyModel({ model = [], graph = [], node = [], operator = 'Add', weight }: TinyParts = {}) {
  const add = message([1, 'x'], [1, 'w'], [2, 'y'], [4, operator], ...node);
  const four = weight ?? tensor('w', [4], floats([1, 2, 3, 4]));
  const body = message(
    ...([
      [1, add],
      [2, 'tiny'],
      [5, four],
    ] as const),
    ...([
      [11, valueInfo('x', [4])],
      [12, valueInfo('y', [4])],
    ] as const),
    ...graph,
  );
  return message([1, 8], [7, body], [8, message([2, 17])], ...model);
}

const CHANNELS = 256;
const CELLS = 64;
const SHADES = Array.from({ length: CHANNELS * 3 }, (_, i) => Math.sin(i) / 10);

/** An encoder that means nothing, and answers at once: each of its channels is a shade of the image made small. */
export function tinyEncoder(weights = floats(SHADES)): Uint8Array {
  const pool = message(
    ...([
      [1, 'input'],
      [2, 'small'],
      [4, 'AveragePool'],
    ] as const),
    ...['kernel_shape', 'strides'].map((name): Field => [5, message([1, name], [8, 16], [8, 16], [20, 7])]),
  );
  const conv = message([1, 'small'], [1, 'w'], [2, 'output'], [4, 'Conv']);
  const body = message(
    ...([
      [1, pool],
      [1, conv],
      [2, 'encoder'],
    ] as const),
    [5, tensor('w', [CHANNELS, 3, 1, 1], weights)],
    [11, valueInfo('input', [1, 3, 16 * CELLS, 16 * CELLS])],
    [12, valueInfo('output', [1, CHANNELS, CELLS, CELLS])],
  );
  return message([1, 8], [7, body], [8, message([2, 17])]);
}
