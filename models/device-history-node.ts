/** Remembers on disk which devices would not do, for a week or until the runtime changes. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { DeviceHistory } from './device-node.js';

/** Drivers get better; a week is rare enough not to be felt. */
const LIFETIME_MS = 7 * 24 * 60 * 60 * 1000;

const historySchema = z.record(
  z.string(),
  z.object({ reason: z.string(), runtime: z.string(), atMs: z.number() }),
);

/**
 * @param path The file; a missing, damaged or unwritable one means nothing is remembered.
 * @param runtime Version of the runtime: another one is worth another try.
 */
export function deviceHistory(path: string, runtime: string, now: () => number = Date.now): DeviceHistory {
  const read = async () => {
    const text = await readFile(path, 'utf8').catch(() => '{}');
    return historySchema.safeParse(parse(text)).data ?? {};
  };
  const write = async (history: z.infer<typeof historySchema>) => {
    // Where it cannot be kept, devices are simply tried at each start.
    await mkdir(dirname(path), { recursive: true })
      .then(() => writeFile(path, JSON.stringify(history)))
      .catch(() => undefined);
  };
  return {
    async refusal(device) {
      const entry = (await read())[device];
      const fresh = entry && entry.runtime === runtime && now() - entry.atMs < LIFETIME_MS;
      return fresh ? entry.reason : undefined;
    },
    async refuse(device, reason) {
      await write({ ...(await read()), [device]: { reason, runtime, atMs: now() } });
    },
    async accept(device) {
      const history = await read();
      delete history[device];
      await write(history);
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
