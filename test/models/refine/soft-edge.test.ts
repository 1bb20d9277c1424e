import { expect, it } from 'vitest';
import type { RgbImage } from '../../../models/adapter.js';
import { softenEdge } from '../../../models/refine/soft-edge.js';

const SIZE = { width: 160, height: 160 };
const [X, Y, RADIUS] = [80, 80, 40];
const RED = [200, 60, 50] as const;
const GREEN = [60, 120, 70] as const;

const discShare = (x: number, y: number) => Math.min(1, Math.max(0, RADIUS - Math.hypot(x - X, y - Y) + 0.5));

/** A red thing over green, covering each pixel by its share. */
function paint(shareAt: (x: number, y: number) => number): RgbImage {
  const data = new Uint8Array(3 * SIZE.width * SIZE.height);
  for (let k = 0; k < SIZE.width * SIZE.height; k++) {
    const share = shareAt((k % SIZE.width) + 0.5, Math.floor(k / SIZE.width) + 0.5);
    for (let channel = 0; channel < 3; channel++) {
      data[3 * k + channel] = Math.round(share * RED[channel]! + (1 - share) * GREEN[channel]!);
    }
  }
  return { data, ...SIZE };
}

const discMask = (radius: number) =>
  Uint8Array.from({ length: SIZE.width * SIZE.height }, (_, k) =>
    Math.hypot((k % SIZE.width) + 0.5 - X, Math.floor(k / SIZE.width) + 0.5 - Y) < radius ? 1 : 0,
  );

function meanError(alpha: Uint8Array, shareAt: (x: number, y: number) => number): number {
  let sum = 0;
  alpha.forEach((value, k) => {
    sum += Math.abs(value / 255 - shareAt((k % SIZE.width) + 0.5, Math.floor(k / SIZE.width) + 0.5));
  });
  return sum / (2 * Math.PI * RADIUS);
}

it('finds how much of each pixel along the edge is covered', async () => {
  const { alpha } = await softenEdge(paint(discShare), discMask(RADIUS), 2);
  expect(meanError(alpha, discShare)).toBeLessThan(0.03);
});

it('leaves nothing of the background’s colour in what is partly covered', async () => {
  const { alpha, colours } = await softenEdge(paint(discShare), discMask(RADIUS), 2);
  for (let k = 0; k < alpha.length; k++) {
    if (alpha[k]! < 20) continue;
    RED.forEach((level, channel) => expect(Math.abs(colours[3 * k + channel]! - level)).toBeLessThan(8));
  }
});

it('takes up hairs outside the mask, as far as the band reaches', async () => {
  const hair = (x: number, y: number) => (Math.abs(y - Y) < 1 && x > X && x < X + RADIUS + 10 ? 1 : 0);
  const shareAt = (x: number, y: number) => Math.max(discShare(x, y), hair(x, y));
  const { alpha } = await softenEdge(paint(shareAt), discMask(RADIUS), 16);
  expect(alpha[Y * SIZE.width + X + RADIUS + 6]).toBeGreaterThan(200);
  expect(alpha[(Y + 4) * SIZE.width + X + RADIUS + 6]).toBeLessThan(20);
  expect(alpha[Y * SIZE.width + X + RADIUS + 20]).toBe(0);
});

it('follows the outline where the object and what is behind it look alike', async () => {
  const { alpha } = await softenEdge(
    paint(() => 1),
    discMask(RADIUS),
    8,
  );
  expect(meanError(alpha, discShare)).toBeLessThan(0.4);
  expect(alpha[Y * SIZE.width + X + RADIUS + 4]).toBe(0);
  expect(alpha[Y * SIZE.width + X]).toBe(255);
});

it('stops when it is cancelled on the way', async () => {
  const cancel = new AbortController();
  setTimeout(() => cancel.abort(), 60);
  const side = 3000;
  const large = { data: new Uint8Array(3 * side * side), width: side, height: side };
  const mask = Uint8Array.from({ length: side * side }, (_, k) => (k % side > side / 2 ? 1 : 0));
  await expect(softenEdge(large, mask, 60, cancel.signal)).rejects.toThrow(/cancel/i);
});
