/**
 * A tree of masks → SVG. An object with parts is a group that holds its own path first and then its parts, so that
 * design programs show the tree as nested layers.
 */
import type { Size } from '../../protocol/geometry.js';
import { regionId, type MaskNode, type MaskTree } from './mask-tree.js';
import { formatAttributes, pathElement, svgDocument, titleElement } from './svg.js';

/** Degrees between the hues of one object and the next: the golden angle keeps neighbours apart. */
const HUE_STEP = 137.508;
const SATURATION = 0.75;
const LIGHTNESS = 0.45;
const FILL_OPACITY = 0.3;
/** A line this share of the longer side is seen when the whole image is. */
const STROKE_SHARE = 1 / 1000;
const THINNEST_STROKE_PX = 0.5;

export function treeToSvg(size: Size, tree: MaskTree): string {
  // Presentation attributes and plain colours, since not every design program reads style sheets.
  const look = formatAttributes({
    id: 'objects',
    'fill-opacity': FILL_OPACITY,
    'stroke-width': Math.max(THINNEST_STROKE_PX, STROKE_SHARE * Math.max(size.width, size.height)),
    'stroke-linejoin': 'round',
  });
  const colors = new Map(tree.nodes.map((node, index) => [node, hslColor(index * HUE_STEP)]));
  const lines = tree.roots.flatMap((root) => nodeLines(root, colors, '    '));
  return svgDocument(size, [`  <g ${look}>`, ...lines, '  </g>']);
}

function nodeLines(node: MaskNode, colors: ReadonlyMap<MaskNode, string>, indent: string): string[] {
  const { mask, parts } = node;
  if (parts.length === 0) return [`${indent}${nodePath(node, colors)}`];
  const inner = `${indent}  `;
  return [
    `${indent}<g id="${regionId(mask)}-group">`,
    `${inner}${titleElement(mask.name)}`,
    `${inner}${nodePath(node, colors)}`,
    ...parts.flatMap((part) => nodeLines(part, colors, inner)),
    `${indent}</g>`,
  ];
}

function nodePath(node: MaskNode, colors: ReadonlyMap<MaskNode, string>): string {
  const { mask, parent } = node;
  const { name, predictedIou, stabilityScore, area, outline } = mask;
  const properties = {
    name,
    ...(parent && { parent: regionId(parent.mask) }),
    predictedIou,
    stabilityScore,
    area,
  };
  const color = colors.get(node)!;
  const attributes = { fill: color, stroke: color };
  return pathElement({ id: regionId(mask), outline, properties }, { attributes, title: name });
}

/** @param hue Degrees. @returns #rrggbb, which every program reads, unlike hsl(). */
function hslColor(hue: number): string {
  const chroma = SATURATION * Math.min(LIGHTNESS, 1 - LIGHTNESS);
  const channel = (offset: number): string => {
    const k = (offset + hue / 30) % 12;
    const value = LIGHTNESS - chroma * Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return Math.round(255 * value)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}
