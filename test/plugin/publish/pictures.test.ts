import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { anchorsOf, APPLE_OUTLINE } from '../../../plugin/publish/apple-outline.js';
import { drawCover } from '../../../plugin/publish/draw-cover.js';
import { drawIcon } from '../../../plugin/publish/draw-icon.js';

const render = (svg: string) => sharp(Buffer.from(svg)).removeAlpha();

/** How much redder than green the sample is at a place. */
async function redness(places: readonly (readonly [number, number])[]): Promise<number[]> {
  const { data, info } = await sharp('plugin/workbench/sample.png')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return places.map(([x, y]) => {
    const at = 3 * (Math.round(y) * info.width + Math.round(x));
    return data[at]! / (data[at + 1]! + 1);
  });
}

describe('the pictures for Figma’s page', () => {
  it('have the sizes that Figma asks for', async () => {
    expect(await render(drawIcon()).metadata()).toMatchObject({ width: 128, height: 128 });
    expect(await render(drawCover()).metadata()).toMatchObject({ width: 1920, height: 1080 });
  });

  it('show an outline that lies on the thing in the sample', async () => {
    const anchors = anchorsOf(APPLE_OUTLINE).map(({ at }) => at);
    expect(anchors).toHaveLength(10);
    const [cx, cy] = [943, 197];
    const moved = (px: number) =>
      anchors.map(([x, y]): [number, number] => {
        const far = Math.hypot(x - cx, y - cy);
        return [x + (px * (x - cx)) / far, y + (px * (y - cy)) / far];
      });
    for (const inside of await redness(moved(-5))) expect(inside).toBeGreaterThan(2.5);
    for (const outside of await redness(moved(5))) expect(outside).toBeLessThan(2);
  });

  it('need no font: they look the same on every machine', () => {
    expect(drawIcon() + drawCover()).not.toMatch(/<text/);
  });
});
