/** A page to look at: objects on large photographs, as found and refined, whole and where the edge is farthest off. */
import sharp from 'sharp';
import type { RgbImage } from '../../../models/adapter.js';
import { cropImage, growBox } from '../../../models/crop.js';
import type { Box, Point, Size } from '../../../protocol/geometry.js';
import { escapeXml } from '../../export/xml.js';
import {
  figure,
  htmlTable,
  OURS,
  pathOfMask,
  percent,
  PICTURE_PX,
  reportPage,
  THEIRS,
  toDataUri,
  TRUTH,
} from '../report-page.js';
import type { EdgeComparison, EdgeEvaluation, EdgeScores, RefinedComposite } from './evaluate-edges.js';

/** Around the object in the first picture, as a share of its size. */
const ROOM = 0.15;

/** Side of the second picture, image pixels: edges that are off by one show. */
const DETAIL_PX = 160;

export class EdgePage {
  readonly #sections: string[] = [];

  async add({
    composite,
    truth,
    comparison,
    before,
    after,
    softAlpha,
    softColours,
  }: RefinedComposite): Promise<void> {
    const { name, kind, image, box } = composite;
    const truthPath = pathOfMask(truth, image, 0.5);
    const whole = growBox(box, ROOM * Math.max(box[2] - box[0], box[3] - box[1]), image);
    const detail = around(worstPlace(truth, before.mask, image), image);
    const lines = [
      `<path d="${truthPath}" stroke="${TRUTH}" stroke-width="3"/>`,
      `<path d="${before.path}" stroke="${THEIRS}"/>`,
      `<path d="${after.path}" stroke="${OURS}"/>`,
    ].join('');
    const pictures = [
      figure(await overlay(image, whole, lines), `${kind}: ${escapeXml(name)}`),
      figure(await overlay(image, detail, lines), 'where it was farthest off as found'),
      figure(await cutOut(image, softColours, softAlpha, detail), 'cut out there, with a soft edge of 2 px'),
    ];
    const { before: was, after: is } = comparison;
    const scores = `within 2 px ${percent(was.boundaryF2px)} → ${percent(is.boundaryF2px)}`;
    this.#sections.push(`<section><h3>${scores}</h3><div>${pictures.join('')}</div></section>`);
  }

  render(evaluation: EdgeEvaluation): string {
    const { composites, size, byKind, found, worse } = evaluation;
    return reportPage(
      `Edges on ${composites} composites of ${size[1]}×${size[0]} px`,
      `${htmlTable([
        ['', 'overlap', 'within 1 px', 'within 2 px', 'coverage off', 'nodes', 'time'],
        ...rows('all', evaluation),
        ...Object.entries(byKind).flatMap(([kind, group]) => rows(`${kind} (${group.composites})`, group)),
        ...(found ? rows(`found, without fur (${found.composites})`, found) : []),
      ])}
<p>Worse within 2 px after refining: ${worse}.</p>
<p><b class="truth">Truth</b>, <b class="theirs">as found</b>, <b class="ours">refined</b>.</p>
${this.#sections.join('\n')}`,
    );
  }
}

function rows(name: string, { before, after, softAlphaError }: EdgeComparison): string[][] {
  const row = (label: string, { iou, boundaryF1px, boundaryF2px, alphaError, nodes, ms }: EdgeScores) => [
    label,
    percent(iou),
    percent(boundaryF1px),
    percent(boundaryF2px),
    percent(alphaError),
    nodes.toFixed(0),
    `${ms.toFixed(0)} ms`,
  ];
  return [
    row(`${name}, as found`, before),
    row(`${name}, refined`, after),
    ...Object.entries(softAlphaError).map(([px, error]) => [
      `${name}, soft edge ${px} px`,
      '',
      '',
      '',
      percent(error),
      '',
      '',
    ]),
  ];
}

function around([x, y]: Point, image: RgbImage): Box {
  return growBox([x, y, x, y], DETAIL_PX / 2, image);
}

/** The middle of the square in which most pixels were on the wrong side. */
function worstPlace(truth: Uint8Array, before: Uint8Array, { width, height }: Size): Point {
  const columns = Math.ceil(width / DETAIL_PX);
  const wrong = new Uint32Array(columns * Math.ceil(height / DETAIL_PX));
  for (let y = 0, k = 0; y < height; y++) {
    const row = Math.floor(y / DETAIL_PX) * columns;
    for (let x = 0; x < width; x++, k++) {
      if (before[k] !== truth[k]) wrong[row + Math.floor(x / DETAIL_PX)]!++;
    }
  }
  const most = wrong.indexOf(Math.max(...wrong));
  return [((most % columns) + 0.5) * DETAIL_PX, (Math.floor(most / columns) + 0.5) * DETAIL_PX];
}

async function overlay(image: RgbImage, box: Box, lines: string): Promise<string> {
  const [x0, y0, x1, y1] = box;
  const photo = await toDataUri(cropImage(image, box));
  const [width, height] = [x1 - x0, y1 - y0];
  const unit = width / PICTURE_PX;
  return (
    `<svg viewBox="${x0} ${y0} ${width} ${height}" fill="none" stroke-width="${1.5 * unit}">` +
    `<image href="${photo}" x="${x0}" y="${y0}" width="${width}" height="${height}"/>${lines}</svg>`
  );
}

/** Over a colour that is in no photograph, so that rims show. */
async function cutOut(image: RgbImage, colours: Uint8Array, alpha: Uint8Array, box: Box): Promise<string> {
  const { data, width, height } = cropImage({ ...image, data: colours }, box);
  const rgba = new Uint8Array(4 * width * height);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to++) {
      rgba.set(data.subarray(3 * to, 3 * to + 3), 4 * to);
      rgba[4 * to + 3] = alpha[(box[1] + y) * image.width + box[0] + x]!;
    }
  }
  const png = await sharp(rgba, { raw: { width, height, channels: 4 } })
    .flatten({ background: '#1e5bff' })
    .png()
    .toBuffer();
  return `<img src="data:image/png;base64,${png.toString('base64')}" alt="">`;
}
