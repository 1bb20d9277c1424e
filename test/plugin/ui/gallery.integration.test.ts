/**
 * Every state of the interface in a real browser, in both themes, from the smallest window to a large one. Set
 * CUTLINE_SCREENSHOTS to a folder to keep the pictures.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildTestPage } from '../../support/build-page.js';
import { hasChromium, launchChromium } from '../../support/chromium.js';
import { findFaults } from './gallery/faults.js';

/** What does not fit, doesn't in any colour: the dark theme is looked at in one size. */
const LOOKS = [
  { colorScheme: 'light', width: 320, height: 480 },
  { colorScheme: 'light', width: 400, height: 640 },
  { colorScheme: 'light', width: 1280, height: 800 },
  { colorScheme: 'dark', width: 400, height: 640 },
] as const;
const screenshots = process.env['CUTLINE_SCREENSHOTS'];

let browser: Browser;
let folder: string;

describe.skipIf(!hasChromium('the gallery of states'))('every state', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cutline-gallery-'));
    await buildTestPage(resolve(import.meta.dirname, 'gallery'), 'gallery.html', folder);
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  for (const { colorScheme, ...size } of LOOKS) {
    it(`fits, is legible and has names for everything: ${colorScheme}, ${size.width}×${size.height}`, async () => {
      const page = await browser.newPage({ colorScheme, viewport: size });
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      page.on('request', (request) => {
        if (!/^(file|data|blob):/.test(request.url())) errors.push(request.url());
      });
      await page.goto(`file://${folder}/gallery.html`);
      await page.waitForFunction('window.sceneNames');
      const names = await page.evaluate<string[]>('window.sceneNames');
      const faults: Record<string, string[]> = {};
      for (const name of names) {
        const found = await inspectScene(page, name);
        if (found.length > 0) faults[name] = found;
        if (screenshots)
          await page.screenshot({ path: `${screenshots}/${name}-${size.width}-${colorScheme}.png` });
      }
      await page.close();
      expect(names.length).toBeGreaterThan(20);
      expect(faults).toEqual({});
      expect(errors).toEqual([]);
    });
  }
});

async function inspectScene(page: Page, name: string): Promise<string[]> {
  await page.evaluate((scene) => (window as unknown as Gallery).showScene(scene), name);
  // Two frames: one for the effects, one for the canvases they draw.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  return page.evaluate(findFaults);
}

interface Gallery {
  showScene(name: string): void;
}
