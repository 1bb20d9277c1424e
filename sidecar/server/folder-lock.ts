/**
 * A lock between processes: a folder that holds one file, named by its holder. Nothing is ever removed but a file
 * by its holder's name and a folder that is empty, so nobody can remove a lock that somebody else just took.
 *
 * A holder is given up when its process has died, or when it shows no sign of life for long. Nobody compares its file's
 * time with a clock, which may be set at any moment: whoever waits watches for it to change.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, readlink, rename, rm } from 'node:fs/promises';
import { rmdir, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { CodedError } from '../../protocol/errors.js';
import { codeOf, tolerate } from '../file-errors.js';

const RETRY_MS = 25;

export interface LockTimes {
  /** How often a holder shows that it lives. */
  readonly heartbeatMs: number;
  /** How long one that shows nothing is believed in. */
  readonly staleMs: number;
  /** Longest wait for the lock; a dead holder is given up before. */
  readonly waitMs: number;
}
const LOCK_TIMES: LockTimes = { heartbeatMs: 2_000, staleMs: 10_000, waitMs: 15_000 };

/** How systems say that the folder to be replaced has something in it; Windows replaces not even an empty one. */
const TAKEN = ['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES'];

/** What a holder's file says. */
const holderSchema = z.object({ pid: z.int(), machine: z.string() });

/**
 * Runs `work` while nobody else holds the lock at `path`, after waiting for them.
 *
 * @throws CodedError FILE_WRITE when they do not let go for too long.
 */
export async function withLock(
  path: string,
  work: () => Promise<void>,
  times: Partial<LockTimes> = {},
): Promise<void> {
  const { heartbeatMs, staleMs, waitMs } = { ...LOCK_TIMES, ...times };
  const holder = randomUUID();
  await acquire(path, holder, new Watch(path, staleMs), waitMs);
  const file = join(path, holder);
  // Gone when another took the lock over: then there is nothing to keep alive any more.
  const beat = () => void utimes(file, new Date(), new Date()).catch(() => undefined);
  const heart = setInterval(beat, heartbeatMs);
  try {
    await work();
  } finally {
    clearInterval(heart);
    await release(path, holder);
  }
}

async function acquire(path: string, holder: string, watch: Watch, waitMs: number): Promise<void> {
  // Filled beforehand and moved into place, so that a lock never exists without its holder's name.
  const draft = `${path}.${holder}`;
  const deadline = performance.now() + waitMs;
  try {
    await mkdir(draft, { mode: 0o700 });
    await writeFile(join(draft, holder), JSON.stringify({ pid: process.pid, machine: await machineName() }));
    while (!(await moveInto(path, draft))) {
      for (const other of await watch.deadHolders()) await release(path, other);
      if (performance.now() > deadline) throw heldTooLong(path, waitMs);
      await delay(RETRY_MS);
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

/** Watches the holders of one lock for signs of life. */
class Watch {
  /** When each holder's file was last touched, and how long it has been seen like that. */
  private readonly seen = new Map<string, { readonly touchedMs: number; readonly quietMs: number }>();

  constructor(
    private readonly path: string,
    private readonly staleMs: number,
  ) {}

  /** To be called once in RETRY_MS. */
  async deadHolders(): Promise<string[]> {
    const holders = (await tolerate(readdir(this.path), ['ENOENT'])) ?? [];
    const dead = await Promise.all(holders.map((holder) => this.isDead(holder)));
    return holders.filter((_, i) => dead[i]);
  }

  private async isDead(holder: string): Promise<boolean> {
    const file = join(this.path, holder);
    const found = await tolerate(stat(file), ['ENOENT']);
    if (!found) return false;
    const before = this.seen.get(holder);
    // Looks are counted, not hours: while the machine sleeps, holders sleep too.
    const quietMs = before?.touchedMs === found.mtimeMs ? before.quietMs + RETRY_MS : 0;
    this.seen.set(holder, { touchedMs: found.mtimeMs, quietMs });
    return quietMs >= this.staleMs || (!before && (await hasDied(file)));
  }
}

/** Whether the file's holder is known to run no more; another machine's, or another container's, cannot be asked. */
async function hasDied(file: string): Promise<boolean> {
  const holder = parseHolder(await tolerate(readFile(file, 'utf8'), ['ENOENT']));
  if (!holder || holder.machine !== (await machineName())) return false;
  try {
    process.kill(holder.pid, 0);
    return false;
  } catch (error) {
    return codeOf(error) === 'ESRCH';
  }
}

function parseHolder(text: string | undefined): z.infer<typeof holderSchema> | undefined {
  try {
    return holderSchema.safeParse(JSON.parse(text ?? '')).data;
  } catch {
    return undefined;
  }
}

/** Where process ids mean the same: a machine, or on Linux a container. */
async function machineName(): Promise<string> {
  return `${hostname()} ${await readlink('/proc/self/ns/pid').catch(() => '')}`;
}

function heldTooLong(path: string, waitMs: number): CodedError {
  return new CodedError(
    'FILE_WRITE',
    `Another Cutline has held ${basename(path)} for more than ${Math.round(waitMs / 1000)} s.`,
    'Try again; if it stays so, stop the other one.',
  );
}

/** Ends one holder's hold; harmless when it holds nothing any more. */
async function release(path: string, holder: string): Promise<void> {
  await tolerate(unlink(join(path, holder)), ['ENOENT']);
  await tolerate(rmdir(path), ['ENOENT', ...TAKEN]);
}
