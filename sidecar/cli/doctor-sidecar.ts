/** What doctor asks a running sidecar: how busy, how quick, how large, and what it has refused. */
import { randomBytes } from 'node:crypto';
import { introduce } from '../../protocol/proof.js';
import { MetricsReading } from '../observe/metrics-reading.js';
import type { Timing } from '../observe/metrics-reading.js';
import { TokenStore } from '../server/tokens.js';
import type { Check } from './check.js';
import { createLogger } from './log.js';

/** Also how a token is called that a doctor left behind when it was killed. */
const CLIENT_NAME = 'cutline doctor';
const LEFT_BEHIND_MS = 60_000;
const ANSWER_MS = 5_000;

const QUEUE_LONG = 32;
/** p95 above which a stage is worth a word; what is not here takes as long as what is asked of it. */
const SLOW_MS: Readonly<Record<string, number>> = { queue: 2_000, read: 2_000, encode: 5_000, decode: 500 };
const MEMORY_LARGE = 2 * 1024 ** 3;
const LOOP_LATE_S = 0.1;

/**
 * Asks each sidecar for its numbers, with a token that is good for these alone, revoked at once, and never sent.
 *
 * @param home CUTLINE_HOME; sidecars of another one are only mentioned.
 * @param ports Where something answers as a sidecar does.
 */
export async function checkSidecars(home: string, ports: readonly number[]): Promise<Check[]> {
  if (ports.length === 0) return [];
  const store = new TokenStore(home, createLogger('silent'));
  try {
    await dropLeftBehind(store);
    const token = await store.issue(CLIENT_NAME, { only: 'metrics', isForOthers: true });
    try {
      return (await Promise.all(ports.map((port) => checkSidecar(port, token)))).flat();
    } finally {
      const client = await store.verify(token);
      if (client) await store.revoke(client.id);
    }
  } catch {
    const detail = 'cannot be asked: the list of paired clients cannot be read or written';
    return [{ name: 'sidecar', status: 'warn', detail, hint: 'Check clients.json in CUTLINE_HOME.' }];
  }
}

async function dropLeftBehind(store: TokenStore): Promise<void> {
  for (const { id, name, only, createdAt } of await store.list()) {
    if (name === CLIENT_NAME && only === 'metrics' && Date.now() - Date.parse(createdAt) > LEFT_BEHIND_MS)
      await store.revoke(id);
  }
}

async function checkSidecar(port: number, token: string): Promise<Check[]> {
  const name = `sidecar ${port}`;
  try {
    const introduced = await introduceTo(port, token);
    if (introduced === 'other home') {
      const detail = 'runs with another CUTLINE_HOME, so it does not tell';
      return [{ name, status: 'ok', detail }];
    }
    if (introduced === 'stranger') {
      const detail = 'answers as a sidecar would, and is none';
      return [{ name, status: 'warn', detail, hint: `Find out which program listens on port ${port}.` }];
    }
    const response = await fetch(`http://127.0.0.1:${port}/metrics`, {
      headers: { Authorization: introduced.authorization, Accept: 'application/json' },
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    return judgeMetrics(name, MetricsReading.parse(await response.json()));
  } catch {
    const hint = 'If it stays so, restart the sidecar with this version.';
    return [{ name, status: 'warn', detail: 'does not tell how it is', hint }];
  }
}

/** Has it prove that it knows the token, which it does by the same list of clients. */
async function introduceTo(
  port: number,
  token: string,
): Promise<'other home' | 'stranger' | { readonly authorization: string }> {
  const { request, authorization } = introduce(token, randomBytes(16).toString('hex'), port);
  const response = await fetch(`http://127.0.0.1:${port}/v1/prove`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(request),
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  if (response.status === 401) return 'other home';
  const header = authorization(await response.json().catch(() => undefined));
  if (header !== undefined) return { authorization: header };
  if (response.ok) return 'stranger';
  throw new Error(`The sidecar on ${port} cannot prove itself: ${response.status}.`);
}

/** @param name Of the sidecar, in front of what each check is about. */
export function judgeMetrics(name: string, metrics: MetricsReading): Check[] {
  const stages = metrics.timings('cutline_stage_seconds', 'stage');
  return [
    overview(name, metrics),
    queueCheck(name, metrics, stages.get('queue')),
    ...[...stages]
      .filter(([stage]) => stage !== 'queue')
      .map(([stage, timing]) => stageCheck(name, stage, timing)),
    cacheCheck(name, metrics),
    memoryCheck(name, metrics),
    loopCheck(name, metrics),
    refusalCheck(name, metrics),
  ];
}

function overview(name: string, metrics: MetricsReading): Check {
  const { version } = metrics.facts('cutline_build_info');
  const { device, model } = metrics.facts('cutline_device_info');
  const minutes = Math.round(metrics.value('cutline_uptime_seconds') / 60);
  const [sockets, clients] = [metrics.value('cutline_sockets'), metrics.value('cutline_clients')];
  const crashes = metrics.value('cutline_compute_crashes_total');
  const detail = `${version}, ${model} on ${device}, up ${minutes} min, sockets ${sockets}, clients ${clients}`;
  if (crashes === 0) return { name, status: 'ok', detail };
  return {
    name,
    status: 'warn',
    detail: `${detail}; its compute thread died ${times(crashes)}`,
    hint: 'Set CUTLINE_DEVICE=cpu if it uses another device, and report the crash.',
  };
}

function queueCheck(name: string, metrics: MetricsReading, timing: Timing | undefined): Check {
  const depth = metrics.value('cutline_queue_depth');
  const detail = `${depth} waiting${timing ? `; waited ${timingText(timing)}` : ''}`;
  const isLong = depth > QUEUE_LONG || (timing?.p95Ms ?? 0) > SLOW_MS['queue']!;
  const hint = 'More is asked than this machine computes: let one batch or search finish before the next.';
  return verdict(`${name} queue`, detail, isLong, hint);
}

function stageCheck(name: string, stage: string, timing: Timing): Check {
  const isSlow = timing.p95Ms > (SLOW_MS[stage] ?? Infinity);
  const hint = 'Close what else keeps the processor busy; with a graphics card, set CUTLINE_DEVICE=auto.';
  return verdict(`${name} ${stage}`, timingText(timing), isSlow, hint);
}

function cacheCheck(name: string, metrics: MetricsReading): Check {
  const { memory = 0, disk = 0, miss = 0 } = metrics.by('cutline_embedding_lookups_total', 'source');
  const held = metrics.by('cutline_cache_bytes', 'cache');
  const detail =
    `embeddings ${memory} from memory, ${disk} from disk, ${miss} encoded; ` +
    `images ${megabytes(held['images'])}, embeddings on disk ${megabytes(held['embeddings'])}`;
  return { name: `${name} cache`, status: 'ok', detail };
}

function memoryCheck(name: string, metrics: MetricsReading): Check {
  const { rss = 0, heap_used: heap } = metrics.by('cutline_memory_bytes', 'kind');
  const detail = `${megabytes(rss)}, of which the main thread’s heap ${megabytes(heap)}`;
  const hint = 'Restart the sidecar; if it grows as large again, report it with this output.';
  return verdict(`${name} memory`, detail, rss > MEMORY_LARGE, hint);
}

function loopCheck(name: string, metrics: MetricsReading): Check {
  const { '0.99': p99 = 0, '1': most = 0 } = metrics.by('cutline_event_loop_delay_seconds', 'quantile');
  const detail = `late by p99 ${milliseconds(1000 * p99)}, at most ${milliseconds(1000 * most)}`;
  const hint = 'Close what else keeps the processor busy; if nothing does, report it with this output.';
  return verdict(`${name} event loop`, detail, p99 > LOOP_LATE_S, hint);
}

function refusalCheck(name: string, metrics: MetricsReading): Check {
  const refusals = metrics.by('cutline_refusals_total', 'code');
  const detail = Object.entries(refusals)
    .map(([code, count]) => `${code} ${count}`)
    .join(', ');
  const about = `${name} refusals`;
  if (refusals['INTERNAL']) {
    const hint = 'Look for “request failed” in the sidecar’s log, and report it.';
    return { name: about, status: 'warn', detail, hint };
  }
  const isBusy = Boolean(refusals['BUSY'] || refusals['DEADLINE']);
  return verdict(
    about,
    detail || 'none',
    isBusy,
    'Too much was asked at once: close windows that are not needed.',
  );
}

function verdict(name: string, detail: string, isBad: boolean, hint: string): Check {
  return isBad ? { name, status: 'warn', detail, hint } : { name, status: 'ok', detail };
}

function timingText({ count, p50Ms, p95Ms }: Timing): string {
  return `p50 ${milliseconds(p50Ms)}, p95 ${milliseconds(p95Ms)} (${times(count)})`;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

function milliseconds(ms: number): string {
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}

function megabytes(bytes = 0): string {
  return `${(bytes / 1024 / 1024).toFixed(0)} MB`;
}
