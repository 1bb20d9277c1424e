/** What may be left of a home: no lock, no draft, nothing that cacache had not moved into place. */
import { readdir } from 'node:fs/promises';

const LITTER = /\.tmp$|\.lock|^embeddings\/tmp\/./;

export async function litterIn(home: string): Promise<string[]> {
  return (await readdir(home, { recursive: true })).filter((name) => LITTER.test(name));
}
