/** The mean colour of an object, in a real browser: what canvases and image levels make of it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildTestPage } from '../../support/build-page.js';
import { hasChromium, launchChromium } from '../../support/chromium.js';

let browser: Browser;
let page: Page;
let folder: string;

describe.skipIf(!hasChromium('the colour of objects'))('the mean colour of an object', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cutline-colour-'));
    await buildTestPage(resolve(import.meta.dirname, 'object-colour'), 'page.html', folder);
    browser = await launchChromium();
    page = await browser.newPage();
    await page.goto(`file://${folder}/page.html`);
    await page.waitForFunction('window.colourOf');
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** In 0 to 255; the middle third of the image unless another path is given. */
  const colourOf = async (size: readonly [number, number], stripes: readonly string[], path?: string) => {
    const [width, height] = size;
    // Where colours meet they blur into each other, in a small copy above all.
    const [left, right] = [0.35 * width, 0.65 * width];
    const middle = `M ${left} 0 L ${right} 0 L ${right} ${height} L ${left} ${height} Z`;
    const args = JSON.stringify([width, height, stripes, path ?? middle]);
    const { colour, ms } = await page.evaluate<{ colour?: { r: number; g: number; b: number }; ms: number }>(
      `window.colourOf(...${args})`,
    );
    return { rgb: colour && [colour.r, colour.g, colour.b].map((value) => 255 * value), ms };
  };

  it('is that of what is inside the outline alone', async () => {
    const { rgb } = await colourOf([300, 200], ['red', 'rgb(10, 120, 240)', 'lime']);
    [10, 120, 240].forEach((value, channel) => expect(Math.abs(rgb![channel]! - value)).toBeLessThan(3));
  });

  it('leaves the hole of an outline out', async () => {
    const ring = 'M 0 0 L 300 0 L 300 200 L 0 200 Z M 90 -5 L 210 -5 L 210 205 L 90 205 Z';
    const { rgb } = await colourOf([300, 200], ['blue', 'red', 'blue'], ring);
    [0, 0, 255].forEach((value, channel) => expect(Math.abs(rgb![channel]! - value)).toBeLessThan(2));
  });

  it('ignores what is transparent, and is none where all is', async () => {
    const wide = 'M 0 0 L 300 0 L 300 200 L 0 200 Z';
    const { rgb } = await colourOf([300, 200], ['transparent', 'rgb(200, 100, 50)', 'transparent'], wide);
    [200, 100, 50].forEach((value, channel) => expect(Math.abs(rgb![channel]! - value)).toBeLessThan(3));
    const within = 'M 110 10 L 190 10 L 190 190 L 110 190 Z';
    expect((await colourOf([300, 200], ['red', 'transparent', 'red'], within)).rgb).toBeUndefined();
  });

  it('takes no time on 24 megapixels, whose copies are there already', async () => {
    const { rgb, ms } = await colourOf([6000, 4000], ['red', 'rgb(10, 120, 240)', 'lime']);
    [10, 120, 240].forEach((value, channel) => expect(Math.abs(rgb![channel]! - value)).toBeLessThan(3));
    // A tenth of it, usually.
    expect(ms).toBeLessThan(500);
  });
});
