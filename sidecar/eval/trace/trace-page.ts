/** A page to look at: every mask with its outline and nodes, and the figures beside other tracers'. */
import { escapeXml } from '../../export/xml.js';
import { figure, htmlTable, OURS, percent, reportPage } from '../report-page.js';
import type { TraceEvaluation, TracedMask } from './evaluate-trace.js';

/** Radius of a node, as a share of the picture's width. */
const NODE = 1 / 160;

export class TracePage {
  readonly #figures: string[] = [];

  add({ mask, outline: { path, nodes, maxDeviationPx }, scores }: TracedMask): void {
    const { width, height } = mask;
    const unit = width * NODE;
    const dots = nodesOf(path).map(([x, y]) => `<circle cx="${x}" cy="${y}" r="${unit}" fill="${OURS}"/>`);
    const picture =
      `<svg viewBox="0 0 ${width} ${height}"><path d="${pixelPath(mask)}" fill="currentColor" opacity="0.3"/>` +
      `<path d="${path}" fill="none" stroke="${OURS}" stroke-width="${unit / 2}"/>${dots.join('')}</svg>`;
    const about = `${nodes} nodes, at most ${maxDeviationPx.toFixed(2)} px off, ${percent(scores.iou)}`;
    this.#figures.push(figure(picture, `${escapeXml(mask.name)}: ${about}`));
  }

  render(evaluation: TraceEvaluation): string {
    const { masks, tolerancePx, cutline, rivals, byTolerance, rises } = evaluation;
    const row = (name: string, { segments, iou, meanDeviationPx, ms }: TraceEvaluation['cutline']) => [
      name,
      String(segments),
      percent(iou),
      `${meanDeviationPx.toFixed(3)} px`,
      `${ms.toFixed(1)} ms`,
    ];
    return reportPage(
      `Outlines of ${masks} masks within ${tolerancePx} px`,
      `${htmlTable([
        ['', 'segments', 'overlap', 'mean deviation', 'time a mask'],
        row('<span class="ours">Cutline</span>', cutline),
        ...rivals.map((rival) => row(escapeXml(rival.name), rival)),
      ])}
<h2>By tolerance</h2>
<p>Steps to more tolerance that took more segments: ${rises}.</p>
${htmlTable([
  ['tolerance', 'segments', 'at most off'],
  ...byTolerance.map(({ tolerancePx: px, segments, maxDeviationPx }) => [
    `${px} px`,
    String(segments),
    `${maxDeviationPx.toFixed(2)} px`,
  ]),
])}
<h2>Every mask</h2>
<section><div>${this.#figures.join('\n')}</div></section>`,
    );
  }
}

/** End points of a path's segments. */
function nodesOf(path: string): (readonly [number, number])[] {
  return [...path.matchAll(/[MLC]([^MLCZ]*)/g)].map(([, values]) => {
    const numbers = values!
      .trim()
      .split(/[\s,]+/)
      .map(Number);
    return [numbers.at(-2)!, numbers.at(-1)!] as const;
  });
}

/** The mask's pixels as they are: runs of each row. */
function pixelPath({ mask, width, height }: TracedMask['mask']): string {
  const parts: string[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0, start = -1; x <= width; x++) {
      const isInside = x < width && mask[y * width + x] === 1;
      if (isInside && start < 0) start = x;
      if (isInside || start < 0) continue;
      parts.push(`M${start} ${y}H${x}V${y + 1}H${start}Z`);
      start = -1;
    }
  }
  return parts.join('');
}
