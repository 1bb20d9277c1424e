/** Shapes to draw masks with. */
import type { Size } from '../../../protocol/geometry.js';

export interface NamedMask extends Size {
  readonly name: string;
  /** Uint8, height × width, 0 or 1. */
  readonly mask: Uint8Array;
}

/** Whether a point, in pixels from the top left, is inside a shape. */
export type Shape = (x: number, y: number) => boolean;
type Vertex = readonly [number, number];
export type Polyline = readonly Vertex[];

/** Width and height of every mask. */
export const SIDE = 400;

/** @param kind What it is of. */
export function draw(kind: string, name: string, inside: Shape): NamedMask {
  const mask = new Uint8Array(SIDE * SIDE);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) mask[y * SIDE + x] = inside(x + 0.5, y + 0.5) ? 1 : 0;
  }
  return { name: `${kind}: ${name}`, mask, width: SIDE, height: SIDE };
}

/** Everything within a distance of some strokes. */
export function stroke(kind: string, name: string, strokes: readonly Polyline[], radius: number): NamedMask {
  const mask = new Uint8Array(SIDE * SIDE);
  for (const line of strokes) {
    for (let k = 1; k < line.length; k++) strokeSegment(mask, line[k - 1]!, line[k]!, radius);
  }
  return { name: `${kind}: ${name}`, mask, width: SIDE, height: SIDE };
}

function strokeSegment(mask: Uint8Array, [ax, ay]: Vertex, [bx, by]: Vertex, radius: number): void {
  const [dx, dy] = [bx - ax, by - ay];
  const squared = dx * dx + dy * dy;
  const clamp = (at: number) => Math.min(SIDE, Math.max(0, Math.floor(at)));
  const [x0, x1] = [clamp(Math.min(ax, bx) - radius), clamp(Math.max(ax, bx) + radius + 1)];
  const [y0, y1] = [clamp(Math.min(ay, by) - radius), clamp(Math.max(ay, by) + radius + 1)];
  for (let y = y0; y < y1; y++) {
    for (let x = x0; x < x1; x++) {
      const [px, py] = [x + 0.5 - ax, y + 0.5 - ay];
      const t = Math.min(1, Math.max(0, (px * dx + py * dy) / squared));
      if ((px - t * dx) ** 2 + (py - t * dy) ** 2 < radius * radius) mask[y * SIDE + x] = 1;
    }
  }
}

export function rotated(shape: Shape, cx: number, cy: number, angle: number): Shape {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return (x, y) => shape((x - cx) * c + (y - cy) * s, (y - cy) * c - (x - cx) * s);
}

export function polygon(points: Polyline): Shape {
  return (x, y) => {
    let inside = false;
    points.forEach(([x1, y1], k) => {
      const [x0, y0] = points[(k || points.length) - 1]!;
      if (y0 > y !== y1 > y && x < x0 + ((y - y0) / (y1 - y0)) * (x1 - x0)) inside = !inside;
    });
    return inside;
  };
}

export function star(cx: number, cy: number, outer: number, inner: number, tips: number): Polyline {
  return Array.from({ length: 2 * tips }, (_, k) => {
    const radius = k % 2 ? inner : outer;
    const angle = (Math.PI * k) / tips + 0.2;
    return [cx + radius * Math.sin(angle), cy - radius * Math.cos(angle)] as const;
  });
}

export function annulus(cx: number, cy: number, inner: number, outer: number): Shape {
  return (x, y) => Math.hypot(x - cx, y - cy) >= inner && Math.hypot(x - cx, y - cy) < outer;
}

export function box(x: number, y: number, x0: number, y0: number, x1: number, y1: number): boolean {
  return x >= x0 && x < x1 && y >= y0 && y < y1;
}

export function gear(x: number, y: number): boolean {
  const tooth = Math.cos(14 * Math.atan2(y, x)) > 0;
  return Math.hypot(x, y) < (tooth ? 170 : 140);
}

export function arrow(x: number, y: number): boolean {
  return (Math.abs(y) < 18 && x > -90 && x < 20) || (x >= 20 && x < 90 && Math.abs(y) < (90 - x) * 0.8);
}

export function ray(x: number, y: number, length: number, angle: number): Polyline {
  return [
    [x, y],
    [x + length * Math.cos(angle), y + length * Math.sin(angle)],
  ];
}

export function wave(x0: number, x1: number, y: number, height: number, frequency: number): Polyline {
  return Array.from(
    { length: x1 - x0 + 1 },
    (_, k) => [x0 + k, y + height * Math.sin(frequency * k)] as const,
  );
}

export function spiral(cx: number, cy: number, r0: number, r1: number, turns: number): Polyline {
  return Array.from({ length: 241 }, (_, k) => {
    const t = k / 240;
    const radius = r0 + (r1 - r0) * t;
    return [
      cx + radius * Math.cos(2 * Math.PI * turns * t),
      cy + radius * Math.sin(2 * Math.PI * turns * t),
    ] as const;
  });
}

export function lattice(from: number, to: number, step: number): Polyline[] {
  const lines: Polyline[] = [];
  for (let at = from; at <= to; at += step) {
    lines.push(
      [
        [from, at + 0.1 * from],
        [to, at - 0.1 * from],
      ],
      [
        [at, from],
        [at, to],
      ],
    );
  }
  return lines;
}

export function tree(x: number, y: number, angle: number, length: number, depth: number): Polyline[] {
  const trunk = ray(x, y, length, angle);
  const [, tip] = trunk;
  if (depth === 0) return [trunk];
  const shorter = length * 0.68;
  return [
    trunk,
    ...tree(tip![0], tip![1], angle - 0.45, shorter, depth - 1),
    ...tree(tip![0], tip![1], angle + 0.55, shorter, depth - 1),
  ];
}

function arc(cx: number, cy: number, radius: number, from: number, to: number): Polyline {
  return Array.from({ length: 33 }, (_, k) => {
    const angle = from + ((to - from) * k) / 32;
    return [cx + radius * Math.cos(angle), cy + radius * Math.sin(angle)] as const;
  });
}

type Letter = (x: number, y: number, scale: number) => Polyline[];

/** Letters as strokes in an 80 × 100 box. */
function letter(strokes: readonly Polyline[]): Letter {
  return (x, y, scale) =>
    strokes.map((stroke) => stroke.map(([u, v]) => [x + u * scale, y + v * scale] as const));
}

export const letterA = letter([
  [
    [0, 100],
    [40, 0],
    [80, 100],
  ],
  [
    [18, 62],
    [62, 62],
  ],
]);
export const letterK = letter([
  [
    [10, 0],
    [10, 100],
  ],
  [
    [75, 0],
    [10, 55],
  ],
  [
    [30, 40],
    [78, 100],
  ],
]);
export const letterR = letter([
  [
    [10, 100],
    [10, 0],
    [45, 0],
  ],
  arc(45, 26, 26, -Math.PI / 2, Math.PI / 2),
  [
    [45, 52],
    [10, 52],
  ],
  [
    [42, 52],
    [74, 100],
  ],
]);
export const letterB = letter([
  [
    [45, 0],
    [10, 0],
    [10, 100],
    [45, 100],
  ],
  arc(45, 24, 24, -Math.PI / 2, Math.PI / 2),
  arc(45, 74, 26, -Math.PI / 2, Math.PI / 2),
  [
    [10, 48],
    [45, 48],
  ],
]);
export const letterS = letter([
  arc(40, 25, 25, -0.3, -Math.PI * 1.5),
  arc(40, 75, 25, -Math.PI / 2, Math.PI * 0.9),
]);
export const letterG = letter([
  arc(42, 50, 44, -0.8, -Math.PI * 1.85),
  [
    [84, 62],
    [50, 62],
  ],
]);

/** Smooth value noise in [0, 1]. */
export function noise(x: number, y: number, seed: number): number {
  const [i, j] = [Math.floor(x), Math.floor(y)];
  const [u, v] = [ease(x - i), ease(y - j)];
  const top = hash(i, j, seed) * (1 - u) + hash(i + 1, j, seed) * u;
  const bottom = hash(i, j + 1, seed) * (1 - u) + hash(i + 1, j + 1, seed) * u;
  return top * (1 - v) + bottom * v;
}

function ease(t: number): number {
  return t * t * (3 - 2 * t);
}

function hash(i: number, j: number, seed: number): number {
  let h = Math.imul(i, 374761393) ^ Math.imul(j, 668265263) ^ Math.imul(seed, 2246822519);
  h = Math.imul(h ^ (h >>> 13), 1274126177);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}

/** A repeatable source of numbers in [0, 1). */
export function randomFrom(seed: number): () => number {
  let k = 0;
  return () => hash(k++, seed, 77);
}

export function angleOf(x: number, y: number): number {
  return Math.atan2(y - 200, x - 200);
}

export function mod(value: number, by: number): number {
  return value - by * Math.floor(value / by);
}
