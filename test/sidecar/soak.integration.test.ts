/** A short soak: that it works the sidecar in every way, sees what it should, and leaves nothing behind. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportOf, trendsOf } from '../../bench/soak/report.js';
import { soak } from '../../bench/soak/run.js';
import type { SoakRun } from '../../bench/soak/run.js';
import type { Sample } from '../../bench/soak/sample.js';

const MINUTES = 0.3;

describe.runIf(process.platform === 'linux')('a soak', () => {
  let home: string;
  let run: SoakRun;
  const heard: Sample[] = [];

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'cutline-soak-'));
    run = await soak({
      home,
      minutes: MINUTES,
      sampleMs: 500,
      share: 2,
      isFull: false,
      onSample: (sample) => heard.push(sample),
    });
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  it('gets answers and refusals as foreseen, and ends the sidecar in good order', () => {
    expect(run.tally.surprises).toEqual([]);
    expect(run.tally.counts).toMatchObject({ connect: {}, open: {}, metrics: {}, 'send ahead': {} });
    expect({ died: run.died, ended: run.ended }).toEqual({ died: undefined, ended: '0' });
  });

  it('samples the process, its children and its own numbers all along', () => {
    expect(heard).toEqual(run.samples);
    expect(run.samples.length).toBeGreaterThan(12);
    const last = run.samples.at(-1)!;
    expect(last.rssMib).toBeGreaterThan(100);
    expect(last.children.rssMib).toBeGreaterThan(10);
    expect(last.heapMib).toBeGreaterThan(5);
    expect(last.descriptors.sockets).toBeGreaterThan(0);
    expect(last.threads).toBeGreaterThan(4);
    expect(last.cpuSeconds).toBeGreaterThan(run.samples[0]!.cpuSeconds);
    expect(last.imagesMib).toBeGreaterThan(0);
  });

  it('tells how each figure rises', () => {
    expect(Number.isFinite(trendsOf(run).rss.perHour!.slope)).toBe(true);
    expect(reportOf(run)).toMatchObject({ slopes: { rss: { unit: 'MiB' } }, computeCrashes: 0 });
  });

  it('ends early when it is told to, with what there is', async () => {
    const controller = new AbortController();
    const short = await soak({
      home,
      minutes: 10,
      sampleMs: 200,
      isFull: false,
      signal: controller.signal,
      onSample: () => controller.abort(),
    });
    expect(short.minutes).toBeLessThan(1);
    expect(short.samples.length).toBeGreaterThan(0);
    expect(short.tally.surprises).toEqual([]);
    expect(short.died).toBeUndefined();
  });
});
