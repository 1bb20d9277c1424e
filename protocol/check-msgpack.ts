/** A look at a MessagePack message before it is decoded. */

import { checkStructure } from './message-limits.js';

/** Bytes of a value's head, and of the payload that follows it, where the first byte alone tells. */
const FIXED_LENGTHS: Readonly<Record<number, number>> = {
  ...{ 0xca: 5, 0xcb: 9, 0xcc: 2, 0xcd: 3, 0xce: 5, 0xcf: 9, 0xd0: 2, 0xd1: 3, 0xd2: 5, 0xd3: 9 },
  ...{ 0xd4: 3, 0xd5: 4, 0xd6: 6, 0xd7: 10, 0xd8: 18, 0xdc: 3, 0xdd: 5, 0xde: 3, 0xdf: 5 },
};

/**
 * Refuses a message that holds more values or nests deeper than any of ours. Decoders reserve an array's declared
 * length at once, so nested headers alone, three bytes each, could ask for any amount of memory.
 *
 * @throws CodedError MESSAGE_TOO_LARGE; RangeError when the bytes do not end where the message does.
 * @source MessagePack specification, github.com/msgpack/msgpack/blob/master/spec.md
 */
export function checkMsgpack(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Values still to come at each open level; the message itself is one value.
  const pending = [1];
  let values = 1;
  let at = 0;
  while (pending.length > 0) {
    const level = pending.length - 1;
    if (pending[level] === 0) {
      pending.pop();
      continue;
    }
    pending[level]!--;
    const inside = childCount(view, at);
    at += valueLength(view, at);
    if (inside > 0) pending.push(inside);
    values += inside;
    checkStructure(values, pending.length - 1);
  }
  if (at !== bytes.length) throw new RangeError('The bytes do not end where the message does.');
}

/** How many values an array or a map holds; 0 for anything else. */
function childCount(view: DataView, at: number): number {
  const head = view.getUint8(at);
  if (head >= 0x80 && head <= 0x8f) return 2 * (head & 0x0f);
  if (head >= 0x90 && head <= 0x9f) return head & 0x0f;
  if (head === 0xdc) return view.getUint16(at + 1);
  if (head === 0xdd) return view.getUint32(at + 1);
  if (head === 0xde) return 2 * view.getUint16(at + 1);
  if (head === 0xdf) return 2 * view.getUint32(at + 1);
  return 0;
}

/** Bytes from a value's head to the next value's; the content of arrays and maps counts as next values. */
function valueLength(view: DataView, at: number): number {
  const head = view.getUint8(at);
  if (head >= 0xa0 && head <= 0xbf) return 1 + (head & 0x1f);
  switch (head) {
    case 0xc4: // bin 8
    case 0xd9: // str 8
      return 2 + view.getUint8(at + 1);
    case 0xc5: // bin 16
    case 0xda: // str 16
      return 3 + view.getUint16(at + 1);
    case 0xc6: // bin 32
    case 0xdb: // str 32
      return 5 + view.getUint32(at + 1);
    case 0xc7: // ext 8, with a type byte
      return 3 + view.getUint8(at + 1);
    case 0xc8: // ext 16
      return 4 + view.getUint16(at + 1);
    case 0xc9: // ext 32
      return 6 + view.getUint32(at + 1);
    default:
      return FIXED_LENGTHS[head] ?? 1;
  }
}
