/** A process that only fills a folder with embeddings, through the product's own cache, until it is killed. */
import { EmbeddingCache } from '../../sidecar/engine/embedding-cache.js';
import { embeddingOf } from './numbered-embedding.js';

const [dir, first] = process.argv.slice(2);
const cache = new EmbeddingCache({ dir: dir!, onNote: (note) => console.error(note) });
console.log('writing');
for (let number = Number(first); ; number++) await cache.put(`image ${number}`, embeddingOf(number));
