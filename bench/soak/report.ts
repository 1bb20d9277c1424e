/** What a soak's samples say: how each figure rises after the warm-up, and how sure that is. */
import { MAX_CACHE_BYTES } from '../../sidecar/engine/embedding-cache.js';
import { MAX_SHELF_BYTES } from '../../sidecar/engine/image-shelf.js';
import { seededRandom } from '../../sidecar/eval/seeded-random.js';
import { percentile } from '../measure.js';
import type { SoakRun } from './run.js';
import type { Sample } from './sample.js';
import { slopeOf } from './slope.js';
import type { Slope } from './slope.js';

const MIB = 1024 * 1024;
const SEED = 1;

/** What is kept at most: a cache may grow to here, and no further but for a minute's worth. */
export const LIMITS_MIB = { disk: MAX_CACHE_BYTES / MIB, images: MAX_SHELF_BYTES / MIB } as const;
/** The disk is looked through once a minute, and what was put there meanwhile is over the limit. */
const NEARLY = 0.97;

/** Figures whose slope is taken. */
export const FIGURES = {
  rss: { unit: 'MiB', read: ({ rssMib }: Sample) => rssMib },
  childrenRss: { unit: 'MiB', read: ({ children }: Sample) => children.rssMib },
  heap: { unit: 'MiB', read: ({ heapMib }: Sample) => heapMib },
  arrayBuffers: { unit: 'MiB', read: ({ arrayBuffersMib }: Sample) => arrayBuffersMib },
  disk: { unit: 'MiB', read: ({ diskMib }: Sample) => diskMib },
  diskFiles: { unit: 'files', read: ({ diskFiles }: Sample) => diskFiles },
  images: { unit: 'MiB', read: ({ imagesMib }: Sample) => imagesMib },
  descriptors: { unit: 'descriptors', read: ({ descriptors }: Sample) => descriptors.all },
  threads: { unit: 'threads', read: ({ threads }: Sample) => threads },
} as const;
export type Figure = keyof typeof FIGURES;

export interface Trend {
  readonly unit: string;
  readonly first: number;
  readonly last: number;
  readonly most: number;
  /** A change an hour, with the interval that holds it with 95 % confidence; undefined where there is too little. */
  readonly perHour: Slope | undefined;
}

export type Trends = Readonly<Record<Figure, Trend>>;

export function trendsOf({ samples, warmUpMinutes }: SoakRun): Trends {
  const counted = samples.filter(({ minutes }) => minutes >= warmUpMinutes);
  const hours = counted.map(({ minutes }) => minutes / 60);
  const trends = Object.entries(FIGURES).map(([name, { unit, read }]) => {
    const values = counted.map(read);
    const trend: Trend = {
      unit,
      first: values[0] ?? NaN,
      last: values.at(-1) ?? NaN,
      most: Math.max(...values),
      perHour: slopeOf(hours, values, { random: seededRandom(SEED) }),
    };
    return [name, trend];
  });
  return Object.fromEntries(trends) as Trends;
}

/** When a cache came to its limit; undefined where it did not. */
export function fullAfterMinutes(
  samples: readonly Sample[],
  cache: keyof typeof LIMITS_MIB,
): number | undefined {
  const { read } = FIGURES[cache];
  return samples.find((sample) => read(sample) >= NEARLY * LIMITS_MIB[cache])?.minutes;
}

/** The whole of it as the benchmark prints it. */
export function reportOf(run: SoakRun): object {
  const { samples, tally } = run;
  const cache = (name: keyof typeof LIMITS_MIB) => ({
    limitMib: LIMITS_MIB[name],
    fullAfterMinutes: rounded(fullAfterMinutes(samples, name) ?? NaN),
  });
  const most = (read: (sample: Sample) => number) => rounded(Math.max(...samples.map(read)));
  return {
    device: 'cpu',
    minutes: rounded(run.minutes),
    warmUpMinutes: rounded(run.warmUpMinutes),
    samples: samples.length,
    share: rounded(run.share),
    loadAverage: rounded(run.loadAverage),
    ...(run.died !== undefined && { died: run.died }),
    ended: run.ended,
    slopes: Object.fromEntries(Object.entries(trendsOf(run)).map(([name, trend]) => [name, printed(trend)])),
    caches: { disk: cache('disk'), images: cache('images') },
    loopDelayMs: {
      p50: rounded(
        percentile(
          samples.map(({ loopDelayMs }) => loopDelayMs.p50),
          0.5,
        ),
      ),
      worstP99: most(({ loopDelayMs }) => loopDelayMs.p99),
      most: most(({ loopDelayMs }) => loopDelayMs.most),
    },
    descriptors: samples.at(-1)?.descriptors,
    most: {
      connections: most(({ connections }) => connections),
      sockets: most(({ sockets }) => sockets),
      pending: most(({ pending }) => pending),
      queue: most(({ queue }) => queue),
      children: most(({ children }) => children.count),
    },
    computeCrashes: samples.at(-1)?.crashes,
    asked: tally.total,
    endings: tally.counts,
    surprises: tally.surprises,
  };
}

function printed({ unit, first, last, most, perHour }: Trend): object {
  return {
    unit,
    first: rounded(first),
    last: rounded(last),
    most: rounded(most),
    perHour: perHour && rounded(perHour.slope),
    interval: perHour && [rounded(perHour.low), rounded(perHour.high)],
    samples: perHour?.samples,
    blockSamples: perHour?.blockSamples,
  };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
