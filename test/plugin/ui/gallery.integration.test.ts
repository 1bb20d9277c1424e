/**
 * Every state of the interface in a real browser, in both themes and both languages: that it fits and can be read, that
 * axe finds nothing wrong with it, and that nothing moves for those who want it still. That it looks as it did is tested
 * with what takes longer (gallery-pictures.hard.test.ts). Set CUTLINE_SCREENSHOTS to a folder to keep pictures.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium } from '../../support/chromium.js';
import { findViolations, injectAxe } from './gallery/axe.js';
import { writeContactSheet } from './gallery/contact-sheet.js';
import { findFaults } from './gallery/faults.js';
import { Faults, openGallery, renews, screenshots, SMALL_WINDOW } from './gallery/guard.js';
import type { Gallery } from './gallery/guard.js';
import type { Shot } from './gallery/pictures.js';

const USUAL = { width: 400, height: 640 };

let gallery: Gallery;

describe.skipIf(!hasChromium('the gallery of states'))('every state', { timeout: 300_000 }, () => {
  beforeAll(async () => {
    gallery = await openGallery();
  });
  afterAll(() => gallery?.close());

  it('fits, can be read, is named and stays still, for axe too, in both themes', async () => {
    const page = await gallery.page(USUAL);
    await injectAxe(page.page);
    const faults = new Faults();
    const pictures: (Shot & { picture: Buffer })[] = [];
    for (const scene of page.scenes) {
      await page.show(scene);
      for (const theme of ['light', 'dark'] as const) {
        await page.setTheme(theme);
        faults.add(`${scene}, ${theme}`, await page.page.evaluate(findFaults));
        faults.add(`${scene}, ${theme}`, await page.moving());
        const scope = theme === 'light' ? 'all' : 'contrast';
        faults.add(`${scene}, ${theme}`, await findViolations(page.page, scope));
        if (renews || screenshots) pictures.push({ scene, theme, picture: await page.screenshot() });
      }
    }
    await page.close();
    await keepScreenshots(pictures);
    if (renews) await writeContactSheets(pictures);
    expect(page.scenes.length).toBeGreaterThan(50);
    expect(faults.byScene).toEqual({});
    expect(page.errors).toEqual([]);
  });

  it('fits in German, too, where there is least room', async () => {
    const page = await gallery.page(SMALL_WINDOW);
    await page.page.evaluate(() => (window as unknown as { speakIn(code: string): void }).speakIn('de'));
    const faults = new Faults();
    for (const scene of page.scenes) {
      await page.show(scene);
      faults.add(scene, await page.page.evaluate(findFaults));
      if (screenshots) await page.page.screenshot({ path: `${screenshots}/${scene}-small-german.png` });
    }
    await page.close();
    expect(faults.byScene).toEqual({});
  });

  it('moves where nobody minds', async () => {
    const page = await gallery.page(USUAL, { reducedMotion: 'no-preference' });
    for (const scene of ['predicting', 'delivering', 'inserted', 'everything-wanted']) {
      await page.show(scene);
      expect(await page.moving(), scene).not.toEqual([]);
    }
    await page.close();
  });
});

async function keepScreenshots(pictures: readonly (Shot & { picture: Buffer })[]): Promise<void> {
  if (!screenshots) return;
  await mkdir(screenshots, { recursive: true });
  for (const { scene, theme, picture } of pictures)
    await writeFile(join(screenshots, `${scene}-${USUAL.width}-${theme}.png`), picture);
}

async function writeContactSheets(pictures: readonly (Shot & { picture: Buffer })[]): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    const shown = pictures.filter((each) => each.theme === theme);
    await writeContactSheet(resolve('docs', `states-${theme}.webp`), theme, shown);
  }
}
