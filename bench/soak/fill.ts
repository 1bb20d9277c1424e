/** A home in which the embeddings on disk have come to their limit. */
import { join } from 'node:path';
import { EmbeddingCache, MAX_CACHE_BYTES } from '../../sidecar/engine/embedding-cache.js';

const FLOATS = 1024 * 1024;

/** Made-up embeddings of the size of real ones, which no image asks for: what comes to be kept pushes them out. */
export async function fillDisk(home: string): Promise<void> {
  const refused: string[] = [];
  const cache = new EmbeddingCache({ dir: join(home, 'embeddings'), onNote: (note) => refused.push(note) });
  const data = new Float32Array(FLOATS);
  const image = { width: 1024, height: 1024 };
  for (let number = 0; number < MAX_CACHE_BYTES / data.byteLength; number++) {
    data[0] = number;
    await cache.put(`made up ${number}`, { data, image });
  }
  if (refused.length > 0) throw new Error(refused.join(' '));
}
