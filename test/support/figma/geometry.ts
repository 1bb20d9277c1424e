/** `fillGeometry`: the shape that a node's fills are seen in, written as tightly as Figma may write it. */
import { apply } from './matrix.js';
import { writePath } from './paths.js';
import { relativeTransform, sizeOf } from './tree.js';
import type { NodeRecord } from './tree.js';

interface Shape {
  readonly windingRule: string;
  readonly data: string;
}

/** How far the control points of a quarter of a circle are out, in radii. */
const QUARTER = 0.5522847498;

export function fillGeometry(record: NodeRecord): Shape[] {
  if (record.type === 'BOOLEAN_OPERATION') return record.children.map((child) => operand(record, child));
  // What glyphs look like is not pretended.
  if (record.type === 'TEXT') return [];
  if (record.paths.length > 0) {
    return record.paths.map(({ windingRule, commands }) => ({
      windingRule,
      data: tight(writePath(commands)),
    }));
  }
  const { width, height } = sizeOf(record);
  const radii = record.type === 'ELLIPSE' ? ([width / 2, height / 2] as const) : radiiOf(record);
  return [{ windingRule: 'NONZERO', data: tight(roundedBox(width, height, radii)) }];
}

function radiiOf({ cornerRadius, width, height }: NodeRecord): readonly [number, number] {
  const radius = Math.min(cornerRadius, width / 2, height / 2);
  return [radius, radius];
}

/** All corners alike. */
function roundedBox(w: number, h: number, [rx, ry]: readonly [number, number]): string {
  if (rx === 0) return `M 0 0 L ${w} 0 L ${w} ${h} L 0 ${h} L 0 0 Z`;
  const [kx, ky] = [rx * (1 - QUARTER), ry * (1 - QUARTER)];
  return [
    `M ${rx} 0 L ${w - rx} 0 C ${w - kx} 0 ${w} ${ky} ${w} ${ry}`,
    `L ${w} ${h - ry} C ${w} ${h - ky} ${w - kx} ${h} ${w - rx} ${h}`,
    `L ${rx} ${h} C ${kx} ${h} 0 ${h - ky} 0 ${h - ry}`,
    `L 0 ${ry} C 0 ${ky} ${kx} 0 ${rx} 0 Z`,
  ].join(' ');
}

/** A rectangle in a boolean operation, in the operation's own coordinates. */
function operand(operation: NodeRecord, { relative, width, height }: NodeRecord): Shape {
  const [[, , x], [, , y]] = relativeTransform(operation);
  const corners = [[0, 0] as const, [width, 0] as const, [width, height] as const, [0, height] as const].map(
    (corner) => {
      const [u, v] = apply(relative, corner);
      return `${u - x} ${v - y}`;
    },
  );
  return { windingRule: 'NONZERO', data: tight(`M ${corners.join(' L ')} Z`) };
}

/** Without the spaces that are not needed. */
function tight(path: string): string {
  return path.replace(/ ?([MLCZ]) ?/g, '$1');
}
