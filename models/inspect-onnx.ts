/**
 * What a model's file may hold before the runtime gets to see it: one plain graph, its weights in itself.
 *
 * Walks the file's fields itself, since libraries disagree about fields that come twice, and what this one saw has to be
 * what the runtime sees.
 *
 * @source onnx.proto3 of the ONNX specification, field numbers only.
 */
import protobuf from 'protobufjs/light.js';
import { CodedError } from '../protocol/errors.js';

/** What is done with a field: its message is walked, or it is looked at, or it is left alone when it isn't named. */
interface Message {
  readonly [field: number]: Message | Look;
}
type Look = (reader: protobuf.Reader, wireType: number) => void;

/** What a file has that it should not, as what it does. */
class Unwanted extends Error {}

const PLAIN_HINT =
  'Export it as one ONNX file of the standard’s own operators, weights included, without loops or branches.';
const WHOLE_HINT = 'Download it again: it is cut short, a pointer to the real file, or something else.';

const VARINT = 0;
const LENGTH_DELIMITED = 2;
/** The only wire types of ONNX; groups are of an older format, and nest without end. */
const WIRE_TYPES = [VARINT, 1, LENGTH_DELIMITED, 5];

/** Of onnxruntime's own format, whose files it knows by this mark whatever they are called. */
const OTHER_FORMAT = { at: 4, mark: [...'ORTM'].map((letter) => letter.charCodeAt(0)) };

/** The standard's own operators. The runtime's further ones read files, too. */
const DOMAINS = ['', 'ai.onnx'];

const refuse =
  (what: string): Look =>
  () => {
    throw new Unwanted(what);
  };

const unlessDefault: Look = (reader, wireType) => {
  expectWireType(wireType, VARINT);
  if (reader.uint32() !== 0) throw new Unwanted('keeps weights in other files');
};

const refuseUnless =
  (isAllowed: (text: string) => boolean, what: string): Look =>
  (reader, wireType) => {
    expectWireType(wireType, LENGTH_DELIMITED);
    if (!isAllowed(reader.string())) throw new Unwanted(what);
  };

const TENSOR: Message = { 13: refuse('keeps weights in other files'), 14: unlessDefault };
const SPARSE_TENSOR: Message = { 1: TENSOR, 2: TENSOR };
const ATTRIBUTE: Message = {
  5: TENSOR,
  6: refuse('holds graphs within its graph'),
  10: TENSOR,
  11: refuse('holds graphs within its graph'),
  22: SPARSE_TENSOR,
  23: SPARSE_TENSOR,
};
const NODE: Message = {
  5: ATTRIBUTE,
  7: refuseUnless((domain) => DOMAINS.includes(domain), 'uses operators that are not the standard’s own'),
};
const GRAPH: Message = { 1: NODE, 5: TENSOR, 15: SPARSE_TENSOR };
const MODEL: Message = {
  7: GRAPH,
  20: refuse('holds graphs to train it with'),
  25: refuse('brings functions of its own'),
};

/**
 * Loops and branches count as graphs within the graph. Without them no run is endless; how large a tensor gets may still
 * depend on values, as exporters have it.
 *
 * @param name What the file is called.
 * @throws CodedError MODEL_REFUSED when the file is no ONNX model, or holds more than a plain graph.
 */
export function inspectOnnx(bytes: Uint8Array, name: string): void {
  try {
    inspect(bytes);
  } catch (error) {
    if (error instanceof Unwanted) throw refused(`${name} ${error.message}.`, PLAIN_HINT);
    throw refused(`${name} is not an ONNX model.`, WHOLE_HINT, error);
  }
}

function inspect(bytes: Uint8Array): void {
  const { at, mark } = OTHER_FORMAT;
  if (mark.every((byte, i) => bytes[at + i] === byte)) throw new Unwanted('is of another format');
  walk(protobuf.Reader.create(bytes), bytes.length, MODEL);
}

function walk(reader: protobuf.Reader, end: number, message: Message): void {
  while (reader.pos < end) {
    const tag = reader.uint32();
    const wireType = tag & 7;
    if (!WIRE_TYPES.includes(wireType)) throw new RangeError(`A field has the wire type ${wireType}.`);
    const known = message[tag >>> 3];
    if (known === undefined) reader.skipType(wireType);
    else if (typeof known === 'function') known(reader, wireType);
    else {
      expectWireType(wireType, LENGTH_DELIMITED);
      const length = reader.uint32();
      if (length > end - reader.pos) throw new RangeError('A message is longer than what holds it.');
      walk(reader, reader.pos + length, known);
    }
  }
  if (reader.pos !== end) throw new RangeError('A field is longer than what holds it.');
}

function expectWireType(found: number, wanted: number): void {
  if (found !== wanted) throw new RangeError(`A field has the wire type ${found}, not ${wanted}.`);
}

function refused(message: string, hint: string, cause?: unknown): CodedError {
  return new CodedError('MODEL_REFUSED', message, hint, { cause });
}
