/** A page to look at: how overlap grows click by click, and the objects where it went worst. */
import type { RgbImage } from '../../../models/adapter.js';
import { escapeXml } from '../../export/xml.js';
import {
  figure,
  htmlTable,
  OURS,
  pathOfMask,
  percent,
  PICTURE_PX,
  reportPage,
  toDataUri,
  TRUTH,
} from '../report-page.js';
import type { ClickEvaluation, EvaluatedObject } from './evaluate-clicks.js';
import { INSIDE, type Click } from './next-click.js';

/** Objects shown, and clicks shown of each. */
const MOST_OBJECTS = 24;
export const SHOWN_CLICKS = 3;

/** Collects the objects that went worst, as pictures, while an evaluation runs. */
export class ClickPage {
  private worst: { readonly iou: number; readonly html: string }[] = [];

  async add({ image, truth, cutline }: EvaluatedObject): Promise<void> {
    const shown = Math.min(SHOWN_CLICKS, cutline.answers.length);
    const iou = cutline.ious[shown - 1] ?? 0;
    if (this.worst.length === MOST_OBJECTS && iou >= this.worst.at(-1)!.iou) return;
    const photo = await toDataUri(image);
    const isInside = truth.pixels.map((pixel) => (pixel === INSIDE ? 1 : 0));
    const truthPath = pathOf(isInside, image);
    const pictures = cutline.answers.slice(0, shown).map((answer, k) => {
      const clicks = cutline.clicks.slice(0, k + 1);
      const caption = `${k + 1} ${k === 0 ? 'click' : 'clicks'}: ${percent(cutline.ious[k]!)}`;
      return figure(overlay(image, photo, truthPath, pathOf(answer, image), clicks), caption);
    });
    const html = `<section><h3>${escapeXml(truth.object)}</h3><div>${pictures.join('')}</div></section>`;
    this.worst.push({ iou, html });
    this.worst.sort((a, b) => a.iou - b.iou);
    this.worst.length = Math.min(MOST_OBJECTS, this.worst.length);
  }

  render(evaluation: ClickEvaluation): string {
    const { objects, images, oracleAtOne } = evaluation;
    return reportPage(
      `Clicks on ${objects} objects in ${images} images`,
      `<p>The best of the decoder’s masks after one click: ${percent(oracleAtOne)} on average.</p>
${chart(evaluation)}
${table(evaluation)}
<h2>Where it went worst after ${SHOWN_CLICKS} clicks</h2>
<p><b class="ours">Outline</b> over <b class="truth">truth</b>; filled dots are clicks inside, rings outside.</p>
${this.worst.map(({ html }) => html).join('\n')}`,
    );
  }
}

function pathOf(mask: Uint8Array, image: RgbImage): string {
  const tolerancePx = Math.max(1, image.width / PICTURE_PX);
  return pathOfMask(mask, image, tolerancePx);
}

function overlay(
  { width, height }: RgbImage,
  photo: string,
  truthPath: string,
  answerPath: string,
  clicks: readonly Click[],
): string {
  const unit = width / PICTURE_PX;
  const dots = clicks.map(({ point: [x, y], inside }) => {
    const paint = inside ? `fill="${OURS}" stroke="#fff"` : `fill="#fff" stroke="${OURS}"`;
    return `<circle cx="${x}" cy="${y}" r="${4 * unit}" ${paint} stroke-width="${1.5 * unit}"/>`;
  });
  return (
    `<svg viewBox="0 0 ${width} ${height}" fill="none"><image href="${photo}" width="${width}" height="${height}"/>` +
    `<path d="${truthPath}" stroke="${TRUTH}" stroke-width="${unit}"/>` +
    `<path d="${answerPath}" stroke="${OURS}" stroke-width="${2 * unit}"/>${dots.join('')}</svg>`
  );
}

function chart({ cutline, baseline, clicks }: ClickEvaluation): string {
  const [width, height] = [480, 200];
  const x = (k: number) => 30 + (k / Math.max(1, clicks - 1)) * (width - 50);
  const y = (iou: number) => height - 24 - iou * (height - 40);
  const line = (ious: readonly number[], name: string) =>
    `<polyline class="${name}" fill="none" stroke="currentColor" stroke-width="2" points="${ious
      .map((iou, k) => `${x(k).toFixed(1)},${y(iou).toFixed(1)}`)
      .join(' ')}"/>`;
  const rules = [0, 0.5, 0.9, 1].map(
    (iou) =>
      `<line x1="30" x2="${width - 20}" y1="${y(iou)}" y2="${y(iou)}" stroke="currentColor" opacity="0.2"/>` +
      `<text x="24" y="${y(iou) + 4}" font-size="10" text-anchor="end" fill="currentColor">${iou}</text>`,
  );
  const labels = cutline.meanIou.map(
    (_, k) =>
      `<text x="${x(k)}" y="${height - 6}" font-size="10" text-anchor="middle" fill="currentColor">${k + 1}</text>`,
  );
  const lines = [baseline && line(baseline.meanIou, 'theirs'), line(cutline.meanIou, 'ours')];
  return `<svg width="${width}" height="${height}" role="img" aria-label="Mean IoU by clicks">${[
    ...rules,
    ...labels,
    ...lines.filter(Boolean),
  ].join('')}</svg>`;
}

function table({ cutline, baseline }: ClickEvaluation): string {
  const goals = Object.keys(cutline.clicksTo);
  const row = (name: string, style: string, { meanIou, clicksTo }: typeof cutline) => [
    `<span class="${style}">${name}</span>`,
    ...meanIou.map(percent),
    ...goals.map((goal) => String(clicksTo[goal])),
  ];
  return htmlTable([
    ['clicks', ...cutline.meanIou.map((_, k) => `${k + 1}`), ...goals.map((goal) => `to ${goal} %`)],
    row('Cutline', 'ours', cutline),
    ...(baseline ? [row('reference', 'theirs', baseline)] : []),
  ]);
}
