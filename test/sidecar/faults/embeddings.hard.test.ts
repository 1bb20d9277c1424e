/** What a crash or a failing disk may do to the embeddings that are kept. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { EmbeddingCache } from '../../../sidecar/engine/embedding-cache.js';
import { seededRandom } from '../../../sidecar/eval/seeded-random.js';
import { buildScript } from '../../support/built-script.js';
import { embeddingOf } from '../../support/numbered-embedding.js';
import { recordTrial } from '../../support/trials.js';

/** On a quiet machine; on a crowded one as many as the time allows, and so many are recorded. */
const MOST_KILLS = 360;
const TIME_MS = 5 * 60_000;
const KILLED_WITHIN_MS = 60;
const FLIPS = 1_000;
const KEYS = 4;
/** Every bit counts alike: a thousandth of a real embedding takes a thousandth of the time. */
const SMALL = 1_024;

let folder: string;
let notes: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cutline-'));
  notes = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const openCache = () =>
  new EmbeddingCache({ dir: join(folder, 'cache'), onNote: (note) => notes.push(note) });

/** @returns Whether what is kept under a number is right, wrong, or not there. */
async function look(
  cache: EmbeddingCache,
  number: number,
  length?: number,
): Promise<'right' | 'wrong' | 'absent'> {
  const found = await cache.get(`image ${number}`);
  if (!found) return 'absent';
  const wanted = embeddingOf(number, length);
  const same =
    Buffer.compare(Buffer.from(found.data.buffer), Buffer.from(wanted.data.buffer)) === 0 &&
    JSON.stringify(found.image) === JSON.stringify(wanted.image);
  return same ? 'right' : 'wrong';
}

describe('embeddings on disk', () => {
  it('are right or absent after kills in the middle of writing', async (context) => {
    const writer = await buildScript('test/support/cache-writer.ts');
    onTestFinished(() => writer.dispose());
    const random = seededRandom(1);
    const seen = { right: 0, wrong: 0, absent: 0 };
    const end = performance.now() + TIME_MS;
    let kill = 0;
    for (; kill < MOST_KILLS && performance.now() < end; kill++) {
      const first = kill * 1000;
      const child = spawn(
        process.execPath,
        [fileURLToPath(writer.script), join(folder, 'cache'), String(first)],
        {
          stdio: ['ignore', 'pipe', 'ignore'],
        },
      );
      await once(child.stdout, 'data');
      await delay(random() * KILLED_WITHIN_MS);
      child.kill('SIGKILL');
      await once(child, 'exit');
      const cache = openCache();
      let number = first;
      let state = await look(cache, number);
      for (; state !== 'absent'; state = await look(cache, ++number)) seen[state]++;
      seen.absent++;
      // A start after the kill keeps anew what was cut off.
      await cache.put(`image ${number}`, embeddingOf(number));
      expect(await look(cache, number)).toBe('right');
      if (kill % 20 === 19) await rm(join(folder, 'cache'), { recursive: true, force: true });
    }
    recordTrial(context, {
      area: 'Faults',
      tried:
        'kill -9 of a process that writes embeddings of real size through the real cache (made-up content, no model)',
      times: kill,
      happened: `${seen.wrong} wrong, ${seen.right} right, ${seen.absent} cut off and kept anew by the next start`,
      wanted: 'no wrong embedding, every start succeeds',
    });
    expect(seen.wrong).toBe(0);
    expect(seen.right).toBeGreaterThan(0);
  });

  it(`are right or absent after each of ${FLIPS} flipped bits, and are kept anew`, async (context) => {
    const random = seededRandom(2);
    const dir = join(folder, 'cache');
    const seen = { right: 0, wrong: 0, absent: 0 };
    const numbers = Array.from({ length: KEYS }, (_, number) => number);
    for (const number of numbers) await openCache().put(`image ${number}`, embeddingOf(number, SMALL));
    for (let flip = 0; flip < FLIPS; flip++) {
      const part = flip % 2 === 0 ? 'content-v2' : 'index-v5';
      const entries = await readdir(join(dir, part), { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile());
      const file = files[Math.floor(random() * files.length)]!;
      const path = join(file.parentPath, file.name);
      const bytes = await readFile(path);
      bytes[Math.floor(random() * bytes.length)]! ^= 1 << Math.floor(random() * 8);
      await writeFile(path, bytes);
      const cache = openCache();
      for (const number of numbers) {
        const state = await look(cache, number, SMALL);
        seen[state]++;
        if (state !== 'right') await cache.put(`image ${number}`, embeddingOf(number, SMALL));
        // What is there now must be good, or its image would be encoded at every start.
        if (state !== 'right') expect(await look(cache, number, SMALL)).toBe('right');
      }
    }
    recordTrial(context, {
      area: 'Faults',
      tried:
        'a bit flipped in the cache of embeddings, in content and in index by turns (embeddings of 4 KiB)',
      times: FLIPS,
      happened: `${seen.wrong} wrong, ${seen.absent} found out and kept anew`,
      wanted: 'none served wrong, every one answered',
    });
    expect(seen.wrong).toBe(0);
    expect(seen.absent).toBeGreaterThan(FLIPS / 4);
  });
});
