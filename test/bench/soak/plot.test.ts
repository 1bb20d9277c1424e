import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { drawPlot, slopeInWords, ticks } from '../../../bench/soak/plot.js';
import type { Plot } from '../../../bench/soak/plot.js';

const SLOPE = { slope: 60, start: 10, low: 30, high: 90, samples: 3, blockSamples: 1 };
const PLOT: Plot = {
  title: 'Memory & <descriptors>',
  minutes: [0, 1, 2, 3],
  warmUpMinutes: 1,
  panels: [
    {
      title: 'Memory',
      unit: 'MiB',
      curves: [
        { name: 'sidecar', values: [10, 11, 12, 13], slope: SLOPE },
        { name: 'readers', values: [1, 2, 1, 2] },
      ],
      limit: { name: 'limit', value: 20 },
    },
    { title: 'Descriptors', unit: 'open', curves: [{ name: 'all', values: [30, 30, 31, 30] }] },
  ],
};

/** The renderer takes XML as strictly as browsers take a picture. */
const render = (svg: string) => sharp(Buffer.from(svg)).png().toBuffer({ resolveWithObject: true });
const count = (svg: string, pattern: RegExp) => svg.match(pattern)?.length ?? 0;

describe('the plot of series over time', () => {
  it('is a picture that can be read, whatever its words are', async () => {
    const svg = drawPlot(PLOT);
    const { info } = await render(svg);
    expect(info.width).toBe(960);
    expect(svg).toContain('<title>Memory &amp; &lt;descriptors&gt;</title>');
  });

  it('has a curve for each series, and a line with its interval where there is a slope', () => {
    const svg = drawPlot(PLOT);
    expect(count(svg, /class="curve c\d"/g)).toBe(3);
    expect(count(svg, /class="curve fit"/g)).toBe(1);
    expect(count(svg, /class="limit"/g)).toBe(1);
    expect(svg).toContain('sidecar: +60 MiB an hour (95 %: +30 to +90)');
  });

  it('lays the line where the samples are', () => {
    const svg = drawPlot(PLOT);
    // Value and slope are those of the series, so that line and curve end in one point.
    const ends = (kind: string) => svg.match(new RegExp(`${kind}" points="[^"]* ([^ "]+)"`))![1];
    expect(ends('curve fit')).toBe(ends('curve c0'));
  });

  it('shades the warm-up of every panel and names axes with their units', () => {
    const svg = drawPlot(PLOT);
    expect(count(svg, /class="warm" [^>]*width="246.7"/g)).toBe(2);
    expect(svg).toContain('Memory (MiB)');
    expect(svg).toContain('Descriptors (open)');
    expect(svg).toContain('minutes since the start');
  });

  it('is readable on dark pages, too: every colour has another one there', () => {
    const svg = drawPlot(PLOT);
    const [light, dark] = svg.split('prefers-color-scheme: dark');
    const classes = (css: string) =>
      new Set([...css.matchAll(/\.(\w+) \{[^}]*(?:fill|stroke): #/g)].map(([, name]) => name));
    expect(classes(dark!.split('</style>')[0]!)).toEqual(classes(light!.split('<style>')[1]!));
  });

  it('is well formed whatever was measured, even nothing', async () => {
    const values = fc.array(fc.double({ min: 0, max: 1e9 }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(values, fc.string(), async (measured, title) => {
        const minutes = measured.map((_, i) => i / 6);
        const panels = [{ title, unit: 'MiB', curves: [{ name: title, values: measured }] }];
        const svg = drawPlot({ title, minutes, warmUpMinutes: 0, panels });
        expect(svg).not.toMatch(/NaN|Infinity|undefined/);
        await render(svg);
      }),
      { numRuns: 40 },
    );
  });
});

describe('ticks', () => {
  it('are round numbers from 0 to beyond the most, and few', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), (most) => {
        const all = ticks(most, 4);
        expect(all[0]).toBe(0);
        expect(all.at(-1)).toBeGreaterThanOrEqual(most * (1 - 1e-6));
        expect(all.length).toBeLessThanOrEqual(5);
      }),
    );
  });
});

describe('a slope in words', () => {
  it('tells which way, with two digits', () => {
    const words = slopeInWords({ ...SLOPE, slope: -0.1234, low: -12.6, high: 3.04 }, 'MiB');
    expect(words).toBe('−0.12 MiB an hour (95 %: −13 to +3)');
  });
});
