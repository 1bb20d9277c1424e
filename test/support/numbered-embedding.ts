import type { Embedding } from '../../models/adapter.js';

/** Of a real embedding's size unless told otherwise; each number has content of its own. */
export function embeddingOf(number: number, length = 256 * 64 * 64): Embedding {
  const data = new Float32Array(length).fill(number + 0.5);
  for (let i = 0; i < data.length; i += 97) data[i] = i * (number + 1);
  return { data, image: { width: 64 + number, height: 64 } };
}
