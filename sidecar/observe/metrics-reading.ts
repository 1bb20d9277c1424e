/** The numbers of a running sidecar, taken apart again. */
import { z } from 'zod';

const sampleSchema = z.object({
  labels: z.record(z.string(), z.union([z.string(), z.number()])),
  // JSON has no NaN.
  value: z.number().nullable(),
  metricName: z.string().optional(),
});
const metricsSchema = z.array(z.object({ name: z.string(), values: z.array(sampleSchema) }));

type Sample = z.infer<typeof sampleSchema>;

export interface Timing {
  readonly count: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

export class MetricsReading {
  private constructor(private readonly metrics: z.infer<typeof metricsSchema>) {}

  /** @throws ZodError when this is not what Metrics.toJson makes. */
  static parse(json: unknown): MetricsReading {
    return new MetricsReading(metricsSchema.parse(json));
  }

  /** @returns 0 when there is no such number. */
  value(name: string, labels: Readonly<Record<string, string>> = {}): number {
    const wanted = Object.entries(labels);
    const found = this.samples(name).find((sample) => wanted.every(([key, v]) => sample.labels[key] === v));
    return found?.value ?? 0;
  }

  /** The values of one label, with their numbers. */
  by(name: string, label: string): Readonly<Record<string, number>> {
    return Object.fromEntries(this.samples(name).map(({ labels, value }) => [labels[label], value ?? 0]));
  }

  facts(name: string): Readonly<Record<string, string | number>> {
    return this.samples(name)[0]?.labels ?? {};
  }

  /** Timings of a histogram, by its label. */
  timings(name: string, label: string): ReadonlyMap<string, Timing> {
    const buckets = this.samples(name).filter(({ metricName }) => metricName === `${name}_bucket`);
    const labels = new Set(buckets.map((sample) => String(sample.labels[label])));
    const timings = [...labels].map((value): [string, Timing] => {
      const own = buckets.filter((sample) => String(sample.labels[label]) === value);
      return [
        value,
        timingOf(own.map((sample) => ({ le: Number(sample.labels['le']), upTo: sample.value ?? 0 }))),
      ];
    });
    return new Map(timings.filter(([, { count }]) => count > 0));
  }

  private samples(name: string): readonly Sample[] {
    return this.metrics.find((metric) => metric.name === name)?.values ?? [];
  }
}

interface Bucket {
  /** Upper end in seconds; NaN for the last one, which has none. */
  readonly le: number;
  /** How many were no longer than that. */
  readonly upTo: number;
}

function timingOf(buckets: readonly Bucket[]): Timing {
  const count = buckets.at(-1)?.upTo ?? 0;
  return {
    count,
    p50Ms: 1000 * quantile(buckets, 0.5 * count),
    p95Ms: 1000 * quantile(buckets, 0.95 * count),
  };
}

/** As Prometheus' histogram_quantile: evenly spread within a bucket, and the last end where there is none. */
function quantile(buckets: readonly Bucket[], rank: number): number {
  let from = 0;
  let below = 0;
  for (const { le, upTo } of buckets) {
    if (!Number.isFinite(le)) return from;
    if (upTo >= rank) return from + ((le - from) * (rank - below)) / Math.max(1, upTo - below);
    from = le;
    below = upTo;
  }
  return from;
}
