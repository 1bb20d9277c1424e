/** Series over time as a picture: panels one above the other, readable on light and dark pages. Plain SVG. */
import type { Slope } from './slope.js';

export interface Curve {
  readonly name: string;
  readonly values: readonly number[];
  /** A line laid through it, in units an hour. */
  readonly slope?: Slope | undefined;
}

interface Panel {
  readonly title: string;
  /** Of the vertical axis. */
  readonly unit: string;
  /** One or two, in the order of their colours. */
  readonly curves: readonly Curve[];
  /** A line that a curve ought not to rise above. */
  readonly limit?: { readonly name: string; readonly value: number } | undefined;
}

export interface Plot {
  readonly title: string;
  /** Of all curves' values. */
  readonly minutes: readonly number[];
  readonly warmUpMinutes: number;
  readonly panels: readonly Panel[];
}

const WIDTH = 960;
const LEFT = 70;
const RIGHT = 150;
const TOP = 62;
const PANEL = { height: 130, gap: 62 } as const;
const BOTTOM = 52;
/** Lines of text beside a panel keep this distance. */
const LINE_HEIGHT = 16;
const ROWS = 4;

/** Each colour stands out from its ground at 3:1 and more, text at 4.5:1; curves are named beside them, too. */
const STYLE = `
  text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #3d434b; }
  .head { font-size: 16px; font-weight: 600; fill: #16191d; } .name { font-weight: 600; fill: #16191d; }
  .ground { fill: #ffffff; } .warm { fill: #eef1f5; } .rule { stroke: #d9dee5; } .axis { stroke: #7b8490; }
  .curve { fill: none; stroke-width: 1.6; stroke-linejoin: round; } .fit { stroke-width: 1.2; stroke: #16191d; }
  .band { fill: #16191d; fill-opacity: 0.14; } .limit { stroke: #a32020; stroke-dasharray: 6 4; }
  .c0 { stroke: #1f66c1; } .t0 { fill: #1f66c1; } .c1 { stroke: #b4560b; } .t1 { fill: #b4560b; } .tl { fill: #a32020; }
  @media (prefers-color-scheme: dark) {
    text { fill: #b6bec9; } .head { fill: #f2f4f7; } .name { fill: #f2f4f7; } .ground { fill: #16191d; } .warm { fill: #22272e; }
    .rule { stroke: #343b45; } .axis { stroke: #7b8490; } .fit { stroke: #f2f4f7; }
    .band { fill: #f2f4f7; fill-opacity: 0.18; } .limit { stroke: #ff8d85; }
    .c0 { stroke: #6fb0ff; } .t0 { fill: #6fb0ff; } .c1 { stroke: #f0a35c; } .t1 { fill: #f0a35c; } .tl { fill: #ff8d85; }
  }`;

interface Frame {
  readonly x: (minutes: number) => number;
  readonly y: (value: number) => number;
  readonly top: number;
  readonly bottom: number;
}

/** @returns A whole SVG file. */
export function drawPlot({ title, minutes, warmUpMinutes, panels }: Plot): string {
  const height = TOP + panels.length * (PANEL.height + PANEL.gap) - PANEL.gap + BOTTOM;
  const last = Math.max(minutes.at(-1) ?? 0, warmUpMinutes, 1 / 60);
  const x = (at: number) => LEFT + ((WIDTH - LEFT - RIGHT) * at) / last;
  const drawn = panels.map((panel, i) => {
    const top = TOP + i * (PANEL.height + PANEL.gap);
    return drawPanel(panel, { minutes, warmUpMinutes, last, x, top });
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">`,
    `<title>${escape(title)}</title><style>${STYLE}\n</style>`,
    `<rect class="ground" width="${WIDTH}" height="${height}"/>`,
    text(LEFT, 26, title, 'head'),
    ...drawn,
    text(
      (LEFT + WIDTH - RIGHT) / 2,
      height - 12,
      'minutes since the start; shaded: warm-up, which does not count',
      '',
      'middle',
    ),
    '</svg>\n',
  ].join('\n');
}

interface Time {
  readonly minutes: readonly number[];
  readonly warmUpMinutes: number;
  readonly last: number;
  readonly x: (minutes: number) => number;
  readonly top: number;
}

function drawPanel(
  { title, unit, curves, limit }: Panel,
  { minutes, warmUpMinutes, last, x, top }: Time,
): string {
  const bottom = top + PANEL.height;
  const values = curves.flatMap((curve) => curve.values.filter(Number.isFinite));
  const rows = ticks(Math.max(...values, limit?.value ?? 0, 1e-9), ROWS);
  const most = rows.at(-1)!;
  const frame: Frame = { x, y: (value) => bottom - (PANEL.height * value) / most, top, bottom };
  return [
    rectangle('warm', x(0), top, x(warmUpMinutes) - x(0), PANEL.height),
    ...rows.map((row) => rule('rule', x(0), frame.y(row), x(last), frame.y(row))),
    ...rows.map((row) => text(LEFT - 8, frame.y(row) + 4, label(row), '', 'end')),
    rule('axis', x(0), bottom, x(last), bottom),
    ...ticks(last, 8)
      .filter((at) => at <= last)
      .map((at) => text(x(at), bottom + 18, label(at), '', 'middle')),
    text(LEFT, top - 10, `${title} (${unit})`, 'name'),
    ...(limit ? [rule('limit', x(0), frame.y(limit.value), x(last), frame.y(limit.value))] : []),
    ...curves.map((curve, i) => drawCurve(curve, i, minutes, frame)),
    ...curves.map((curve) => drawFit(curve, minutes, warmUpMinutes, frame)),
    ...namesBeside(curves, limit, frame),
    ...slopeWords(curves, unit, top),
  ].join('\n');
}

function drawCurve({ values }: Curve, colour: number, minutes: readonly number[], { x, y }: Frame): string {
  const points = values.flatMap((value, i) =>
    Number.isFinite(value) ? [`${digits(x(minutes[i]!))},${digits(y(value))}`] : [],
  );
  return `<polyline class="curve c${colour}" points="${points.join(' ')}"/>`;
}

/** The line, and all lines through its middle whose slope is in the interval. */
function drawFit(
  { slope }: Curve,
  minutes: readonly number[],
  warmUpMinutes: number,
  { x, y }: Frame,
): string {
  if (!slope) return '';
  const counted = minutes.filter((at) => at >= warmUpMinutes);
  const [from, to] = [counted[0]!, counted.at(-1)!];
  const middle = counted.reduce((sum, at) => sum + at, 0) / counted.length;
  const at = (minute: number, perHour: number) => {
    const value = slope.start + (slope.slope * middle + perHour * (minute - middle)) / 60;
    return `${digits(x(minute))},${digits(y(Math.max(0, value)))}`;
  };
  const { low, high } = slope;
  const [left, right] = [
    `${at(from, low)} ${at(middle, low)} ${at(from, high)}`,
    `${at(to, low)} ${at(middle, low)} ${at(to, high)}`,
  ];
  const line = `${at(from, slope.slope)} ${at(to, slope.slope)}`;
  return `<polygon class="band" points="${left}"/><polygon class="band" points="${right}"/><polyline class="curve fit" points="${line}"/>`;
}

/** What the curves are called, at the height where they end, but never one on the other. */
function namesBeside(curves: readonly Curve[], limit: Panel['limit'], { y, top, bottom }: Frame): string[] {
  const names = [
    ...curves.map(({ name, values }, i) => ({
      name,
      kind: `t${i}`,
      at: y(values.findLast(Number.isFinite) ?? 0),
    })),
    ...(limit ? [{ name: limit.name, kind: 'tl', at: y(limit.value) }] : []),
  ].sort((a, b) => a.at - b.at);
  let above = top - LINE_HEIGHT;
  const placed = names.map((name) => ({ ...name, at: (above = Math.max(name.at, above + LINE_HEIGHT)) }));
  const over = Math.max(0, above - bottom);
  return placed.map(({ name, kind, at }) => text(WIDTH - RIGHT + 10, at + 4 - over, name, kind));
}

function slopeWords(curves: readonly Curve[], unit: string, top: number): string[] {
  const words = curves.flatMap(({ name, slope }) => (slope ? [`${name}: ${slopeInWords(slope, unit)}`] : []));
  return words.length === 0 ? [] : [text(WIDTH - RIGHT, top - 10, words.join(';  '), '', 'end')];
}

/** As people write it: the slope, and the interval in brackets. */
export function slopeInWords({ slope, low, high }: Slope, unit: string): string {
  const signed = (value: number) => {
    const shown = Number(value.toPrecision(2));
    return `${shown < 0 ? '−' : '+'}${Math.abs(shown)}`;
  };
  return `${signed(slope)} ${unit} an hour (95 %: ${signed(low)} to ${signed(high)})`;
}

/** Round numbers from 0 up to the first that is not below `most`, at most `count` steps. */
export function ticks(most: number, count: number): number[] {
  const rough = most / count;
  const ten = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * ten).find((size) => size * (1 + 1e-9) >= rough)!;
  const steps = Math.ceil(most / step - 1e-9);
  return Array.from({ length: steps + 1 }, (_, i) => i * step);
}

function label(value: number): string {
  const [whole, ...decimals] = String(Number(value.toPrecision(6))).split('.');
  return [whole!.replace(/\B(?=(\d{3})+$)/g, ','), ...decimals].join('.');
}

function rectangle(kind: string, x: number, y: number, width: number, height: number): string {
  return `<rect class="${kind}" x="${digits(x)}" y="${digits(y)}" width="${digits(width)}" height="${digits(height)}"/>`;
}

function rule(kind: string, x1: number, y1: number, x2: number, y2: number): string {
  return `<line class="${kind}" x1="${digits(x1)}" y1="${digits(y1)}" x2="${digits(x2)}" y2="${digits(y2)}"/>`;
}

function text(x: number, y: number, words: string, kind = '', anchor = 'start'): string {
  return `<text class="${kind}" x="${digits(x)}" y="${digits(y)}" text-anchor="${anchor}">${escape(words)}</text>`;
}

function digits(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escape(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
