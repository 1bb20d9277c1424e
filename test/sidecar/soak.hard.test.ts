/**
 * The built sidecar with its real model, worked for a long time the way people do: does it grow? Leaves the picture in
 * docs/. CUTLINE_SOAK_MINUTES says how long; the figure holds for more than the hour of warm-up that it allows.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { slopeInWords } from '../../bench/soak/plot.js';
import { fullAfterMinutes, reportOf, trendsOf } from '../../bench/soak/report.js';
import type { Trend } from '../../bench/soak/report.js';
import { soak } from '../../bench/soak/run.js';
import type { SoakRun } from '../../bench/soak/run.js';
import { plotSoak } from '../../bench/soak/soak-plot.js';
import { recordTrial } from '../support/trials.js';

const MINUTES = Number(process.env['CUTLINE_SOAK_MINUTES'] ?? 30);
const PICTURE = resolve(import.meta.dirname, '../../docs/soak.svg');
const MOST_MIB_AN_HOUR = 1;
const FIRST_HOUR = 60;

describe.runIf(process.platform === 'linux')('a sidecar at work for long', () => {
  it(`does not grow in ${MINUTES} minutes`, { timeout: (MINUTES + 10) * 60_000 }, async (context) => {
    const home = await mkdtemp(join(tmpdir(), 'cutline-soak-'));
    const run = await soak({ home, minutes: MINUTES }).finally(() =>
      rm(home, { recursive: true, force: true }),
    );
    await writeFile(PICTURE, plotSoak(run));
    console.log(JSON.stringify(reportOf(run)));
    const trends = trendsOf(run);
    recordTrial(context, {
      area: 'Soak',
      tried: `the built sidecar and its real model at work as people work, beside whatever else the machine does`,
      times: run.tally.total,
      happened: `${verdict(run, trends.rss)}: ${inWords(run)}; ${['rss', 'heap', 'disk', 'descriptors'].map((name) => trendInWords(name, trends[name as keyof typeof trends])).join('; ')}`,
      wanted: 'RSS slope ≤ 1 MiB an hour after the first hour',
    });
    expect(run.died).toBeUndefined();
    expect(run.ended).toBe('0');
    expect(run.tally.surprises).toEqual([]);
    expect(run.samples.at(-1)!.crashes).toBe(0);
    expectNoRise(run, trends.rss);
  });
});

/** Whether the figure holds, as far as the interval tells. */
function verdict({ warmUpMinutes }: SoakRun, { perHour }: Trend): string {
  if (!perHour) return 'too short to tell anything';
  const { low, high } = perHour;
  const told = warmUpMinutes >= FIRST_HOUR ? '' : ', in a run too short for the figure';
  if (high <= MOST_MIB_AN_HOUR) return `the figure holds${told}`;
  return `${low <= MOST_MIB_AN_HOUR ? 'the figure is neither shown nor ruled out' : 'more than the figure'}${told}`;
}

/** The figure itself is only told from a run that goes on beyond the first hour; of a shorter one, that the interval does not rule it out. */
function expectNoRise({ warmUpMinutes }: SoakRun, { perHour }: Trend): void {
  expect(perHour, 'too short to tell').toBeDefined();
  const { slope, low } = perHour!;
  expect(warmUpMinutes >= FIRST_HOUR ? slope : low).toBeLessThanOrEqual(MOST_MIB_AN_HOUR);
}

function inWords(run: SoakRun): string {
  const { samples, minutes, warmUpMinutes, share, loadAverage } = run;
  const full = fullAfterMinutes(samples, 'images');
  const images =
    full === undefined
      ? 'images in memory not yet at their limit'
      : `images in memory full after ${Math.round(full)} min`;
  const short = warmUpMinutes >= FIRST_HOUR ? '' : ' and not from the first hour on';
  return (
    `${Math.round(minutes)} min at ${Math.round(100 * share)} % of one of ${cpus().length} processors, load average ` +
    `${loadAverage.toFixed(1)}; counted from min ${Math.round(warmUpMinutes)} on${short}; disk cache full from the start, ${images}`
  );
}

function trendInWords(name: string, { unit, first, last, perHour }: Trend): string {
  const words = { rss: 'RSS', heap: 'heap', disk: 'disk cache', descriptors: 'descriptors' }[name]!;
  const from = `${words} ${Math.round(first)} → ${Math.round(last)}`;
  return perHour ? `${from}, ${slopeInWords(perHour, unit)}` : `${from} ${unit}`;
}
