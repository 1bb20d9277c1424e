/** What the process itself takes: memory, time, and how late its event loop is. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { IntervalHistogram } from 'node:perf_hooks';
import type { Disposable } from 'vscode-jsonrpc';
import packageJson from '../../package.json' with { type: 'json' };
import type { Metrics } from './metrics.js';

/** Also the delay that an idle loop seems to have, which is taken off. */
const RESOLUTION_MS = 20;
/** How far back the delay looks, at least; at most twice as far. */
const WINDOW_MS = 60_000;

/** Adds the process's gauges, and measures until disposed. */
export function watchProcess(metrics: Metrics): Disposable {
  const delay = new RecentDelay();
  metrics.watch('cutline_memory_bytes', 'Memory of the process.', memory, 'kind');
  metrics.watch(
    'cutline_event_loop_delay_seconds',
    'How late the event loop was in the last minute or two.',
    () => delay.read(),
    'quantile',
  );
  metrics.watch('cutline_uptime_seconds', 'Time since the start.', () => process.uptime());
  metrics.watch('cutline_cpu_seconds', 'Processor time of all threads.', () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  metrics.watchFacts('cutline_build_info', 'Versions.', () => ({
    version: packageJson.version,
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
  }));
  return delay;
}

/** All but `rss` are of the main thread alone. */
function memory(): Record<string, number> {
  const { rss, heapTotal, heapUsed, external, arrayBuffers } = process.memoryUsage();
  return { rss, heap_total: heapTotal, heap_used: heapUsed, external, array_buffers: arrayBuffers };
}

interface Delay {
  readonly '0.5': number;
  readonly '0.99': number;
  readonly '1': number;
}

/** Reading changes nothing, so any number of readers see the same. */
class RecentDelay implements Disposable {
  readonly #histogram: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  readonly #timer: NodeJS.Timeout;
  #before: Delay = { '0.5': 0, '0.99': 0, '1': 0 };

  constructor() {
    this.#histogram.enable();
    this.#timer = setInterval(() => {
      this.#before = this.#now();
      this.#histogram.reset();
    }, WINDOW_MS).unref();
  }

  /** Seconds by quantile: the worse of the minute that was and the one that is. */
  read(): Record<string, number> {
    const now = this.#now();
    const worse = (quantile: keyof Delay) => Math.max(now[quantile], this.#before[quantile]);
    return { '0.5': worse('0.5'), '0.99': worse('0.99'), '1': worse('1') };
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#histogram.disable();
  }

  #now(): Delay {
    const seconds = (ns: number) => Math.max(0, ns / 1e9 - RESOLUTION_MS / 1e3);
    const histogram = this.#histogram;
    return {
      '0.5': seconds(histogram.percentile(50)),
      '0.99': seconds(histogram.percentile(99)),
      '1': seconds(histogram.max),
    };
  }
}
