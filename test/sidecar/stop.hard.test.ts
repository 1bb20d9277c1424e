/** Stopping and cancelling under load, on the built sidecar with its real model. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CancellationTokenSource } from 'vscode-jsonrpc/node';
import { connect } from '../../bench/sidecar.js';
import { childrenOf, descriptorsOf } from '../../bench/soak/process.js';
import { CodedError } from '../../protocol/errors.js';
import { imageUpload } from '../../protocol/methods.js';
import { callMethod } from '../../protocol/rpc.js';
import { seededRandom } from '../../sidecar/eval/seeded-random.js';
import { drawScenePng } from '../support/drawn-scene.js';
import { litterIn } from '../support/litter.js';
import { isAlive } from '../support/process-memory.js';
import { pairWith } from '../support/sidecar-client.js';
import { askAnything } from '../support/sidecar-pressure.js';
import type { Pressure } from '../support/sidecar-pressure.js';
import { SidecarProcess } from '../support/sidecar-process.js';
import { recordTrial } from '../support/trials.js';

const STOPS = 100;
const STOPS_AT_ONCE = 3;
/** Loading the model and the first encode lie within. */
const LATEST_STOP_MS = 4_000;
const CANCELS = 1_000;
const CANCELS_AT_ONCE = 8;
const SEED = 7;

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'cutline-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

async function press(sidecar: SidecarProcess, token: string, seed: number): Promise<Pressure> {
  const connection = await connect(sidecar.origin, token);
  const bytes = await drawScenePng();
  const { image } = await callMethod(connection, imageUpload, { bytes });
  return { connection, random: seededRandom(seed), bytes, image: image.id };
}

function percentile(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.ceil(values.length * share) - 1]!;
}

describe.runIf(process.platform === 'linux')('a sidecar under load', () => {
  it(`ends within 10 s of SIGTERM with status 0, ${STOPS} times, and leaves nothing behind`, async (context) => {
    const first = await SidecarProcess.start(home, '--port', '0');
    const token = await pairWith(first);
    await first.stop();
    const took: number[] = [];
    const statuses: (number | null)[] = [];
    const orphans: number[] = [];
    const stopOnce = async (seed: number) => {
      const sidecar = await SidecarProcess.start(home, '--port', '0');
      const pressure = await press(sidecar, token, seed);
      const asked = Array.from({ length: 6 }, () => askAnything(pressure).catch((error: unknown) => error));
      await delay(pressure.random() * LATEST_STOP_MS);
      const children = childrenOf(sidecar.pid);
      const started = performance.now();
      statuses.push(await sidecar.stop());
      took.push(performance.now() - started);
      for (const child of children) if (isAlive(child)) orphans.push(child);
      await Promise.all(asked);
      pressure.connection.dispose();
    };
    let next = 0;
    const lane = async () => {
      while (next < STOPS) await stopOnce(next++);
    };
    await Promise.all(Array.from({ length: STOPS_AT_ONCE }, lane));
    const litter = await litterIn(home);
    const longest = Math.max(...took) / 1000;
    recordTrial(context, {
      area: 'Stop and cancel',
      tried: 'SIGTERM at a random moment of loading, encoding and answering six requests',
      times: STOPS,
      happened: `ended within ${longest.toFixed(1)} s (median ${(percentile(took, 0.5) / 1000).toFixed(1)} s), ${statuses.filter((status) => status === 0).length} with status 0; ${orphans.length} orphans, ${litter.length} locks or drafts left`,
      wanted: '≤ 10 s, status 0, no orphans, nothing left',
    });
    expect(longest).toBeLessThanOrEqual(10);
    expect(statuses.filter((status) => status !== 0)).toEqual([]);
    expect({ orphans, litter }).toEqual({ orphans: [], litter: [] });
  });

  it(`answers ${CANCELS} cancels within 500 ms (p99) and has every slot free again`, async (context) => {
    const sidecar = await SidecarProcess.start(home, '--port', '0');
    const token = await pairWith(sidecar);
    await sidecar.line(/Computing on/);
    const pressure = await press(sidecar, token, SEED);
    for (let i = 0; i < 12; i++) await askAnything(pressure);
    const before = leakableOf(sidecar.pid);
    const answered: number[] = [];
    const endings: Record<string, number> = {};
    let next = 0;
    const lane = async () => {
      while (next++ < CANCELS) {
        const source = new CancellationTokenSource();
        let cancelledMs = 0;
        const ending = askAnything(pressure, source.token).then(
          () => 'DONE',
          (error: unknown) => (error instanceof CodedError ? error.code : String(error)),
        );
        await delay(pressure.random() * 60);
        cancelledMs = performance.now();
        source.cancel();
        const how = await ending;
        endings[how] = (endings[how] ?? 0) + 1;
        answered.push(performance.now() - cancelledMs);
      }
    };
    await Promise.all(Array.from({ length: CANCELS_AT_ONCE }, lane));
    // A full answer shows that the device is free, too.
    await askAnything(pressure);
    let load = await loadOf(sidecar, token);
    for (let i = 0; i < 50 && load['queue_depth']! > 0; i++) {
      await delay(100);
      load = await loadOf(sidecar, token);
    }
    const leaked = leakableOf(sidecar.pid) - before;
    pressure.connection.dispose();
    const status = await sidecar.stop();
    const p99 = percentile(answered, 0.99);
    recordTrial(context, {
      area: 'Stop and cancel',
      tried: 'requests of six kinds cancelled within 60 ms, eight at once, real model',
      times: CANCELS,
      happened: `answered p50 ${Math.round(percentile(answered, 0.5))} ms, p99 ${Math.round(p99)} ms after the cancel (${endings['CANCELLED'] ?? 0} cancelled, ${endings['DONE'] ?? 0} done before); afterwards ${load['queue_depth']} in the queue, ${load['pending_requests']} waiting, ${Math.max(0, leaked)} descriptors more`,
      wanted: 'p99 ≤ 500 ms, every slot free, no handle left',
    });
    expect(Object.keys(endings).filter((how) => how !== 'CANCELLED' && how !== 'DONE')).toEqual([]);
    expect(endings['CANCELLED']).toBeGreaterThan(CANCELS / 4);
    expect(p99).toBeLessThanOrEqual(500);
    expect(load).toMatchObject({ queue_depth: 0, pending_requests: 0 });
    expect(leaked).toBeLessThanOrEqual(2);
    expect(status).toBe(0);
  });
});

/** Whatever is open but sockets, of which this test keeps some alive. */
function leakableOf(pid: number): number {
  const { files, pipes, waits } = descriptorsOf(pid);
  return files + pipes + waits;
}

async function loadOf(sidecar: SidecarProcess, token: string): Promise<Record<string, number>> {
  const answer = await fetch(`${sidecar.origin}/metrics`, { headers: { Authorization: `Bearer ${token}` } });
  const lines = [...(await answer.text()).matchAll(/^cutline_(\w+) (\S+)$/gm)];
  return Object.fromEntries(lines.map(([, name, value]) => [name!, Number(value)]));
}
