/** Outlines → SVG: one path an object, in the image's own pixels. */
import type { Size } from '../../protocol/geometry.js';
import type { OutlinedObject } from './object.js';
import { escapeXml } from './xml.js';

/** How a path looks and what it is called, where that is for the path to say. */
export interface SvgLook {
  readonly attributes: Readonly<Record<string, string>>;
  readonly title: string;
}

/**
 * @param objects In painting order.
 * @returns A standalone document whose width, height and viewBox are the image's.
 */
export function toSvg(size: Size, objects: readonly OutlinedObject[]): string {
  return svgDocument(
    size,
    objects.map((object) => `  ${pathElement(object)}`),
  );
}

/** @param lines The document's content, indented. */
export function svgDocument({ width, height }: Size, lines: readonly string[]): string {
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>\n${lines.join('\n')}\n</svg>\n`;
}

export function pathElement({ id, outline, properties }: OutlinedObject, look?: SvgLook): string {
  const data = Object.entries({
    ...properties,
    nodes: outline.nodes,
    tolerancePx: outline.tolerancePx,
    maxDeviationPx: outline.maxDeviationPx,
  }).map(([name, value]) => [`data-${kebabCase(name)}`, typeof value === 'number' ? round(value) : value]);
  const attributes = formatAttributes({ ...look?.attributes, ...Object.fromEntries(data), d: outline.path });
  const end = look ? `>${titleElement(look.title)}</path>` : '/>';
  return `<path id="${id}" fill-rule="evenodd" ${attributes}${end}`;
}

export function titleElement(text: string): string {
  return `<title>${escapeXml(text)}</title>`;
}

/** Attributes in a tag, from a record. */
export function formatAttributes(attributes: Readonly<Record<string, number | string>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => `${name}="${escapeXml(String(value))}"`)
    .join(' ');
}

function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
