/** Damage as a failing disk does it. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Flips one bit of every content in a cacache folder. */
export async function damageContent(dir: string): Promise<void> {
  const entries = await readdir(join(dir, 'content-v2'), { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((candidate) => candidate.isFile())) {
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path);
    bytes[0]! ^= 1;
    await writeFile(path, bytes);
  }
}
