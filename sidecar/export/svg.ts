/** Outlines → SVG: one path an object, in the image's own pixels. */
import type { Size } from '../../protocol/geometry.js';
import type { ExportedObject } from './object.js';

/**
 * @param objects In painting order.
 * @returns A standalone document whose width, height and viewBox are the image's.
 */
export function toSvg({ width, height }: Size, objects: readonly ExportedObject[]): string {
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  const paths = objects.map(toPath).join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>\n${paths}\n</svg>\n`;
}

function toPath({ id, outline, properties }: ExportedObject): string {
  const data = Object.entries({
    ...properties,
    nodes: outline.nodes,
    tolerancePx: outline.tolerancePx,
    maxDeviationPx: outline.maxDeviationPx,
  });
  const attributes = data.map(([name, value]) => `data-${kebabCase(name)}="${round(value)}"`).join(' ');
  return `  <path id="${id}" fill-rule="evenodd" ${attributes} d="${outline.path}"/>`;
}

function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
