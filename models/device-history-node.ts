/**
 * Remembers on disk which devices would not do, for a week or until the runtime changes. One small file a device
 * holds either why it would not do or who is trying it: a driver that takes the whole process down can be held
 * against the device only by what the process wrote before.
 */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { DeviceHistory } from './device-node.js';
import { replaceFile } from './write-file-node.js';

/** Drivers get better; a week is rare enough not to be felt. */
const LIFETIME_MS = 7 * 24 * 60 * 60 * 1000;

/** No trial takes this long: whatever runs under the process id by then is another program. */
const LONGEST_TRIAL_MS = 10 * 60 * 1000;

const CRASHED = 'the program stopped when it was tried';

const entrySchema = z.object({
  runtime: z.string(),
  /** When the trial began or the device failed. */
  atMs: z.number(),
  /** Why it would not do; absent during a trial. */
  reason: z.string().optional(),
  /** Process that tries it. */
  pid: z.int().optional(),
});
type Entry = z.infer<typeof entrySchema>;

/**
 * @param cacheDir Where the models' caches are; a missing, damaged or unwritable folder means nothing is remembered.
 * @param runtime Version of the runtime: another one is worth another try.
 */
export function deviceHistory(
  cacheDir: string,
  runtime: string,
  now: () => number = Date.now,
): DeviceHistory {
  const path = (device: string) => join(folderIn(cacheDir), `${device}.json`);
  const stopInOrder = () => forgetTrials(cacheDir);
  const read = async (device: string) => parseEntry(await readFile(path(device), 'utf8').catch(() => ''));
  return {
    async refusal(device) {
      const entry = await read(device);
      if (!entry || entry.runtime !== runtime) return undefined;
      const ageMs = now() - entry.atMs;
      // Below 0 the clock has been set back since, and would let the entry live for any time.
      if (ageMs < 0 || ageMs >= LIFETIME_MS) return undefined;
      if (entry.reason !== undefined) return entry.reason;
      return isUnderWay(entry, now()) ? undefined : CRASHED;
    },
    async begin(device) {
      process.once('exit', stopInOrder);
      await writeEntry(path(device), { runtime, atMs: now(), pid: process.pid });
    },
    async refuse(device, reason) {
      process.off('exit', stopInOrder);
      await writeEntry(path(device), { runtime, atMs: now(), reason });
    },
    async accept(device) {
      process.off('exit', stopInOrder);
      const entry = await read(device);
      const isAnothers = entry?.pid !== undefined && entry.pid !== process.pid && isUnderWay(entry, now());
      // What another process finds out is its own to say.
      if (!isAnothers) await rm(path(device), { force: true }).catch(() => undefined);
    },
  };
}

/**
 * Withdraws this process's trials, so that stopping in the middle of one is not held against the device. At once,
 * since it is for the last moment of a process.
 */
export function forgetTrials(cacheDir: string): void {
  const dir = folderIn(cacheDir);
  try {
    for (const name of readdirSync(dir)) {
      const path = join(dir, name);
      if (parseEntry(readFileSync(path, 'utf8'))?.pid === process.pid) rmSync(path, { force: true });
    }
  } catch {
    // A folder that cannot be read holds nothing against anybody.
  }
}

function folderIn(cacheDir: string): string {
  return join(cacheDir, 'devices');
}

/** Whether the process that tries a device can still say how it went. */
function isUnderWay({ pid, atMs }: Entry, nowMs: number): boolean {
  if (pid === undefined || Math.abs(nowMs - atMs) > LONGEST_TRIAL_MS) return false;
  // In a container every start may get the same id; what was written before this one began is not its own.
  if (pid === process.pid) return atMs >= nowMs - process.uptime() * 1000;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function writeEntry(path: string, entry: Entry): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await replaceFile(path, JSON.stringify(entry));
  } catch {
    // Where it cannot be kept, devices are simply tried at each start.
  }
}

function parseEntry(text: string): Entry | undefined {
  try {
    return entrySchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
