import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkSidecars, judgeMetrics } from '../../../sidecar/cli/doctor-sidecar.js';
import { Metrics } from '../../../sidecar/observe/metrics.js';
import { MetricsReading } from '../../../sidecar/observe/metrics-reading.js';
import { temporaryFolder, TestSidecar } from '../../support/sidecar.js';

/** As it comes over the wire. */
async function read(metrics: Metrics): Promise<MetricsReading> {
  return MetricsReading.parse(JSON.parse(JSON.stringify(await metrics.toJson())));
}

async function judge(metrics: Metrics) {
  const checks = judgeMetrics('sidecar 1', await read(metrics));
  return new Map(checks.map((check) => [check.name.replace('sidecar 1 ', ''), check]));
}

describe('the numbers of a sidecar', () => {
  it('give p50 and p95 of each stage, as Prometheus would', async () => {
    const metrics = new Metrics();
    for (let i = 0; i < 90; i++) metrics.addStage('decode', 20);
    for (let i = 0; i < 10; i++) metrics.addStage('decode', 200);
    const { count, p50Ms, p95Ms } = (await read(metrics))
      .timings('cutline_stage_seconds', 'stage')
      .get('decode')!;
    expect(count).toBe(100);
    expect(p50Ms).toBeCloseTo(10 + (15 * 50) / 90);
    expect(p95Ms).toBeCloseTo(100 + 150 / 2);
  });

  it('take what was beyond every bucket for the last one', async () => {
    const metrics = new Metrics();
    metrics.addStage('export', 500_000);
    expect((await read(metrics)).timings('cutline_stage_seconds', 'stage').get('export')).toEqual({
      count: 1,
      p50Ms: 60_000,
      p95Ms: 60_000,
    });
  });

  it('are all well where nothing is amiss', async () => {
    const metrics = new Metrics();
    metrics.addStage('encode', 400);
    metrics.addRefusal('IMAGE_UNKNOWN');
    for (const check of (await judge(metrics)).values()) expect(check).toMatchObject({ status: 'ok' });
  });

  it.each<[string, (metrics: Metrics) => void]>([
    ['queue', (metrics) => metrics.addStage('queue', 30_000)],
    ['queue', (metrics) => metrics.watch('cutline_queue_depth', 'x', () => 200)],
    ['encode', (metrics) => metrics.addStage('encode', 20_000)],
    ['decode', (metrics) => metrics.addStage('decode', 2_000)],
    ['memory', (metrics) => metrics.watch('cutline_memory_bytes', 'x', () => ({ rss: 4e9 }), 'kind')],
    [
      'event loop',
      (metrics) =>
        metrics.watch('cutline_event_loop_delay_seconds', 'x', () => ({ '0.99': 0.5 }), 'quantile'),
    ],
    ['refusals', (metrics) => metrics.addRefusal('BUSY')],
    ['refusals', (metrics) => metrics.addRefusal('INTERNAL')],
    ['sidecar 1', (metrics) => metrics.addCrash()],
  ])('that look bad for the %s come with what to do', async (name, spoil) => {
    const metrics = new Metrics();
    spoil(metrics);
    expect((await judge(metrics)).get(name)).toMatchObject({
      status: 'warn',
      hint: expect.stringMatching(/\.$/) as string,
    });
  });
});

describe('asking a running sidecar', () => {
  it('needs no pairing, leaves no client behind, and takes away one left by a doctor that was killed', async () => {
    const sidecar = await TestSidecar.start();
    const { tokens } = sidecar.server;
    await sidecar.pair('Figma');
    const [check] = await checkSidecars(sidecar.home, [sidecar.server.port]);
    expect(check).toMatchObject({ name: `sidecar ${sidecar.server.port}`, status: 'ok' });
    expect((await tokens.list()).map(({ name }) => name)).toEqual(['Figma']);
  });

  it('says so when it belongs to another CUTLINE_HOME', async () => {
    const sidecar = await TestSidecar.start();
    const checks = await checkSidecars(await temporaryFolder(), [sidecar.server.port]);
    expect(checks).toMatchObject([
      { status: 'ok', detail: expect.stringContaining('another CUTLINE_HOME') as string },
    ]);
  });

  it('shows no token to whoever has taken the port', async () => {
    const sidecar = await TestSidecar.start();
    const seen: (string | undefined)[] = [];
    const squatter = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.end(JSON.stringify({ proof: '0'.repeat(64), challenge: 'x' }));
    }).listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    onTestFinished(() => void squatter.close().closeAllConnections());
    const checks = await checkSidecars(sidecar.home, [(squatter.address() as AddressInfo).port]);
    expect(checks).toMatchObject([{ status: 'warn', detail: 'answers as a sidecar would, and is none' }]);
    expect(seen).toEqual([undefined]);
  });
});
