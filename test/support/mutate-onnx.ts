/** Damage to an ONNX file of the kinds that crash readers: mostly to its structure, which is a small part of its bytes. */

const HEAD_BYTES = 4096;

/** @param random In [0, 1). */
export function mutateOnnx(good: Uint8Array, random: () => number): Uint8Array {
  const kinds = [flipBits, overwriteNumbers, cutShort, repeatPart, removePart, swapParts];
  const mutate = kinds[Math.floor(random() * kinds.length)]!;
  return mutate(Uint8Array.from(good), random);
}

/** Where names, types and shapes are: at both ends, with the weights in between. */
function somewhere(bytes: Uint8Array, random: () => number): number {
  const reach = Math.min(HEAD_BYTES, bytes.length);
  const at = Math.floor(random() * reach);
  return random() < 0.5 ? at : bytes.length - 1 - at;
}

function flipBits(bytes: Uint8Array, random: () => number): Uint8Array {
  const flips = 1 + Math.floor(random() * 8);
  for (let i = 0; i < flips; i++) bytes[somewhere(bytes, random)]! ^= 1 << Math.floor(random() * 8);
  return bytes;
}

/** Lengths, sizes and types become as large as they can be. */
function overwriteNumbers(bytes: Uint8Array, random: () => number): Uint8Array {
  const at = somewhere(bytes, random);
  for (let i = at; i < Math.min(at + 1 + Math.floor(random() * 9), bytes.length); i++)
    bytes[i] = random() < 0.5 ? 0xff : 0x7f;
  return bytes;
}

function cutShort(bytes: Uint8Array, random: () => number): Uint8Array {
  return bytes.subarray(0, 1 + somewhere(bytes, random));
}

function repeatPart(bytes: Uint8Array, random: () => number): Uint8Array {
  const [from, to] = part(bytes, random);
  return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
}

function removePart(bytes: Uint8Array, random: () => number): Uint8Array {
  const [from, to] = part(bytes, random);
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
}

function swapParts(bytes: Uint8Array, random: () => number): Uint8Array {
  const [from, to] = part(bytes, random);
  const middle = (from + to) >> 1;
  const pieces = [bytes.subarray(0, from), bytes.subarray(middle, to), bytes.subarray(from, middle)];
  return Buffer.concat([...pieces, bytes.subarray(to)]);
}

function part(bytes: Uint8Array, random: () => number): [number, number] {
  const from = somewhere(bytes, random);
  return [from, Math.min(bytes.length, from + 1 + Math.floor(random() * 64))];
}
