import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../../models/adapter.js';
import { isRefinable, lowResGrid } from '../../../models/coordinates.js';
import { refineMask } from '../../../models/refine/refine-mask.js';
import { traceField } from '../../../models/trace/outline.js';

const SIZE = { width: 1280, height: 960 };
const [X, Y, RADIUS] = [640, 480, 220];

/** What the decoder might answer: a disc, in samples of five pixels, with its edge off by some pixels. */
function coarseDisc(offPx: (angle: number) => number): Float32Array {
  const { originX, originY, stepX, stepY } = lowResGrid(SIZE);
  const logits = new Float32Array(256 * 256);
  for (let k = 0; k < logits.length; k++) {
    const dx = originX + (k % 256) * stepX - X;
    const dy = originY + Math.floor(k / 256) * stepY - Y;
    logits[k] = (RADIUS + offPx(Math.atan2(dy, dx)) - Math.hypot(dx, dy)) / stepX;
  }
  return logits;
}

function paint(colourAt: (x: number, y: number) => readonly [number, number, number]): RgbImage {
  const data = new Uint8Array(3 * SIZE.width * SIZE.height);
  for (let k = 0; k < SIZE.width * SIZE.height; k++) {
    data.set(colourAt((k % SIZE.width) + 0.5, Math.floor(k / SIZE.width) + 0.5), 3 * k);
  }
  return { data, ...SIZE };
}

const noise = (x: number, y: number) => (Math.sin(12.9898 * x + 78.233 * y) * 43758.5453) % 12;
const DISC = paint((x, y) => {
  const level = noise(x, y);
  return Math.hypot(x - X, y - Y) < RADIUS ? [190 + level, 60, 50] : [60 + level, 120, 70];
});

const wobble = (angle: number) => 6 * Math.cos(5 * angle) + 3;

/** Farthest that the outline of a field is from the disc's edge. */
function farthestOff(field: ReturnType<typeof refineMask>): number {
  const { rings } = traceField(field!, { tolerancePx: 0.5, minRegionPx: 100 });
  expect(rings).toHaveLength(1);
  let farthest = 0;
  for (let k = 0; k < rings[0]!.length; k += 2) {
    const off = Math.hypot(rings[0]![k]! - X, rings[0]![k + 1]! - Y) - RADIUS;
    farthest = Math.max(farthest, Math.abs(off));
  }
  return farthest;
}

describe('refineMask', () => {
  it('finds the edge that the image shows, to a pixel and a half, from an answer nine pixels off', () => {
    expect(farthestOff(refineMask(coarseDisc(wobble), DISC, [], 100))).toBeLessThan(1.5);
  });

  it('stays near the answer where the image shows nothing', () => {
    const plain = paint((x, y) => [120 + noise(x, y), 120, 120]);
    expect(
      farthestOff(
        refineMask(
          coarseDisc(() => 0),
          plain,
          [],
          100,
        ),
      ),
    ).toBeLessThan(2);
  });

  it('does not take a click out of the object, whatever the image shows', () => {
    const logits = coarseDisc(() => 6);
    const click = { point: [X + RADIUS + 4, Y] as [number, number], inside: true };
    expect(refineMask(logits, DISC, [click], 100)).toBeUndefined();
  });

  it('leaves small images alone, whose pixels the grid resolves', () => {
    expect(isRefinable({ width: 500, height: 400 })).toBe(false);
    expect(isRefinable(SIZE)).toBe(true);
  });
});
