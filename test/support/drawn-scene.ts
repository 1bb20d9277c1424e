/** A picture of known shapes: what is drawn, and which pixels each shape has. */
import sharp from 'sharp';
import { runsFromMask } from '../../models/mask/runs.js';
import type { Runs } from '../../models/mask/runs.js';

export const DRAWN_SIZE = { width: 384, height: 288 };

const DRAWN = `<svg xmlns="http://www.w3.org/2000/svg" width="384" height="288">
  <rect width="384" height="288" fill="#dfe6e9"/>
  <rect x="20" y="20" width="170" height="130" fill="#2d6cb5"/>
  <circle cx="70" cy="85" r="28" fill="#f2c230"/>
  <rect x="125" y="50" width="44" height="70" fill="#c8322b"/>
  <circle cx="290" cy="85" r="64" fill="#3a8b45"/>
  <circle cx="290" cy="85" r="46" fill="#dfe6e9"/>
  <circle cx="80" cy="220" r="44" fill="#7a3fa0"/>
  <circle cx="270" cy="225" r="36" fill="#e07020"/></svg>`;

type Inside = (x: number, y: number) => boolean;
const disc =
  (cx: number, cy: number, radius: number): Inside =>
  (x, y) =>
    Math.hypot(x - cx, y - cy) < radius;
const rectangle =
  (x0: number, y0: number, width: number, height: number): Inside =>
  (x, y) =>
    x > x0 && x < x0 + width && y > y0 && y < y0 + height;

const WITHOUT_BACKGROUND: Readonly<Record<string, Inside>> = {
  plate: rectangle(20, 20, 170, 130),
  coin: disc(70, 85, 28),
  card: rectangle(125, 50, 44, 70),
  wheel: disc(290, 85, 64),
  hub: disc(290, 85, 46),
  plum: disc(80, 220, 44),
  orange: disc(270, 225, 36),
};
/** Shapes on the background; what lies in another is drawn on it. */
const TOPS = ['plate', 'wheel', 'plum', 'orange'];

/** The pixels of every shape by name; the background has holes where others lie. */
export function drawnShapes(): ReadonlyMap<string, Runs> {
  const shapes: Record<string, Inside> = {
    ...WITHOUT_BACKGROUND,
    background: (x, y) => !TOPS.some((name) => WITHOUT_BACKGROUND[name]!(x, y)),
  };
  return new Map(Object.entries(shapes).map(([name, inside]) => [name, rasterise(inside)]));
}

/** The scene as a PNG file. */
export function drawScenePng(): Promise<Buffer> {
  return sharp(Buffer.from(DRAWN)).png().toBuffer();
}

function rasterise(inside: Inside): Runs {
  const { width, height } = DRAWN_SIZE;
  const mask = Uint8Array.from({ length: width * height }, (_, k) =>
    inside((k % width) + 0.5, Math.floor(k / width) + 0.5) ? 1 : 0,
  );
  return runsFromMask(mask, DRAWN_SIZE);
}
