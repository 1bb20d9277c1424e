/** Masks of every kind, drawn by code: what the tracer is measured on. */
import {
  angleOf,
  annulus,
  arrow,
  box,
  draw,
  gear,
  lattice,
  letterA,
  letterB,
  letterG,
  letterK,
  letterR,
  letterS,
  mod,
  noise,
  polygon,
  randomFrom,
  ray,
  rotated,
  SIDE,
  spiral,
  star,
  stroke,
  tree,
  wave,
  type NamedMask,
  type Shape,
  type Polyline,
} from './shapes.js';

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
