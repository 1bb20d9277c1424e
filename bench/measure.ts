/** Timing two ways of doing a thing fairly: in turn, in one run, after a warm-up. */

export interface Comparison {
  readonly runs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly baseline: { readonly name: string; readonly p50Ms: number; readonly p95Ms: number };
  /** Candidate over baseline, of medians and of 95th percentiles. */
  readonly ratio: number;
  readonly ratioP95: number;
}

export interface Contest {
  readonly runs: number;
  readonly warmUps: number;
  readonly baselineName: string;
  /** Both get the number of the round and answer with how long it took, so that preparation does not count. */
  readonly baseline: (round: number) => Promise<number>;
  readonly candidate: (round: number) => Promise<number>;
}

/** Threads of a runtime spin for a while after a run; the next run should not pay for that. */
const PAUSE_MS = 30;

export async function compare({
  runs,
  warmUps,
  baselineName,
  baseline,
  candidate,
}: Contest): Promise<Comparison> {
  const times = { baseline: [] as number[], candidate: [] as number[] };
  for (let round = 0; round < warmUps + runs; round++) {
    // Whoever goes first changes from round to round.
    const order =
      round % 2 === 0 ? (['baseline', 'candidate'] as const) : (['candidate', 'baseline'] as const);
    for (const side of order) {
      await pause(PAUSE_MS);
      const ms = await { baseline, candidate }[side](round);
      if (round >= warmUps) times[side].push(ms);
    }
  }
  const ours = summary(times.candidate);
  const theirs = summary(times.baseline);
  return {
    runs,
    ...ours,
    baseline: { name: baselineName, ...theirs },
    ratio: round3(ours.p50Ms / theirs.p50Ms),
    ratioP95: round3(ours.p95Ms / theirs.p95Ms),
  };
}

/** Milliseconds that a piece of work takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function summary(times: readonly number[]): { p50Ms: number; p95Ms: number } {
  return { p50Ms: round3(percentile(times, 0.5)), p95Ms: round3(percentile(times, 0.95)) };
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

export function round3(value: number): number {
  return Math.round(value * 1000) / 1000;
}
