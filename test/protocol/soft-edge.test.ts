import { expect, it } from 'vitest';
import { exportObject } from '../../protocol/methods.js';
import { furEdgePx, MOST_SOFT_EDGE_PX, THIN_EDGE_PX } from '../../protocol/soft-edge.js';

it.each([
  ['a small picture', { width: 300, height: 200 }, 4],
  ['a photograph', { width: 4000, height: 3000 }, 16],
  ['one that stands upright', { width: 3000, height: 6000 }, 24],
  ['a huge one', { width: 30_000, height: 100 }, MOST_SOFT_EDGE_PX],
])('makes fur as wide as the image is large: %s', (_, size, px) => {
  expect(furEdgePx(size)).toBe(px);
});

it.each([THIN_EDGE_PX, furEdgePx({ width: 1, height: 1 }), furEdgePx({ width: 1e6, height: 1 })])(
  'asks for no edge that the sidecar would refuse: %s px',
  (softEdgePx) => {
    const params = { ...exportObject.example.params, format: 'cutout', softEdgePx };
    expect(() => exportObject.params.parse(params)).not.toThrow();
  },
);
