import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EmbeddingCache } from '../../../sidecar/engine/embedding-cache.js';

const embedding = { data: Float32Array.of(1.5, -2.25, 3e-8), image: { width: 30, height: 20 } };

describe('EmbeddingCache', () => {
  let dir: string;
  let notes: string[];
  let cache: EmbeddingCache;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'cutline-'));
    notes = [];
    cache = new EmbeddingCache({ dir, onNote: (note) => notes.push(note) });
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  it('returns what was put in, bit for bit, and the size without the rest', async () => {
    await cache.put('key', embedding);
    expect(await cache.get('key')).toEqual(embedding);
    expect(await cache.imageSize('key')).toEqual(embedding.image);
  });

  it('knows nothing of other keys', async () => {
    expect(await cache.get('other')).toBeUndefined();
    expect(await cache.imageSize('other')).toBeUndefined();
    expect(notes).toEqual([]);
  });

  it('treats damage as absence, says so, and takes a new copy', async () => {
    await cache.put('key', embedding);
    await damageContent(dir);
    expect(await cache.get('key')).toBeUndefined();
    expect(notes).toHaveLength(1);
    await cache.put('key', embedding);
    expect(await cache.get('key')).toEqual(embedding);
  });

  it('says once that the disk refuses, and never fails for it', async () => {
    const file = join(dir, 'a file where a folder should be');
    await writeFile(file, '');
    const blocked = new EmbeddingCache({ dir: file, onNote: (note) => notes.push(note) });
    await blocked.put('key', embedding);
    await blocked.put('key', embedding);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(/memory only/);
  });
});

/** Flips one bit of every stored content. */
async function damageContent(dir: string): Promise<void> {
  const entries = await readdir(join(dir, 'content-v2'), { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((candidate) => candidate.isFile())) {
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path);
    bytes[0]! ^= 1;
    await writeFile(path, bytes);
  }
}
