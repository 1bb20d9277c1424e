/** Shapes whose edge is known to a fraction of a pixel: outlines from their logits against outlines from their pixels. */
import type { LogitField } from '../models/logit-field.js';
import { flattenPath } from '../models/trace/flatten-path.js';
import { traceField } from '../models/trace/outline.js';
import { annulus, disc, fieldOf, maskFieldOf, polygon, star } from '../test/models/trace/shapes.js';
import type { DistanceTo } from '../test/models/trace/shapes.js';

const IMAGE = { width: 400, height: 400 };
const TOLERANCE_PX = 0.25;

/** Along the outline, it is looked at this often. */
const APART_PX = 0.25;

const SQUARE = [0, 1, 2, 3].map((k): [number, number] => {
  const angle = 0.4 + (k * Math.PI) / 2;
  return [200 + 150 * Math.cos(angle), 200 + 150 * Math.sin(angle)];
});

const SHAPES: Readonly<Record<string, DistanceTo>> = {
  disc: disc(200.3, 199.6, 150),
  'small disc': disc(200.3, 199.6, 12),
  'rotated square': polygon(SQUARE),
  star: polygon(star(200.4, 199.7, 160, 70, 5)),
  'thin ring': annulus(200.2, 199.9, 150, 4),
  'thinner ring': annulus(200.2, 199.9, 150, 2),
};

/** Grids as fine as the image, and as coarse as the decoder's over one of four times the size. */
const STEPS_PX = [1, 4];

interface Deviation {
  readonly meanPx: number;
  readonly maxPx: number;
  readonly nodes: number;
}

export async function benchTraceLogits(): Promise<object> {
  const shapes = Object.entries(SHAPES).map(([name, distance]) => ({
    name,
    pixels: deviationFrom(distance, maskFieldOf(distance, IMAGE)),
    logits: STEPS_PX.map((stepPx) => ({
      stepPx,
      ...deviationFrom(distance, fieldOf(distance, IMAGE, stepPx)),
    })),
  }));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const pixelsPx = mean(shapes.map(({ pixels }) => pixels.meanPx));
  const logitsPx = mean(shapes.map(({ logits }) => logits[0]!.meanPx));
  return {
    tolerancePx: TOLERANCE_PX,
    shapes,
    meanPx: { pixels: round(pixelsPx), logits: round(logitsPx) },
    ratio: round(logitsPx / pixelsPx),
  };
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

/** How far an outline's points are from the shape's true edge. */
function deviationFrom(distance: DistanceTo, field: LogitField): Deviation {
  const { outline } = traceField(field, { tolerancePx: TOLERANCE_PX, minRegionPx: 0 });
  let sum = 0;
  let count = 0;
  let maxPx = 0;
  for (const ring of flattenPath(outline.path, 0.01)) {
    for (let k = 0; k < ring.length; k += 2) {
      const next = (k + 2) % ring.length;
      const [x, y] = [ring[k]!, ring[k + 1]!];
      const [dx, dy] = [ring[next]! - x, ring[next + 1]! - y];
      const steps = Math.max(1, Math.ceil(Math.hypot(dx, dy) / APART_PX));
      for (let step = 0; step < steps; step++) {
        const off = Math.abs(distance(x + (step / steps) * dx, y + (step / steps) * dy));
        sum += off;
        count++;
        maxPx = Math.max(maxPx, off);
      }
    }
  }
  return { meanPx: round(sum / count), maxPx: round(maxPx), nodes: outline.nodes };
}
