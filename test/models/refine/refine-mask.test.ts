import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../../models/adapter.js';
import { lowResField, lowResGrid } from '../../../models/coordinates.js';
import { sampleField, type LogitField } from '../../../models/logit-field.js';
import { refineMask } from '../../../models/refine/refine-mask.js';
import { traceField } from '../../../models/trace/outline.js';

const SIZE = { width: 1280, height: 960 };
const [X, Y, RADIUS] = [640, 480, 220];

/** What the decoder might answer: a disc, in samples of five pixels, with its edge off by some pixels. */
function coarseDisc(offPx: (angle: number) => number): LogitField {
  return coarseField((x, y) => RADIUS + offPx(Math.atan2(y - Y, x - X)) - Math.hypot(x - X, y - Y));
}

/** @param insidePx Distance to the edge, above 0 inside. */
function coarseField(insidePx: (x: number, y: number) => number): LogitField {
  const { originX, originY, stepX, stepY } = lowResGrid(SIZE);
  const logits = new Float32Array(256 * 256);
  for (let k = 0; k < logits.length; k++) {
    logits[k] = insidePx(originX + (k % 256) * stepX, originY + Math.floor(k / 256) * stepY) / stepX;
  }
  return lowResField(logits, SIZE);
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
    const field = coarseDisc(() => 6);
    const click = { point: [X + RADIUS + 4, Y] as [number, number], inside: true };
    expect(refineMask(field, DISC, [click], 100)).toBeUndefined();
  });

  it('keeps what lies along the image’s border, shaded or not', () => {
    const halfDisc = coarseField((x, y) => RADIUS + 4 - Math.hypot(x, y - Y));
    const shaded = paint((x, y) => {
      const level = noise(x, y) - Math.max(0, 40 - 3 * x);
      return Math.hypot(x, y - Y) < RADIUS ? [190 + level, 60, 50] : [60 + level, 120, 70];
    });
    const refined = refineMask(halfDisc, shaded, [], 100)!;
    for (let y = Y - RADIUS + 20; y < Y + RADIUS - 20; y += 5) {
      expect(sampleField(refined, 0.5, y + 0.5)).toBeGreaterThan(0);
    }
  });

  it('keeps what is thinner than the band', () => {
    const inBar = (x: number, y: number) => Math.min(x - 300, 900 - x, y - 476, 484 - y);
    const bar = paint((x, y) =>
      inBar(x, y) > 0 ? [200 + noise(x, y), 60, 50] : [60 + noise(x, y), 120, 70],
    );
    const refined = refineMask(coarseField(inBar), bar, [], 20);
    let [kept, surplus] = [0, 0];
    const field = refined ?? coarseField(inBar);
    for (let y = 460; y < 500; y++) {
      for (let x = 280; x < 920; x++) {
        if (sampleField(field, x + 0.5, y + 0.5) <= 0) continue;
        if (inBar(x + 0.5, y + 0.5) > 0) kept++;
        else surplus++;
      }
    }
    expect(kept).toBeGreaterThan(0.93 * 600 * 8);
    expect(surplus).toBeLessThan(0.1 * 600 * 8);
  });

  it('keeps a hole', () => {
    const ringAt = (x: number, y: number) => 60 - Math.abs(Math.hypot(x - X, y - Y) - 160);
    const ring = paint((x, y) =>
      ringAt(x, y) > 0 ? [190 + noise(x, y), 60, 50] : [60 + noise(x, y), 120, 70],
    );
    const { rings } = traceField(
      refineMask(
        coarseField((x, y) => ringAt(x, y) + 4),
        ring,
        [],
        100,
      )!,
      {
        tolerancePx: 0.5,
        minRegionPx: 100,
      },
    );
    expect(rings).toHaveLength(2);
  });

  it('has nothing to say about an empty mask, or a small image, whose pixels the grid resolves', () => {
    expect(
      refineMask(
        coarseField(() => -50),
        DISC,
        [],
        100,
      ),
    ).toBeUndefined();
    const small: RgbImage = { width: 500, height: 400, data: new Uint8Array(3 * 500 * 400) };
    const everywhere = lowResField(new Float32Array(256 * 256).fill(1), small);
    expect(refineMask(everywhere, small, [], 100)).toBeUndefined();
  });

  it('stops when it is cancelled', () => {
    expect(() => refineMask(coarseDisc(wobble), DISC, [], 100, AbortSignal.abort())).toThrow(/cancel/i);
  });
});
