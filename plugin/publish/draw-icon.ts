/** The plugin's icon: an outline that lies exactly on a thing, its nodes large enough to be seen in a list. */
import { anchorsOf, APPLE_OUTLINE } from './apple-outline.js';

const ICON_SIZE = 128;

/** The apple's middle and its share of the icon. */
const CENTER = [943, 197] as const;
const SCALE = 0.48;
/** Those of the outline's nodes that are shown: more would touch each other at 32 pixels. */
const SHOWN_NODES = [2, 5, 7, 8];
const NODE_SIZE = 14;

/** @returns An SVG file, 128 × 128, filled to its corners: Figma rounds them. */
export function drawIcon(): string {
  const toIcon = ([x, y]: readonly [number, number]) => [
    64 + (x - CENTER[0]) * SCALE,
    66 + (y - CENTER[1]) * SCALE,
  ];
  const anchors = anchorsOf(APPLE_OUTLINE);
  const nodes = SHOWN_NODES.map((index) => {
    const [x, y] = toIcon(anchors[index]!.at);
    const corner = (value: number) => (value - NODE_SIZE / 2).toFixed(2);
    return `<rect x="${corner(x!)}" y="${corner(y!)}" width="${NODE_SIZE}" height="${NODE_SIZE}" rx="2"/>`;
  });
  const placed = `translate(64 66) scale(${SCALE}) translate(${-CENTER[0]} ${-CENTER[1]})`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${ICON_SIZE}" height="${ICON_SIZE}" viewBox="0 0 128 128">
<defs>
  <linearGradient id="ground" x1="0" y1="0" x2="0" y2="1"><stop stop-color="#2a7f86"/><stop offset="1" stop-color="#14505c"/></linearGradient>
  <radialGradient id="apple" cx=".36" cy=".3" r=".8"><stop stop-color="#ff7a5c"/><stop offset=".5" stop-color="#e2362f"/><stop offset="1" stop-color="#a3161f"/></radialGradient>
</defs>
<rect width="128" height="128" fill="url(#ground)"/>
<g transform="${placed}">
  <path d="${APPLE_OUTLINE}" fill="#0a2b33" opacity=".45" transform="translate(7 13)"/>
  <path d="${APPLE_OUTLINE}" fill="url(#apple)" stroke="#ffffff" stroke-width="${5.5 / SCALE}" stroke-linejoin="round"/>
  <path d="M 936 184 C 938 162 948 146 966 136" fill="none" stroke="#4a1a10" stroke-width="12" stroke-linecap="round"/>
  <path d="M 880 182 C 883 160 893 147 908 140" fill="none" stroke="#ffffff" stroke-opacity=".6" stroke-width="13" stroke-linecap="round"/>
</g>
<g fill="#ffffff" stroke="#0d99ff" stroke-width="4">${nodes.join('')}</g>
</svg>`;
}
