import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProgressType } from 'vscode-jsonrpc/node';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import { iouOfRuns } from '../../models/mask/overlap.js';
import { decodeRuns } from '../../models/mask/rle.js';
import type { EverythingProgress, FoundMask, Resume } from '../../protocol/everything.js';
import { maskAll } from '../../protocol/everything-methods.js';
import { mergeProgress } from '../../protocol/merge-progress.js';
import { imageUpload } from '../../protocol/methods.js';
import type { ResultOf } from '../../protocol/method-parts.js';
import { callMethod } from '../../protocol/rpc.js';
import { drawnShapes, drawScenePng } from '../support/drawn-scene.js';
import { sampleNote, sampleOf } from '../support/every-case.js';
import { connectTo } from '../support/sidecar-client.js';
import { SidecarProcess } from '../support/sidecar-process.js';
import { treeFaults } from '../support/tree-faults.js';

/** Far enough that going on differs from starting anew. */
const KILLED_AT = 0.2;

/** Both find the image encoded that one has encoded. */
let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'cutline-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

const MODES = [
  { mode: 'fast', pointsPerSide: 12 },
  { mode: 'exact', pointsPerSide: 8, minRegionPx: 50 },
] as const;
const TITLE = `a sidecar killed while it looks for everything, $mode${sampleNote('two modes')}`;

describe.each(sampleOf(MODES))(TITLE, (options) => {
  let sidecar: SidecarProcess;
  let connection: MessageConnection;
  let streamed: readonly FoundMask[] = [];
  let cursor: string | undefined;
  /** How far the search was at the cursor, and where the next one went on. */
  let fraction = 0;
  const faults: string[] = [];

  /** As a plugin does: takes in what is streamed, and keeps it whatever comes. */
  async function findAll(image: string, onProgress: (progress: EverythingProgress) => void, resume?: Resume) {
    const listening = connection.onProgress(new ProgressType<EverythingProgress>(), 'all', (progress) => {
      streamed = mergeProgress(streamed, progress);
      cursor = progress.cursor ?? cursor;
      faults.push(...treeFaults(streamed));
      onProgress(progress);
    });
    try {
      return await callMethod(connection, maskAll, { image, options, resume, progressToken: 'all' });
    } finally {
      listening.dispose();
    }
  }

  const start = async () => {
    sidecar = await SidecarProcess.start(home, '--port', '0');
    connection = await connectTo(sidecar);
    return (await callMethod(connection, imageUpload, { bytes: await drawScenePng() })).image.id;
  };

  let kept: readonly FoundMask[];
  let resumed: ResultOf<typeof maskAll>;
  let wentOnAt = 1;
  beforeAll(async () => {
    const image = await start();
    let killed: Promise<void> | undefined;
    const broken = findAll(image, (progress) => {
      if (killed) return;
      if (progress.cursor !== undefined) fraction = progress.fraction;
      if (fraction > KILLED_AT && streamed.length > 0) killed = sidecar.kill();
    });
    await expect(broken).rejects.toMatchObject({ code: 'DISCONNECTED' });
    await killed;
    connection.dispose();
    kept = streamed;
    await start();
    const onProgress = ({ stage, fraction: now }: EverythingProgress) => {
      if (stage === 'looking') wentOnAt = Math.min(wentOnAt, now);
    };
    resumed = await findAll(image, onProgress, { cursor: cursor!, masks: [...kept] });
  });
  afterAll(async () => {
    connection?.dispose();
    await sidecar?.stop();
  });

  it('leaves a valid tree of what had been found', () => {
    expect(kept.length).toBeGreaterThan(0);
    expect(fraction).toBeLessThan(1);
    expect(faults).toEqual([]);
  });

  it('goes on in a new sidecar to all that is there, and streams just that', () => {
    const found = resumed.masks.map(({ rle }) => decodeRuns(rle));
    for (const [name, shape] of drawnShapes()) {
      expect(found.filter((mask) => iouOfRuns(mask, shape) >= 0.9).length, name).toBe(1);
    }
    expect(streamed).toEqual(resumed.masks);
  });

  it('asks no prompt again that was answered before the cursor', () => {
    // The search may have gone a step beyond its cursor by the time that this is told.
    expect(wentOnAt).toBeGreaterThan(fraction - 0.05);
    if (options.mode === 'exact') expect(resumed.prompts).toBe(options.pointsPerSide ** 2);
    else expect(resumed.prompts).toBeLessThan(options.pointsPerSide ** 2 / 2);
  });

  it('keeps the ids of masks that were streamed before, and gives new ones to new masks', () => {
    expect(new Set(resumed.masks.map(({ id }) => id)).size).toBe(resumed.masks.length);
    for (const { id, rle, outline } of kept) {
      const now = resumed.masks.find((mask) => mask.id === id);
      if (now) expect({ rle: now.rle, outline: now.outline }).toEqual({ rle, outline });
    }
  });
});
