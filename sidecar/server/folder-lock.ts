/**
 * A lock between processes: a folder that holds one file, named by its holder. Nothing is ever removed but a file
 * by its holder's name and a folder that is empty, so nobody can remove a lock that somebody else just took.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { codeOf, tolerate } from '../file-errors.js';

/** A holder that took the lock longer ago than this has died. */
const STALE_MS = 10_000;
const RETRY_MS = 10;

/** How systems say that the folder to be replaced has something in it; Windows replaces not even an empty one. */
const TAKEN = ['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES'];

/** Runs `work` while nobody else holds the lock at `path`, after waiting for them. */
export async function withLock(path: string, work: () => Promise<void>): Promise<void> {
  const holder = randomUUID();
  await acquire(path, holder);
  try {
    await work();
  } finally {
    await release(path, holder);
  }
}

async function acquire(path: string, holder: string): Promise<void> {
  // Filled beforehand and moved into place, so that a lock never exists without its holder's name.
  const draft = `${path}.${holder}`;
  const file = join(draft, holder);
  try {
    await mkdir(draft, { mode: 0o700 });
    await writeFile(file, '');
    while (!(await moveInto(path, draft))) {
      for (const other of await staleHolders(path)) await release(path, other);
      await delay(RETRY_MS);
      // It is the time of taking the lock that counts, not of beginning to wait.
      await utimes(file, new Date(), new Date());
    }
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** @returns False when somebody else holds the lock. */
async function moveInto(path: string, draft: string): Promise<boolean> {
  try {
    await rename(draft, path);
    return true;
  } catch (error) {
    if (!TAKEN.includes(codeOf(error))) throw error;
  }
  // An empty folder is what a holder leaves that dies between letting go and tidying up.
  await tolerate(rmdir(path), ['ENOENT', ...TAKEN]);
  return false;
}

async function staleHolders(path: string): Promise<string[]> {
  const holders = (await tolerate(readdir(path), ['ENOENT'])) ?? [];
  const stale = await Promise.all(
    holders.map(async (holder) => {
      const found = await tolerate(stat(join(path, holder)), ['ENOENT']);
      return found !== undefined && Date.now() - found.mtimeMs > STALE_MS;
    }),
  );
  return holders.filter((_, i) => stale[i]);
}

/** Ends one holder's hold; harmless when it holds nothing any more. */
async function release(path: string, holder: string): Promise<void> {
  await tolerate(unlink(join(path, holder)), ['ENOENT']);
  await tolerate(rmdir(path), ['ENOENT', ...TAKEN]);
}
