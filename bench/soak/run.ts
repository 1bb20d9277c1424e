/** Works a sidecar for as long as it is told to, and looks at it all the while. */
import { loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { fillDisk } from './fill.js';
import { seededRandom } from '../../sidecar/eval/seeded-random.js';
import { spawnSidecar } from '../sidecar.js';
import { Pace, pauseFor } from './pace.js';
import { askInVain } from './refused.js';
import { takeSample } from './sample.js';
import type { Sample } from './sample.js';
import { Album, Tally } from './site.js';
import type { Site } from './site.js';
import { sendAhead, visit } from './visit.js';

export interface SoakOptions {
  /** An empty CUTLINE_HOME. */
  readonly home: string;
  readonly minutes: number;
  /** Begin with as many embeddings on disk as may be kept, all made up: computing them would take a day's worth of work. */
  readonly isFull?: boolean;
  readonly sampleMs?: number;
  /** Of one processor. */
  readonly share?: number;
  /** Ends the run early; what there is of it is the result. */
  readonly signal?: AbortSignal;
  /** Hears of each sample at once. */
  readonly onSample?: (sample: Sample) => void;
}

export interface SoakRun {
  readonly minutes: number;
  /** What does not count: caches fill. */
  readonly warmUpMinutes: number;
  readonly samples: readonly Sample[];
  readonly tally: Tally;
  /** How the sidecar ended before it was told to; undefined where it did not. */
  readonly died: string | undefined;
  /** Its exit status, or the signal that ended it. */
  readonly ended: string;
  /** Means over the run: how much of one processor the sidecar took, and how many processes on the machine wanted one. */
  readonly share: number;
  readonly loadAverage: number;
}

const SEED = 7;
const SAMPLE_MS = 10_000;
const SHARE = 1 / 3;
const VISITORS = 2;
const REFUSED_EVERY_MS = 4_000;
const SEND_AHEAD_EVERY_MS = 10_000;
const SCRAPE_EVERY_MS = 15_000;
/** Everybody finishes what they are at, however busy the machine is. */
const LEAVE_MS = 60_000;

export async function soak(options: SoakOptions): Promise<SoakRun> {
  const { home, minutes, sampleMs = SAMPLE_MS, share = SHARE, isFull = true, signal: asked } = options;
  if (isFull) await fillDisk(home);
  const sidecar = await spawnSidecar(home);
  const closing = new AbortController();
  const signals = [closing.signal, AbortSignal.timeout(minutes * 60_000), ...(asked ? [asked] : [])];
  const signal = AbortSignal.any(signals);
  let died: string | undefined;
  void sidecar.ended.then((how) => {
    if (!signal.aborted) died = how;
    closing.abort();
  });
  const random = seededRandom(SEED);
  const pace = new Pace(sidecar.pid, share);
  const tally = new Tally(signal);
  const site: Site = { ...sidecar, random, pace, album: new Album(random), tally, signal };
  const warmUpMinutes = warmUpOf(minutes);
  const samples: Sample[] = [];
  const loads: number[] = [];
  const startedMs = performance.now();
  const minutesNow = () => (performance.now() - startedMs) / 60_000;
  const look = async () => {
    const sample = await takeSample({ ...sidecar, home }, minutesNow());
    samples.push(sample);
    loads.push(loadavg()[0]!);
    options.onSample?.(sample);
  };
  const lanes = [
    untilOver(site, () => look(), sampleMs),
    ...Array.from({ length: VISITORS }, () => untilOver(site, () => visit(site), 0)),
    untilOver(site, () => askInVain(site), REFUSED_EVERY_MS),
    untilOver(site, () => sendAhead(site), SEND_AHEAD_EVERY_MS),
    untilOver(site, () => readMetrics(site), SCRAPE_EVERY_MS),
  ];
  await Promise.race([
    Promise.all(lanes),
    once(signal).then(() => delay(LEAVE_MS, undefined, { ref: false })),
  ]);
  await sidecar.dispose();
  const [first, last] = [samples[0], samples.at(-1)];
  const spanS = first && last ? (last.minutes - first.minutes) * 60 : 0;
  return {
    minutes: Math.min(minutes, minutesNow()),
    warmUpMinutes,
    samples,
    tally,
    died,
    ended: await sidecar.ended,
    share: spanS > 0 ? (last!.cpuSeconds - first!.cpuSeconds) / spanS : 0,
    loadAverage: loads.reduce((sum, load) => sum + load, 0) / Math.max(1, loads.length),
  };
}

/** The first third, or the first hour of what goes on for more than two. */
function warmUpOf(minutes: number): number {
  return minutes > 120 ? 60 : minutes / 3;
}

/** Does something again and again; a failure once the run is over counts for nothing. */
async function untilOver({ signal, pace, tally }: Site, work: () => Promise<void>, everyMs: number) {
  for (let dueMs = performance.now(); !signal.aborted; dueMs += everyMs) {
    await pauseFor(Math.max(0, dueMs - performance.now()), signal);
    if (everyMs === 0) await pace.turn(signal);
    if (signal.aborted) return;
    const outcome = await work().then(
      () => undefined,
      (error: unknown) => error,
    );
    if (outcome !== undefined && !signal.aborted) {
      await tally.count('broken off', () => Promise.reject(outcome as Error));
      // Whatever it is, it is not to be tried a thousand times a second.
      await pauseFor(1000, signal);
    }
  }
}

async function readMetrics({ origin, token, tally }: Site): Promise<void> {
  await tally.count('metrics', async () => {
    const headers = { Authorization: `Bearer ${token}` };
    await (await fetch(`${origin}/metrics`, { headers })).text();
  });
}

async function once(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}
