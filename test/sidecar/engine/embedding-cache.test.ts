import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EmbeddingCache } from '../../../sidecar/engine/embedding-cache.js';
import { damageContent } from '../../support/damage.js';

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
  afterEach(async () => {
    vi.useRealTimers();
    await rm(dir, { recursive: true, force: true });
  });

  it('returns what was put in, bit for bit', async () => {
    await cache.put('key', embedding);
    expect(await cache.get('key')).toEqual(embedding);
  });

  it('makes its folder anew when it was removed, and the one around it, for their owner alone', async () => {
    const home = join(dir, 'home');
    const inHome = new EmbeddingCache({ dir: join(home, 'embeddings'), onNote: (note) => notes.push(note) });
    await inHome.put('key', embedding);
    await rm(home, { recursive: true });
    await inHome.put('key', embedding);
    expect(await inHome.get('key')).toEqual(embedding);
    expect((await stat(home)).mode & 0o777).toBe(0o700);
    expect(notes).toEqual([]);
  });

  it('knows nothing of other keys', async () => {
    expect(await cache.get('other')).toBeUndefined();
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

  it('lets the oldest go when a new one exceeds the budget', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    for (const [age, key] of ['oldest', 'older'].entries()) {
      vi.setSystemTime(1000 + age);
      await cache.put(key, { ...embedding, data: Float32Array.of(age) });
    }
    vi.setSystemTime(2000);
    const small = new EmbeddingCache({ dir, maxBytes: 8, onNote: (note) => notes.push(note) });
    await small.put('newest', { ...embedding, data: Float32Array.of(7) });
    expect(await small.get('oldest')).toBeUndefined();
    expect(await small.get('older')).toBeDefined();
    expect(await small.get('newest')).toBeDefined();
    expect(notes).toEqual([]);
  });

  it('keeps no file of what it has let go', async () => {
    const tiny = () => new EmbeddingCache({ dir, maxBytes: 4, onNote: (note) => notes.push(note) });
    for (let i = 0; i < 5; i++) await tiny().put(`image ${i}`, { ...embedding, data: Float32Array.of(i) });
    const entries = await readdir(dir, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    const parts = files.map(({ parentPath }) => relative(dir, parentPath).split(sep)[0]);
    expect(parts.sort()).toEqual(['content-v2', 'index-v5']);
    expect(notes).toEqual([]);
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
