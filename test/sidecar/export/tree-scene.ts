/** A small tree of masks drawn by hand, and the image that they lie in. */
import sharp from 'sharp';
import { fieldFromMask } from '../../../models/logit-field.js';
import { encodeRle, rleFromRings } from '../../../models/mask/rle.js';
import { traceField } from '../../../models/trace/outline.js';
import type { FoundMask } from '../../../protocol/everything.js';
import type { Size } from '../../../protocol/geometry.js';
import { drawTestImage } from '../../support/test-image.js';
import { annulus, disc, type DistanceTo } from '../../models/trace/shapes.js';

export const SCENE: Size = { width: 160, height: 120 };

interface Drawn {
  readonly id: number;
  readonly parent: number | null;
  readonly name: string;
  readonly shape: DistanceTo;
  readonly point: [number, number];
}

const either =
  (a: DistanceTo, b: DistanceTo): DistanceTo =>
  (x, y) =>
    Math.max(a(x, y), b(x, y));

/** In painting order. Ids leave gaps, as they do once masks have given way to others. */
const DRAWN: readonly Drawn[] = [
  { id: 3, parent: null, name: 'Plate & <bowl> "blue" · 20 %', shape: disc(50, 60, 40), point: [50, 25] },
  { id: 12, parent: 3, name: 'Ring with a hole', shape: annulus(50, 60, 22, 10), point: [72, 60] },
  { id: 7, parent: 12, name: 'Crumb on the ring', shape: disc(72, 60, 3), point: [72, 60] },
  { id: 4, parent: 3, name: 'Middle', shape: disc(50, 60, 8), point: [50, 60] },
  { id: 20, parent: null, name: 'Over the plate', shape: disc(98, 50, 24), point: [98, 50] },
  {
    id: 21,
    parent: 99,
    name: 'Two islands, whose parent was left out',
    shape: either(disc(130, 100, 12), disc(155, 20, 12)),
    point: [130, 100],
  },
];

export function drawScene(): FoundMask[] {
  return DRAWN.map(({ shape, ...rest }) => ({ ...rest, ...maskOf(shape, SCENE), ...SCORES }));
}

const SCORES = {
  predictedIou: 0.91234567,
  stabilityScore: 0.96,
  cropBox: [0, 0, SCENE.width, SCENE.height] as [number, number, number, number],
};

/** What is found of a shape in an image. */
function maskOf(
  shape: DistanceTo,
  { width, height }: Size,
): Pick<FoundMask, 'rle' | 'area' | 'box' | 'outline'> {
  const mask = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) mask[y * width + x] = shape(x + 0.5, y + 0.5) > 0 ? 1 : 0;
  }
  const size = { width, height };
  const { outline, rings } = traceField(fieldFromMask(mask, size), { tolerancePx: 0.5, minRegionPx: 0 });
  const { area, box } = rleFromRings(rings, size);
  return { rle: encodeRle(mask, size), area, box, outline };
}

/** The scene's image as a PNG file: opaque, no two pixels alike for long. */
export async function drawSceneImage({ width, height }: Size = SCENE): Promise<Uint8Array> {
  const { data } = drawTestImage(width, height);
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}
