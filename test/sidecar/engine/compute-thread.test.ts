import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deviceHistory } from '../../../models/device-history-node.js';
import type { Compute } from '../../../sidecar/engine/compute.js';
import { startComputeThread } from '../../../sidecar/engine/compute-thread.js';
import { DecodePool } from '../../../sidecar/engine/decode-pool.js';

describe('the compute thread', () => {
  let cacheDir: string;
  let notes: string[];
  let thread: Compute;
  let heard: () => void;
  let deaths: unknown[];
  const start = (stopMs: number) => {
    const script = new URL('./scripted-worker.mjs', import.meta.url);
    const onNote = (note: string) => {
      notes.push(note.replace('A computation failed: ', ''));
      heard();
    };
    return startComputeThread({
      script,
      cacheDir,
      device: 'cpu',
      // No image is read here, so that its processes never start.
      images: new DecodePool({ script, onNote }),
      stopMs,
      onNote,
      onCrash: (error) => deaths.push(error),
    });
  };
  const hear = async (note: string) => {
    while (!notes.includes(note)) await new Promise<void>((resolve) => (heard = resolve));
  };

  beforeEach(async () => {
    cacheDir = await mkdtemp(join(tmpdir(), 'cutline-'));
    notes = [];
    deaths = [];
    heard = () => undefined;
    thread = start(10_000);
  });
  afterEach(async () => {
    await thread.dispose();
    await rm(cacheDir, { recursive: true });
  });

  it('fails the job that it died of, and is started again for the next', async () => {
    await expect(thread.summariseEverything('crash')).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(await thread.summariseEverything('calm')).toBe(true);
    // What the dying one had still to say may be lost.
    expect(notes).toContain('started');
  });

  it('says once what it died of, and nothing when it was ended', async () => {
    await thread.summariseEverything('crash').catch(() => undefined);
    await thread.summariseEverything('throw outside').catch(() => undefined);
    await thread.summariseEverything('calm');
    await thread.dispose();
    expect(deaths.map((error) => (error as Error).message)).toEqual([
      'The compute thread ended with 1.',
      'a secret of the job',
    ]);
  });

  it('answers SHUTTING_DOWN after it was disposed, and starts no thread for it', async () => {
    await thread.summariseEverything('calm');
    await thread.dispose();
    await expect(thread.summariseEverything('calm')).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
    expect(notes).toEqual(['started', 'calm', 'calm: done', 'disposed']);
  });

  it('starts no thread when it was disposed before its first job', async () => {
    await thread.dispose();
    await expect(thread.load()).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
    expect(notes).toEqual([]);
  });

  it('lets the call under way end before it ends the thread', async () => {
    const working = thread.summariseEverything('work');
    await hear('work');
    await Promise.all([thread.dispose(), thread.dispose()]);
    expect(await working).toBe(true);
    expect(notes.slice(-2)).toEqual(['work: done', 'disposed']);
  });

  it('does not wait for ever, and holds what it stopped against no device', async () => {
    await thread.dispose();
    thread = start(1);
    const endless = thread.summariseEverything('never end').catch((error: unknown) => error);
    await hear('never end');
    await deviceHistory(cacheDir, 'test').begin('webgpu');
    await thread.dispose();
    expect(await endless).toMatchObject({ code: 'SHUTTING_DOWN' });
    expect(await readdir(join(cacheDir, 'devices'))).toEqual([]);
  });

  it('says what it holds without waiting for the job under way', async () => {
    const working = thread.summariseEverything('work');
    await hear('work');
    expect(await thread.holds('key')).toBe(false);
    expect(notes).not.toContain('work: done');
    await thread.dispose();
    await working;
  });
});
