/** One look at a running sidecar: what the system tells of its process, what it tells itself, what lies on the disk. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MetricsReading } from '../../sidecar/observe/metrics-reading.js';
import { childrenOf, descriptorsOf, familySeconds, statusOf } from './process.js';
import type { Descriptors } from './process.js';

const MIB = 1024 * 1024;

export interface Sample {
  /** Since the start of the run. */
  readonly minutes: number;
  readonly rssMib: number;
  readonly threads: number;
  readonly descriptors: Descriptors & { readonly all: number };
  /** The processes that read images. */
  readonly children: { readonly count: number; readonly rssMib: number };
  /** Of the main thread. */
  readonly heapMib: number;
  readonly externalMib: number;
  readonly arrayBuffersMib: number;
  /** Of the last minute or two. */
  readonly loopDelayMs: { readonly p50: number; readonly p99: number; readonly most: number };
  /** Uploaded files in memory. */
  readonly imagesMib: number;
  readonly images: number;
  /** The folder of embeddings. */
  readonly diskMib: number;
  readonly diskFiles: number;
  readonly connections: number;
  readonly sockets: number;
  readonly pending: number;
  readonly queue: number;
  readonly cpuSeconds: number;
  /** Times that the compute thread died, since the start. */
  readonly crashes: number;
}

export interface Sampled {
  readonly pid: number;
  readonly origin: string;
  readonly token: string;
  readonly home: string;
}

export async function takeSample({ pid, origin, token, home }: Sampled, minutes: number): Promise<Sample> {
  const { rssBytes, threads } = statusOf(pid);
  const descriptors = descriptorsOf(pid);
  const children = childrenOf(pid);
  const [metrics, disk] = await Promise.all([scrape(origin, token), folderSize(join(home, 'embeddings'))]);
  const memory = (kind: string) => mib(metrics.value('cutline_memory_bytes', { kind }));
  const delay = (quantile: string) => 1000 * metrics.value('cutline_event_loop_delay_seconds', { quantile });
  return {
    minutes,
    rssMib: mib(rssBytes),
    threads,
    descriptors: { ...descriptors, all: Object.values(descriptors).reduce((sum, count) => sum + count, 0) },
    children: {
      count: children.length,
      rssMib: mib(children.reduce((sum, child) => sum + statusOf(child).rssBytes, 0)),
    },
    heapMib: memory('heap_used'),
    externalMib: memory('external'),
    arrayBuffersMib: memory('array_buffers'),
    loopDelayMs: { p50: delay('0.5'), p99: delay('0.99'), most: delay('1') },
    imagesMib: mib(metrics.value('cutline_cache_bytes', { cache: 'images' })),
    images: metrics.value('cutline_cache_entries', { cache: 'images' }),
    diskMib: mib(disk.bytes),
    diskFiles: disk.files,
    connections: metrics.value('cutline_connections'),
    sockets: metrics.value('cutline_sockets'),
    pending: metrics.value('cutline_pending_requests'),
    queue: metrics.value('cutline_queue_depth'),
    cpuSeconds: familySeconds(pid),
    crashes: metrics.value('cutline_compute_crashes_total'),
  };
}

async function scrape(origin: string, token: string): Promise<MetricsReading> {
  const headers = { Authorization: `Bearer ${token}`, Accept: 'application/json' };
  return MetricsReading.parse(await (await fetch(`${origin}/metrics`, { headers })).json());
}

/** Of what comes and goes meanwhile, whatever is there. */
async function folderSize(folder: string): Promise<{ readonly files: number; readonly bytes: number }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => stat(join(entry.parentPath, entry.name)).catch(() => undefined)),
  );
  const there = sizes.filter((size) => size !== undefined);
  return { files: there.length, bytes: there.reduce((sum, { size }) => sum + size, 0) };
}

function mib(bytes: number): number {
  return bytes / MIB;
}
