/** The plugin's cover: a part of the sample image, one thing in it outlined as in the plugin, with nodes and handles. */
import { drawSample } from '../workbench/sample-scene.js';
import { anchorsOf, APPLE_OUTLINE } from './apple-outline.js';

const COVER_SIZE = { width: 1920, height: 1080 };

/** The part of the sample that is shown: mug and apple, scissors pointing from one to the other. */
const PART = { x: 424, y: 12, width: 776, height: 436.5 };
/** Sizes are those of the plugin, as seen on the cover. */
const SCALE = COVER_SIZE.width / PART.width;
const LINE = 5 / SCALE;
const HALO = 12 / SCALE;
const NODE = 22 / SCALE;
const HANDLE = 8 / SCALE;
/** The node that is shown selected, with its handles. */
const SELECTED = 5;

/** @returns An SVG file, 1920 × 1080. */
export function drawCover(): string {
  const { x, y, width, height } = PART;
  const sample = drawSample()
    .replace(/^<svg[^>]*>/, '')
    .replace(/<\/svg>\s*$/, '')
    // As large as this, one sees where the blur of the highlights is cut off.
    .replace(
      'id="haze" x="-30%" y="-30%" width="160%" height="160%"',
      'id="haze" x="-1" y="-1" width="3" height="3"',
    );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${COVER_SIZE.width}" height="${COVER_SIZE.height}" viewBox="${x} ${y} ${width} ${height}">
${sample}
<path d="M ${x} ${y} h ${width} v ${height} h ${-width} Z ${APPLE_OUTLINE}" fill="#0b1a20" fill-opacity=".26" fill-rule="evenodd"/>
<g fill="none" stroke-linejoin="round">
  <path d="${APPLE_OUTLINE}" stroke="#000000" stroke-opacity=".55" stroke-width="${HALO}"/>
  <path d="${APPLE_OUTLINE}" stroke="#ffffff" stroke-width="${LINE}"/>
</g>
${nodes()}
</svg>`;
}

function nodes(): string {
  const anchors = anchorsOf(APPLE_OUTLINE);
  const selected = anchors[SELECTED]!;
  const handles = selected.handles.map(
    ([x, y]) =>
      `<path d="M ${selected.at.join(' ')} L ${x} ${y}" stroke="#0d99ff" stroke-width="${3 / SCALE}"/>` +
      `<circle cx="${x}" cy="${y}" r="${HANDLE}" fill="#ffffff" stroke="#0d99ff" stroke-width="${4 / SCALE}"/>`,
  );
  const squares = anchors.map(({ at: [x, y] }, index) => {
    const fill = index === SELECTED ? '#0d99ff' : '#ffffff';
    const stroke = index === SELECTED ? '#ffffff' : '#0d99ff';
    return `<rect x="${x - NODE / 2}" y="${y - NODE / 2}" width="${NODE}" height="${NODE}" rx="${2 / SCALE}" fill="${fill}" stroke="${stroke}" stroke-width="${5 / SCALE}"/>`;
  });
  return [...handles, ...squares].join('\n');
}
