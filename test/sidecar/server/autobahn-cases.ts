/**
 * The cases of the Autobahn test suite that apply to a server without compression, as frames to send and what has to
 * come back. Where the suite wants an echo, a request is sent whose answer names what it carried.
 *
 * @source crossbario/autobahn-testsuite (Apache-2.0), the cases' descriptions; the UTF-8 ones from Markus Kuhn's
 * UTF-8-test.txt. Written anew.
 */
import { encodeContent } from '../../../protocol/codec.js';
import { closePayload, encodeFrame, OPCODE } from '../../support/raw-socket.js';
import type { Frame } from '../../support/raw-socket.js';
import { INVALID_UTF8, VALID_UTF8 } from './utf8-sequences.js';

export interface WireCase {
  readonly id: string;
  readonly frames: readonly Frame[];
  /** Bytes to a write; left out, all go in one. */
  readonly chop?: number | 'frame';
  /** What the answers contain, one text each. */
  readonly answers: readonly string[];
  /** The connection ends before what was sent earlier in the same write need be answered. */
  readonly mayLackAnswers?: boolean;
  readonly pongs: readonly string[];
  /** Codes that the server may close with. When 1000 alone, the client asks for it after the last answer. */
  readonly close: readonly number[];
  /** The case itself sends the close frame. */
  readonly closes?: boolean;
}

const { CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG } = OPCODE;
const PROTOCOL_ERROR = [1002];
const BYTEWISE = 1;

/** A request for a method that does not exist: the answer names it. */
function request(method: string, length = 0): Buffer {
  const bare = `{"jsonrpc":"2.0","id":1,"method":"${method}","params":{"pad":""}}`;
  return Buffer.from(bare.replace('""', `"${'*'.repeat(Math.max(0, length - Buffer.byteLength(bare)))}"`));
}

function binaryRequest(method: string, length = 0): Uint8Array {
  const encode = (padding: number) =>
    encodeContent({ jsonrpc: '2.0', id: 1, method, params: { pad: new Uint8Array(padding) } }, 'msgpack');
  // The padding's own head grows with it.
  let padding = Math.max(0, length - encode(0).length);
  while (padding > 0 && encode(padding).length > length) padding--;
  return encode(padding) as Uint8Array;
}

function made(id: string, frames: readonly Frame[], rest: Partial<WireCase> = {}): WireCase {
  return { id, frames, answers: [], pongs: [], close: [1000], ...rest };
}

/** A message in fragments of so many bytes, or cut in two. */
function inFragments(
  payload: Uint8Array,
  opcode: number = TEXT,
  size = Math.ceil(payload.length / 2),
): Frame[] {
  const count = Math.ceil(payload.length / size);
  return Array.from({ length: count }, (_, i) => ({
    opcode: i === 0 ? opcode : CONTINUATION,
    fin: i === count - 1,
    payload: payload.subarray(i * size, (i + 1) * size),
  }));
}

/** 1: text and binary messages of sizes at which the length's form changes. */
function messages(): WireCase[] {
  const sizes = [0, 125, 126, 127, 128, 65_535, 65_536, 65_536];
  return sizes.flatMap((size, i) => {
    const chop = i === 7 ? { chop: 997 } : {};
    const name = `size ${size}`;
    const text = size === 0 ? '' : request(name, size);
    const binary = size === 0 ? '' : binaryRequest(name, size);
    const answers = [size === 0 ? 'PARSE' : name];
    return [
      made(`1.1.${i + 1}`, [{ opcode: TEXT, payload: text }], { answers, ...chop }),
      made(`1.2.${i + 1}`, [{ opcode: BINARY, payload: binary }], { answers, ...chop }),
    ];
  });
}

/** 2: pings and pongs. */
function pings(): WireCase[] {
  const long = 'p'.repeat(125);
  const ping = (payload: string | Uint8Array): Frame => ({ opcode: PING, payload });
  const pong = (payload: string): Frame => ({ opcode: PONG, payload });
  const ten = Array.from({ length: 10 }, (_, i) => `ping ${i}`);
  return [
    made('2.1', [ping('')], { pongs: [''] }),
    made('2.2', [ping('Hello')], { pongs: ['Hello'] }),
    made('2.3', [ping(Uint8Array.of(0, 0xff, 0xfe, 0xfd))], { pongs: ['\0\u00ff\u00fe\u00fd'] }),
    made('2.4', [ping(long)], { pongs: [long] }),
    made('2.5', [ping(`${long}p`)], { close: PROTOCOL_ERROR }),
    made('2.6', [ping(long)], { pongs: [long], chop: BYTEWISE }),
    made('2.7', [pong('')]),
    made('2.8', [pong('unasked')]),
    made('2.9', [pong('unasked'), ping('asked')], { pongs: ['asked'] }),
    made('2.10', ten.map(ping), { pongs: ten }),
    made('2.11', ten.map(ping), { pongs: ten, chop: BYTEWISE }),
  ];
}

/** 3 and 4: reserved bits and opcodes, alone or after a good message. */
function reserved(): WireCase[] {
  const good = { opcode: TEXT, payload: request('good') };
  const after = { answers: ['good'], mayLackAnswers: true, close: PROTOCOL_ERROR };
  const failed = { close: PROTOCOL_ERROR };
  const ping = { opcode: PING };
  const bits = [
    made('3.1', [{ ...good, rsv: 1 }], failed),
    made('3.2', [good, { ...good, rsv: 2 }, ping], after),
    made('3.3', [good, { ...good, rsv: 3 }, ping], { ...after, chop: 'frame' }),
    made('3.4', [good, { ...good, rsv: 4 }, ping], { ...after, chop: BYTEWISE }),
    made('3.5', [{ opcode: BINARY, payload: 'x', rsv: 5 }], failed),
    made('3.6', [{ opcode: PING, payload: 'x', rsv: 6 }], failed),
    made('3.7', [{ opcode: CLOSE, rsv: 7 }], failed),
  ];
  const opcodes = [3, 11].flatMap((first, kind) => [
    made(`4.${kind + 1}.1`, [{ opcode: first }], failed),
    made(`4.${kind + 1}.2`, [{ opcode: first + 1, payload: 'reserved' }], failed),
    made(`4.${kind + 1}.3`, [good, { opcode: first + 2 }, ping], after),
    made(`4.${kind + 1}.4`, [good, { opcode: first + 3, payload: 'x' }, ping], { ...after, chop: 'frame' }),
    made(`4.${kind + 1}.5`, [good, { opcode: first + 4, payload: 'x' }, ping], { ...after, chop: BYTEWISE }),
  ]);
  return [...bits, ...opcodes];
}

/** 5: fragments, with control frames between, and continuations of nothing. */
function fragments(): WireCase[] {
  const failed = { close: PROTOCOL_ERROR };
  const whole = { opcode: TEXT, payload: 'Hello, world!' };
  const [first, second] = inFragments(request('in two')) as [Frame, Frame];
  const ping = { opcode: PING, payload: 'between' };
  const stray = (fin: boolean): Frame => ({ opcode: CONTINUATION, fin, payload: 'continues nothing' });
  const ways = [{}, { chop: 'frame' }, { chop: BYTEWISE }] as const;
  const whole5 = inFragments(request('in five'), TEXT, 16);
  const pinged = [...whole5.slice(0, 2), ping, ...whole5.slice(2, 4), ping, ...whole5.slice(4)];
  const twice = (frames: readonly Frame[]) => [...frames, ...frames];
  return [
    made('5.1', [{ opcode: PING, fin: false, payload: 'a' }, { ...stray(true) }], failed),
    made('5.2', [{ opcode: PONG, fin: false, payload: 'a' }, { ...stray(true) }], failed),
    ...ways.map((way, i) => made(`5.${3 + i}`, [first, second], { ...way, answers: ['in two'] })),
    ...ways.map((way, i) =>
      made(`5.${6 + i}`, [first, ping, second], { ...way, answers: ['in two'], pongs: ['between'] }),
    ),
    ...ways.map((way, i) => made(`5.${9 + i}`, [stray(true), whole], { ...way, ...failed })),
    ...ways.map((way, i) => made(`5.${12 + i}`, [stray(false), whole], { ...way, ...failed })),
    made('5.15', [first, second, stray(false), whole], {
      ...{ answers: ['in two'], mayLackAnswers: true, ...failed },
    }),
    made('5.16', twice([stray(false), first, second]), failed),
    made('5.17', twice([stray(true), first, second]), failed),
    made('5.18', [first, { ...second, opcode: TEXT }], failed),
    made('5.19', pinged, { answers: ['in five'], pongs: ['between', 'between'] }),
    made('5.20', pinged, { chop: 'frame', answers: ['in five'], pongs: ['between', 'between'] }),
  ];
}

/** Text around bytes that make it a request, so that the answer says how they were read. */
function around(bytes: Uint8Array): Buffer {
  const [start, end] = request('\0').toString().split('\0') as [string, string];
  return Buffer.concat([Buffer.from(start), bytes, Buffer.from(end)]);
}

/** 6: text that is UTF-8, and text that is not. */
function utf8(): WireCase[] {
  const notUtf8 = { close: [1007] };
  const greek = Buffer.from('Hello-µ@ßöäüàá-UTF-8!!');
  const broken = Buffer.from('cebae1bdb9cf83cebcceb5eda080656469746564', 'hex');
  const surrogate = Buffer.from('cebae1bdb9cf83cebcceb5f4908080656469746564', 'hex');
  const halves = [
    { opcode: TEXT, fin: false, payload: surrogate.subarray(0, 12) },
    { opcode: CONTINUATION, fin: false, payload: surrogate.subarray(12, 13) },
    { opcode: CONTINUATION, payload: surrogate.subarray(13) },
  ];
  const empty = { opcode: CONTINUATION, payload: '' };
  const told = { answers: [greek.toString()] };
  const asked = around(greek);
  const fixed = [
    made('6.1.1', [{ opcode: TEXT, payload: '' }], { answers: ['PARSE'] }),
    made('6.1.2', [{ opcode: TEXT, fin: false }, { ...empty, fin: false }, empty], { answers: ['PARSE'] }),
    made(
      '6.1.3',
      [{ opcode: TEXT, fin: false }, { opcode: CONTINUATION, fin: false, payload: asked }, empty],
      told,
    ),
    made('6.2.1', [{ opcode: TEXT, payload: asked }], told),
    made('6.2.2', inFragments(asked), told),
    made('6.2.3', inFragments(asked, TEXT, 1), told),
    made('6.2.4', inFragments(around(VALID_UTF8[4]!), TEXT, 1), { answers: [VALID_UTF8[4]!.toString()] }),
    made('6.3.1', [{ opcode: TEXT, payload: broken }], notUtf8),
    made('6.3.2', inFragments(broken, TEXT, 1), notUtf8),
    made('6.4.1', halves, { ...notUtf8, chop: 'frame' }),
    made('6.4.2', halves, notUtf8),
    made('6.4.3', [{ opcode: TEXT, payload: surrogate }], { ...notUtf8, chop: 12 }),
    made('6.4.4', [{ opcode: TEXT, payload: surrogate }], { ...notUtf8, chop: BYTEWISE }),
  ];
  const good = VALID_UTF8.map((bytes, i) => {
    // JSON wants control characters escaped, so NUL is no request, though it is UTF-8.
    const answers = bytes[0] === 0 ? ['PARSE'] : [JSON.stringify(bytes.toString()).slice(1, -1)];
    return made(`6.5+ good ${i + 1}`, [{ opcode: TEXT, payload: around(bytes) }], { answers });
  });
  const bad = INVALID_UTF8.map((bytes, i) =>
    made(`6.5+ bad ${i + 1}`, [{ opcode: TEXT, payload: bytes }], notUtf8),
  );
  return [...fixed, ...good, ...bad];
}

/** 7: closing. */
function closing(): WireCase[] {
  const close = (payload: string | Uint8Array = closePayload(1000)): Frame => ({ opcode: CLOSE, payload });
  const good = { opcode: TEXT, payload: request('good') };
  const [first, second] = inFragments(request('in two')) as [Frame, Frame];
  const large = { opcode: TEXT, payload: request('large', 262_144) };
  const itself = { closes: true };
  const before = { ...itself, mayLackAnswers: true };
  const valid = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999];
  const invalid = [0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999];
  return [
    made('7.1.1', [good, close()], { ...before, answers: ['good'] }),
    made('7.1.2', [close(), close()], itself),
    made('7.1.3', [close(), { opcode: PING }], itself),
    made('7.1.4', [close(), good], itself),
    made('7.1.5', [first, close(), second], itself),
    made('7.1.6', [large, close(), { opcode: PING }], { ...before, answers: ['large'] }),
    made('7.3.1', [close('')], { ...itself, close: [1000, 1005] }),
    made('7.3.2', [close('a')], { ...itself, close: PROTOCOL_ERROR }),
    made('7.3.3', [close()], itself),
    made('7.3.4', [close(closePayload(1000, 'done'))], itself),
    made('7.3.5', [close(closePayload(1000, '*'.repeat(123)))], itself),
    made('7.3.6', [close(closePayload(1000, '*'.repeat(124)))], { ...itself, close: PROTOCOL_ERROR }),
    made('7.5.1', [close(closePayload(1000, INVALID_UTF8[0]!))], { ...itself, close: [1002, 1007] }),
    ...valid.map((code, i) =>
      made(`7.7.${i + 1}`, [close(closePayload(code))], { ...itself, close: [1000, code] }),
    ),
    ...invalid.map((code, i) =>
      made(`7.9.${i + 1}`, [close(closePayload(code))], { ...itself, close: PROTOCOL_ERROR }),
    ),
    ...[5000, 65_535].map((code, i) =>
      made(`7.13.${i + 1}`, [close(closePayload(code))], { ...itself, close: [1000, code, 1002] }),
    ),
  ];
}

/** 10: a message in many fragments. */
function autoFragmented(): WireCase[] {
  return [made('10.1.1', inFragments(request('in 51', 65_536), TEXT, 1_300), { answers: ['in 51'] })];
}

/** Sections 1 to 7 and 10. */
export function autobahnCases(): WireCase[] {
  return [
    ...messages(),
    ...pings(),
    ...reserved(),
    ...fragments(),
    ...utf8(),
    ...closing(),
    ...autoFragmented(),
  ];
}

const KIB = 1024;
const MIB = KIB * KIB;

/** Section 9: large messages, whole, in fragments, in small writes, and many in a row. */
export function autobahnLoads(maxFragments: number): WireCase[] {
  const kinds = [
    { opcode: TEXT, ask: request },
    { opcode: BINARY, ask: binaryRequest },
  ] as const;
  const whole = [64 * KIB, 256 * KIB, MIB, 4 * MIB, 8 * MIB, 16 * MIB];
  const pieces = [64, 256, KIB, 4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, MIB, 4 * MIB];
  const chops = [64, 128, 256, 512, KIB, 2 * KIB];
  const rounds = [0, 16, 64, 256, KIB, 4 * KIB];
  return kinds.flatMap(({ opcode, ask }, kind) => [
    ...whole.map((size, i) =>
      made(`9.${1 + kind}.${i + 1}`, [{ opcode, payload: ask('whole', size) }], { answers: ['whole'] }),
    ),
    ...pieces.map((size, i) =>
      made(
        `9.${3 + kind}.${i + 1}`,
        inFragments(Buffer.from(ask('pieces', 4 * MIB)), opcode, size),
        (4 * MIB) / size > maxFragments ? { close: [1008] } : { answers: ['pieces'] },
      ),
    ),
    ...chops.map((chop, i) =>
      made(`9.${5 + kind}.${i + 1}`, [{ opcode, payload: ask('chops', MIB) }], { answers: ['chops'], chop }),
    ),
    ...rounds.map((size, i) =>
      made(
        `9.${7 + kind}.${i + 1}`,
        Array.from({ length: 1_000 }, () => ({ opcode, payload: size === 0 ? '' : ask('round', size) })),
        { answers: Array<string>(1_000).fill(size === 0 ? 'PARSE' : '"error"'), chop: 'frame' },
      ),
    ),
  ]);
}

/** The bytes of a case, in the writes that it wants. */
export function writesOf({ frames, chop }: WireCase): Buffer[] {
  const encoded = frames.map(encodeFrame);
  return chop === 'frame' ? encoded : [Buffer.concat(encoded)];
}
