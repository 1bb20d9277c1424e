import type { Embedding } from '../../models/adapter.js';

/** Of a real embedding's size; each number has content of its own. */
export function embeddingOf(number: number): Embedding {
  const data = new Float32Array(256 * 64 * 64).fill(number + 0.5);
  for (let i = 0; i < data.length; i += 97) data[i] = i * (number + 1);
  return { data, image: { width: 64 + number, height: 64 } };
}
