import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { PAINTS } from '../../plugin/main/scenes.js';
import { buildBundles } from '../build-code.js';
import { runPlugin } from '../figma-host-plugin.js';
import { createRenderer } from './render.js';

const bundles = await buildBundles();

/** 100×70, black, with a white box at [40, 30, 60, 45]. */
async function picture(): Promise<Uint8Array> {
  const box = { create: { width: 20, height: 15, channels: 3 as const, background: 'white' } };
  const background = { create: { width: 100, height: 70, channels: 3 as const, background: 'black' } };
  const layer = { input: await sharp(box).png().toBuffer(), left: 40, top: 30 };
  return new Uint8Array(await sharp(background).composite([layer]).png().toBuffer());
}

/** [x0, y0, x1, y1] of what is white. */
async function whiteBox(encoded: Uint8Array): Promise<number[]> {
  const { data, info } = await sharp(encoded)
    .flatten()
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const white = [...data.keys()].filter((i) => data[i]! > 127);
  const xs = white.map((i) => i % info.width);
  const ys = white.map((i) => Math.floor(i / info.width));
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs) + 1, Math.max(...ys) + 1];
}

describe('a rendered export', () => {
  it.each([
    // 50×50: the sides are cut off, 15 pixels each.
    ['fill', { width: 50, height: 50 }, [25, 30, 45, 45]],
    // 50×50: bands of 15 above and below.
    ['fit', { width: 50, height: 50 }, [40, 45, 60, 60]],
    // Half of the width from 25 and 0.4 of the height from 21 on.
    ['crop', { width: 50, height: 28 }, [15, 9, 35, 24]],
  ])('shows the image where the plugin takes it to be: %s', async (name, size, expected) => {
    const bytes = await picture();
    const { host, client } = await runPlugin(bundles, {
      render: createRenderer(new Map([['photo', bytes]])),
    });
    host.addImage('photo', { width: 100, height: 70 });
    const fills = [{ type: 'IMAGE', imageHash: 'photo', ...PAINTS[name] }];
    const { photo } = host.build([{ type: 'RECTANGLE', name: 'photo', ...size, fills }]);
    const read = await client.request('read-image', { nodeId: photo! });
    expect(await whiteBox(read.bytes)).toEqual(expected);
    host.dispose();
  });
});
