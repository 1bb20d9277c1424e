/**
 * `soak --minutes N [--plot FILE] [--samples FILE]`: the built sidecar with its real model, worked the way people do for as
 * long as one likes, and whether it grows. Ctrl-C ends it early and prints what there is. Reads /proc, hence Linux only.
 */
import { appendFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { BenchContext } from './context.js';
import { reportOf } from './soak/report.js';
import { soak } from './soak/run.js';
import { plotSoak } from './soak/soak-plot.js';

export async function benchSoak({ home, args }: BenchContext): Promise<object> {
  const { minutes, plot, samples } = readFlags(args);
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const writing: Promise<void>[] = [];
  const run = await soak({
    home,
    minutes,
    signal: interrupted.signal,
    onSample: (sample) => {
      const rss = `RSS ${sample.rssMib.toFixed(0)} MiB, ${sample.diskMib.toFixed(0)} MiB on disk`;
      console.error(`${sample.minutes.toFixed(1)} min: ${rss}`);
      // Line by line, so that even a run that is killed leaves what it saw.
      if (samples !== undefined) writing.push(appendFile(samples, `${JSON.stringify(sample)}\n`));
    },
  });
  process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  await Promise.all(writing);
  if (plot !== undefined) await writeFile(plot, plotSoak(run));
  return { ...reportOf(run), ...(interrupted.signal.aborted && { interrupted: true }) };
}

function readFlags(args: readonly string[]) {
  const options = {
    minutes: { type: 'string' },
    plot: { type: 'string' },
    samples: { type: 'string' },
  } as const;
  const { values } = parseArgs({ args: [...args], options });
  const minutes = Number(values.minutes ?? 60);
  if (!(minutes > 0)) throw new Error('--minutes takes a number above 0.');
  return { ...values, minutes };
}
