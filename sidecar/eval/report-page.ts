/** What the pages of all evaluations have in common. */
import sharp from 'sharp';
import type { RgbImage } from '../../models/adapter.js';
import { fieldFromMask } from '../../models/logit-field.js';
import { traceField } from '../../models/trace/outline.js';
import type { Size } from '../../protocol/geometry.js';
import { escapeXml } from '../export/xml.js';

export const OURS = '#0d99ff';
export const TRUTH = '#ff3b9a';
export const THEIRS = '#8a8a8a';

/** Width of one picture, CSS pixels. */
export const PICTURE_PX = 320;

/** @param body HTML. */
export function reportPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${escapeXml(title)}</title>
<style>
  :root { color-scheme: light dark; font: 14px/1.45 system-ui, sans-serif; }
  body { margin: 2rem auto; max-width: 75rem; padding: 0 1rem; }
  table { border-collapse: collapse; } td, th { padding: 0.2rem 0.8rem 0.2rem 0; text-align: right; }
  th:first-child { text-align: left; }
  section > div { display: flex; flex-wrap: wrap; gap: 0.75rem; } figure { margin: 0; width: ${PICTURE_PX}px; }
  figure svg, figure img { display: block; width: 100%; height: auto; } figcaption { opacity: 0.75; }
  .ours { color: ${OURS}; } .truth { color: ${TRUTH}; } .theirs { color: ${THEIRS}; }
</style>
<h1>${escapeXml(title)}</h1>
${body}
</html>
`;
}

/** @param rows The first is the head; the first cell of each names it. Cells are HTML. */
export function htmlTable(rows: readonly (readonly string[])[]): string {
  const [head, ...body] = rows;
  const cells = (row: readonly string[], tag: 'th' | 'td') =>
    row.map((cell, k) => (k === 0 ? `<th>${cell}</th>` : `<${tag}>${cell}</${tag}>`)).join('');
  return `<table><tr>${cells(head!, 'th')}</tr>${body.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('')}</table>`;
}

/** A picture and what is under it, both HTML. */
export function figure(picture: string, caption: string): string {
  return `<figure>${picture}<figcaption>${caption}</figcaption></figure>`;
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** A JPEG of an image, no wider than sharp screens show a picture. */
export async function toDataUri({ data, width, height }: RgbImage): Promise<string> {
  const jpeg = await sharp(data, { raw: { width, height, channels: 3 } })
    .resize({ width: 2 * PICTURE_PX, withoutEnlargement: true })
    .jpeg({ quality: 80 })
    .toBuffer();
  return `data:image/jpeg;base64,${jpeg.toString('base64')}`;
}

/** @param mask Uint8, height × width, 0 or 1. */
export function pathOfMask(mask: Uint8Array, size: Size, tolerancePx: number): string {
  return traceField(fieldFromMask(mask, size), { tolerancePx, minRegionPx: 0 }).outline.path;
}
