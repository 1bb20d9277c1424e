import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { TestContext } from 'vitest';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import { childrenOf } from '../../bench/soak/process.js';
import { connect, spawnSidecar } from '../../bench/sidecar.js';
import type { SpawnedSidecar } from '../../bench/sidecar.js';
import { CodedError } from '../../protocol/errors.js';
import { imagePrepare, imageUpload } from '../../protocol/methods.js';
import { callMethod } from '../../protocol/rpc.js';
import { drawHostileImages } from '../support/hostile-images.js';
import type { HostileImage } from '../support/hostile-images.js';
import { familyBytes, MemoryWatch } from '../support/process-memory.js';
import { recordTrial } from '../support/trials.js';

const SEED = 7;
const MIB = 2 ** 20;
const MOST_OVER_IDLE_MIB = 512;
/** As many as a busy client asks at a time; the server reads two at once. */
const AT_ONCE = 4;
/** Some of them take ten seconds each on purpose, and those that can be opened are encoded. */
const PATIENCE_MS = 1_500_000;

describe('the sidecar, sent two hundred files that mean harm', () => {
  let home: string;
  let sidecar: SpawnedSidecar;
  let connection: MessageConnection;
  let hostile: readonly HostileImage[];

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'cutline-'));
    hostile = await drawHostileImages(SEED);
    sidecar = await spawnSidecar(home);
    connection = await connect(sidecar.origin, sidecar.token);
  });
  afterAll(async () => {
    connection?.dispose();
    await sidecar?.dispose();
    await rm(home, { recursive: true, force: true });
  });

  const open = async (bytes: Uint8Array) => {
    const { image } = await callMethod(connection, imageUpload, { bytes });
    await callMethod(connection, imagePrepare, { image: image.id });
  };
  const openGood = async (shade: string) =>
    open(
      await sharp({ create: { width: 1200, height: 800, channels: 3, background: shade } })
        .jpeg()
        .toBuffer(),
    );

  /** What came of each, by name: its error code, or that it was opened. */
  async function openAll(): Promise<ReadonlyMap<string, string>> {
    const outcomes = new Map<string, string>();
    const left = hostile.values();
    const openOneAfterAnother = async () => {
      for (const { name, draw } of left)
        outcomes.set(name, await open(await draw()).then(() => 'opened', outcomeOf));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, openOneAfterAnother));
    return outcomes;
  }

  it(
    'answers each, stays up, and never holds 512 MiB more than before',
    async (context: TestContext) => {
      await openGood('#123456');
      const idleBytes = familyBytes(sidecar.pid);
      const watch = new MemoryWatch(sidecar.pid);
      const outcomes = await openAll().finally(() => watch.dispose());
      const overMib = Math.round((watch.mostBytes - idleBytes) / MIB);
      const counts = countOf([...outcomes.values()]);
      recordTrial(context, {
        area: 'Images',
        tried: `hostile image files (seed ${SEED}), ${AT_ONCE} at a time through the whole server`,
        times: outcomes.size,
        happened: `${Object.entries(counts)
          .map(([outcome, count]) => `${count} ${outcome}`)
          .join(', ')}; at most ${overMib} MiB over idle`,
        wanted: `no crash, typed errors, at most ${MOST_OVER_IDLE_MIB} MiB over idle, a good image opens afterwards`,
      });
      await openGood('#654321');
      for (const [name, outcome] of outcomes) expect(outcome, name).toMatch(/^(opened|IMAGE_[A-Z_]+)$/);
      expect(outcomes.size).toBe(200);
      expect(overMib).toBeLessThanOrEqual(MOST_OVER_IDLE_MIB);
    },
    PATIENCE_MS,
  );
});

describe('the processes that read images', () => {
  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'end with the sidecar that started them, when it ends by %s',
    async (signal) => {
      const home = await mkdtemp(join(tmpdir(), 'cutline-'));
      onTestFinished(() => rm(home, { recursive: true, force: true }));
      const sidecar = await spawnSidecar(home);
      const readers = childrenOf(sidecar.pid);
      expect(readers).toHaveLength(1);
      process.kill(sidecar.pid, signal);
      // Waits for as long as the test may take.
      while (readers.some(isRunning)) await new Promise((resolve) => setTimeout(resolve, 20));
    },
  );
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function outcomeOf(error: unknown): string {
  return error instanceof CodedError && error.hint !== '' ? error.code : String(error);
}

function countOf(outcomes: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of [...outcomes].sort()) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}
