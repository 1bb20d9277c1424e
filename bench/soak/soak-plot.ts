/** The picture of a soak. */
import { drawPlot } from './plot.js';
import type { Curve } from './plot.js';
import { FIGURES, LIMITS_MIB, trendsOf } from './report.js';
import type { Figure } from './report.js';
import type { SoakRun } from './run.js';

export function plotSoak(run: SoakRun): string {
  const trends = trendsOf(run);
  const curve = (name: string, figure: Figure, hasLine = false) => ({
    name,
    values: run.samples.map(FIGURES[figure].read),
    slope: hasLine ? trends[figure].perHour : undefined,
  });
  return drawPlot({
    title: `The sidecar at work for ${Math.round(run.minutes)} minutes`,
    minutes: run.samples.map(({ minutes }) => minutes),
    warmUpMinutes: run.warmUpMinutes,
    panels: [
      {
        title: 'Resident memory',
        unit: 'MiB',
        curves: [curve('sidecar', 'rss', true), curve('image readers', 'childrenRss')],
      },
      {
        title: 'Memory of the main thread',
        unit: 'MiB',
        curves: [curve('heap used', 'heap', true), curve('array buffers', 'arrayBuffers')],
      },
      {
        title: 'Caches',
        unit: '% of limit',
        curves: [
          inPercent(curve('embeddings on disk', 'disk', true), LIMITS_MIB.disk),
          inPercent(curve('images in memory', 'images'), LIMITS_MIB.images),
        ],
        limit: { name: 'limit', value: 100 },
      },
      {
        title: 'Descriptors and threads',
        unit: 'open',
        curves: [curve('descriptors', 'descriptors', true), curve('threads', 'threads')],
      },
    ],
  });
}

function inPercent({ name, values, slope }: Curve, limit: number): Curve {
  const share = (value: number) => (100 * value) / limit;
  return {
    name,
    values: values.map(share),
    slope: slope && {
      ...slope,
      slope: share(slope.slope),
      start: share(slope.start),
      low: share(slope.low),
      high: share(slope.high),
    },
  };
}
