/** Masks of every kind, drawn by code: what the tracer is measured on. */
import type { Size } from '../protocol/geometry.js';

export interface NamedMask extends Size {
  readonly name: string;
  readonly kind: 'thin' | 'holes' | 'islands' | 'text' | 'straight' | 'circular' | 'organic' | 'noisy';
  /** Uint8, height × width, 0 or 1. */
  readonly mask: Uint8Array;
}

/** Whether a point, in pixels from the top left, is inside a shape. */
type Shape = (x: number, y: number) => boolean;
type Vertex = readonly [number, number];
type Polyline = readonly Vertex[];

const SIDE = 400;

/** @returns 48 masks, the same ones every time. */
export function generateMasks(): NamedMask[] {
  return [
    ...thinMasks(),
    ...holeMasks(),
    ...islandMasks(),
    ...textMasks(),
    ...straightMasks(),
    ...circularMasks(),
    ...organicMasks(),
    ...noisyMasks(),
  ];
}

function thinMasks(): NamedMask[] {
  const rays = Array.from({ length: 9 }, (_, k) => ray(200, 200, 180, (k * 2 * Math.PI) / 9 + 0.1));
  return [
    stroke('thin', 'hairlines', rays, 1.5),
    stroke('thin', 'wires', [wave(40, 360, 200, 60, 0.03), wave(40, 360, 120, 30, 0.06)], 2.5),
    stroke('thin', 'spiral', [spiral(200, 200, 10, 170, 4)], 3),
    stroke('thin', 'lattice', lattice(40, 360, 64), 2),
    draw('thin', 'ring', annulus(200, 200, 150, 154)),
    stroke('thin', 'twigs', tree(200, 380, -Math.PI / 2, 110, 5), 2.2),
  ];
}

function holeMasks(): NamedMask[] {
  const random = randomFrom(11);
  const holes = Array.from({ length: 14 }, () => [
    60 + 280 * random(),
    60 + 280 * random(),
    6 + 18 * random(),
  ]);
  const inHole: Shape = (x, y) => holes.some(([cx, cy, r]) => Math.hypot(x - cx!, y - cy!) < r!);
  const rings: Shape = (x, y) => Math.floor(Math.hypot(x - 200, y - 200) / 18) % 2 === 0;
  return [
    draw('holes', 'cheese', (x, y) => Math.hypot(x - 200, y - 200) < 180 && !inHole(x, y)),
    draw('holes', 'target', (x, y) => Math.hypot(x - 200, y - 200) < 162 && rings(x, y)),
    draw('holes', 'frame', (x, y) => box(x, y, 30, 50, 370, 350) && !box(x, y, 90, 110, 310, 290)),
    draw('holes', 'windows', (x, y) => box(x, y, 40, 40, 360, 360) && !(x % 64 > 20 && y % 64 > 24)),
    draw('holes', 'border', (x, y) => Math.hypot(x - 60, y - 80) > 90 && Math.hypot(x - 300, y - 330) > 110),
    draw('holes', 'gear', (x, y) => gear(x - 200, y - 200) && Math.hypot(x - 200, y - 200) > 60),
  ];
}

function islandMasks(): NamedMask[] {
  const random = randomFrom(23);
  const dots = Array.from({ length: 40 }, () => [
    20 + 360 * random(),
    20 + 360 * random(),
    2 + 14 * random(),
  ]);
  const leaf: Shape = (x, y) => Math.abs(y) < 12 * Math.sin((Math.PI * (x + 40)) / 80) && Math.abs(x) < 40;
  const leaves: Shape = (x, y) => {
    const [column, row] = [Math.floor(x / 100), Math.floor(y / 100)];
    const angle = column * 1.1 + row * 0.7;
    return rotated(leaf, column * 100 + 50, row * 100 + 50, angle)(x, y);
  };
  return [
    draw('islands', 'dots', (x, y) => dots.some(([cx, cy, r]) => Math.hypot(x - cx!, y - cy!) < r!)),
    draw('islands', 'leaves', leaves),
    draw('islands', 'tiles', (x, y) =>
      rotated((u, v) => mod(u, 50) < 38 && mod(v, 50) < 30, 200, 200, 0.3)(x, y),
    ),
    draw('islands', 'halftone', (x, y) => Math.hypot(mod(x, 25) - 12.5, mod(y, 25) - 12.5) < 2 + x / 45),
    draw('islands', 'archipelago', (x, y) => noise(x / 36, y / 36, 5) > 0.6),
    draw(
      'islands',
      'arrows',
      (x, y) => rotated(arrow, 100, 100, 0.4)(x, y) || rotated(arrow, 280, 270, 2.5)(x, y),
    ),
  ];
}

function textMasks(): NamedMask[] {
  const letters = { A: letterA, R: letterR, S: letterS, G: letterG, K: letterK, B: letterB };
  const bold = Object.entries(letters).map(([name, strokes]) =>
    stroke('text', `bold ${name}`, strokes(60, 40, 3), 22),
  );
  const line: Polyline[] = Object.values(letters).flatMap((strokes, k) => strokes(14 + 64 * k, 150, 0.55));
  return [
    ...bold,
    stroke('text', 'word', line, 5),
    stroke(
      'text',
      'light word',
      line.map((points) => points.map(([x, y]) => [x, y + 0.1 * x] as const)),
      2.5,
    ),
  ];
}

function straightMasks(): NamedMask[] {
  const square: Shape = (x, y) => Math.abs(x) < 120 && Math.abs(y) < 120;
  const house: Shape = (x, y) =>
    (Math.abs(x) < 90 && y > 0 && y < 130) || (y <= 0 && y > -100 && Math.abs(x) < y + 110);
  const stairs: Shape = (x, y) => y > 30 * Math.floor(x / 40) + 20 && x > 20 && y < 380;
  return [
    draw('straight', 'square', rotated(square, 200, 200, 0)),
    draw('straight', 'tilted square', rotated(square, 200, 200, 0.35)),
    draw('straight', 'shallow square', rotated(square, 200, 200, 0.03)),
    draw('straight', 'star', polygon(star(200, 200, 170, 70, 5))),
    draw('straight', 'sharp star', polygon(star(200, 200, 180, 80, 12))),
    draw('straight', 'house', rotated(house, 200, 200, 0.15)),
    draw('straight', 'stairs', stairs),
    draw('straight', 'octagon', polygon(star(200, 200, 160, 160, 4))),
  ];
}

function circularMasks(): NamedMask[] {
  const ellipse: Shape = (x, y) => Math.hypot(x / 170, y / 70) < 1;
  const rounded: Shape = (x, y) =>
    Math.hypot(Math.max(0, Math.abs(x) - 100), Math.max(0, Math.abs(y) - 60)) < 40;
  return [
    draw('circular', 'disc', (x, y) => Math.hypot(x - 200.3, y - 199.6) < 150),
    draw('circular', 'small disc', (x, y) => Math.hypot(x - 200.3, y - 199.6) < 12),
    draw('circular', 'ellipse', rotated(ellipse, 200, 200, 0.5)),
    draw('circular', 'rounded box', rotated(rounded, 200, 200, 0.2)),
    draw(
      'circular',
      'moon',
      (x, y) => Math.hypot(x - 190, y - 200) < 150 && Math.hypot(x - 250, y - 170) > 130,
    ),
    draw(
      'circular',
      'flower',
      (x, y) => Math.hypot(x - 200, y - 200) < 120 + 40 * Math.cos(6 * angleOf(x, y)),
    ),
  ];
}

function organicMasks(): NamedMask[] {
  const blob = (seed: number, wobble: number): Shape => {
    const random = randomFrom(seed);
    const waves = Array.from({ length: 9 }, (_, k) => [random() * 7, (wobble * (random() - 0.5)) / (k + 1)]);
    return (x, y) => {
      const angle = angleOf(x, y);
      const radius = waves.reduce(
        (sum, [phase, size], k) => sum + size! * Math.cos((k + 1) * angle + phase!),
        1,
      );
      return Math.hypot(x - 200, y - 200) < 130 * radius;
    };
  };
  return [
    draw('organic', 'pebble', blob(1, 0.5)),
    draw('organic', 'amoeba', blob(2, 1.4)),
    draw('organic', 'cloud', (x, y) => noise(x / 70, y / 70, 3) - Math.hypot(x - 200, y - 200) / 400 > 0.12),
    draw('organic', 'marble', (x, y) => Math.sin(x / 30 + 4 * noise(x / 60, y / 60, 8)) > 0.2),
  ];
}

function noisyMasks(): NamedMask[] {
  const rough = (amount: number, scale: number, seed: number): Shape => {
    return (x, y) => Math.hypot(x - 200, y - 200) < 140 + amount * (noise(x / scale, y / scale, seed) - 0.5);
  };
  const random = randomFrom(5);
  const grain = Uint8Array.from({ length: SIDE * SIDE }, () => (random() < 0.02 ? 1 : 0));
  const specks: Shape = (x, y) =>
    Math.hypot(x - 200, y - 200) < 140 !== (grain[Math.floor(y) * SIDE + Math.floor(x)] === 1);
  return [
    draw('noisy', 'rough disc', rough(8, 3, 1)),
    draw('noisy', 'rugged disc', rough(30, 9, 2)),
    draw('noisy', 'specks', specks),
    draw(
      'noisy',
      'rough edge',
      (x, y) => y > 200 + 6 * (noise(x / 4, y / 4, 7) - 0.5) && x > 30 && x < 370 && y < 350,
    ),
  ];
}

function draw(kind: NamedMask['kind'], name: string, inside: Shape): NamedMask {
  const mask = new Uint8Array(SIDE * SIDE);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) mask[y * SIDE + x] = inside(x + 0.5, y + 0.5) ? 1 : 0;
  }
  return { kind, name, mask, width: SIDE, height: SIDE };
}

/** Everything within a distance of some strokes. */
function stroke(
  kind: NamedMask['kind'],
  name: string,
  strokes: readonly Polyline[],
  radius: number,
): NamedMask {
  const mask = new Uint8Array(SIDE * SIDE);
  for (const line of strokes) {
    for (let k = 1; k < line.length; k++) strokeSegment(mask, line[k - 1]!, line[k]!, radius);
  }
  return { kind, name, mask, width: SIDE, height: SIDE };
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

function rotated(shape: Shape, cx: number, cy: number, angle: number): Shape {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return (x, y) => shape((x - cx) * c + (y - cy) * s, (y - cy) * c - (x - cx) * s);
}

function polygon(points: Polyline): Shape {
  return (x, y) => {
    let inside = false;
    points.forEach(([x1, y1], k) => {
      const [x0, y0] = points[(k || points.length) - 1]!;
      if (y0 > y !== y1 > y && x < x0 + ((y - y0) / (y1 - y0)) * (x1 - x0)) inside = !inside;
    });
    return inside;
  };
}

function star(cx: number, cy: number, outer: number, inner: number, tips: number): Polyline {
  return Array.from({ length: 2 * tips }, (_, k) => {
    const radius = k % 2 ? inner : outer;
    const angle = (Math.PI * k) / tips + 0.2;
    return [cx + radius * Math.sin(angle), cy - radius * Math.cos(angle)] as const;
  });
}

function annulus(cx: number, cy: number, inner: number, outer: number): Shape {
  return (x, y) => Math.hypot(x - cx, y - cy) >= inner && Math.hypot(x - cx, y - cy) < outer;
}

function box(x: number, y: number, x0: number, y0: number, x1: number, y1: number): boolean {
  return x >= x0 && x < x1 && y >= y0 && y < y1;
}

function gear(x: number, y: number): boolean {
  const tooth = Math.cos(14 * Math.atan2(y, x)) > 0;
  return Math.hypot(x, y) < (tooth ? 170 : 140);
}

function arrow(x: number, y: number): boolean {
  return (Math.abs(y) < 18 && x > -90 && x < 20) || (x >= 20 && x < 90 && Math.abs(y) < (90 - x) * 0.8);
}

function ray(x: number, y: number, length: number, angle: number): Polyline {
  return [
    [x, y],
    [x + length * Math.cos(angle), y + length * Math.sin(angle)],
  ];
}

function wave(x0: number, x1: number, y: number, height: number, frequency: number): Polyline {
  return Array.from(
    { length: x1 - x0 + 1 },
    (_, k) => [x0 + k, y + height * Math.sin(frequency * k)] as const,
  );
}

function spiral(cx: number, cy: number, r0: number, r1: number, turns: number): Polyline {
  return Array.from({ length: 241 }, (_, k) => {
    const t = k / 240;
    const radius = r0 + (r1 - r0) * t;
    return [
      cx + radius * Math.cos(2 * Math.PI * turns * t),
      cy + radius * Math.sin(2 * Math.PI * turns * t),
    ] as const;
  });
}

function lattice(from: number, to: number, step: number): Polyline[] {
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

function tree(x: number, y: number, angle: number, length: number, depth: number): Polyline[] {
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

const letterA = letter([
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
const letterK = letter([
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
const letterR = letter([
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
const letterB = letter([
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
const letterS = letter([arc(40, 25, 25, -0.3, -Math.PI * 1.5), arc(40, 75, 25, -Math.PI / 2, Math.PI * 0.9)]);
const letterG = letter([
  arc(42, 50, 44, -0.8, -Math.PI * 1.85),
  [
    [84, 62],
    [50, 62],
  ],
]);

/** Smooth value noise in [0, 1]. */
function noise(x: number, y: number, seed: number): number {
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
function randomFrom(seed: number): () => number {
  let k = 0;
  return () => hash(k++, seed, 77);
}

function angleOf(x: number, y: number): number {
  return Math.atan2(y - 200, x - 200);
}

function mod(value: number, by: number): number {
  return value - by * Math.floor(value / by);
}
