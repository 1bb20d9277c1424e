/**
 * Every state of the interface in a real browser, in both themes, from the smallest window to a large one: that it fits
 * and can be read, that axe finds nothing wrong with it, that nothing moves for those who want it still, and that it
 * looks as it did. `npm run pictures` makes the pictures anew that it is compared with, and those in docs/. Set
 * CUTLINE_SCREENSHOTS to a folder to keep pictures of everything.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildTestPage } from '../../support/build-page.js';
import { hasChromium, launchChromium } from '../../support/chromium.js';
import { findViolations, injectAxe } from './gallery/axe.js';
import { writeContactSheet } from './gallery/contact-sheet.js';
import { findFaults } from './gallery/faults.js';
import { GalleryPage } from './gallery/gallery-page.js';
import {
  Baselines,
  countDifferent,
  MOST_DIFFERENT,
  saveComparison,
  writeBaselines,
} from './gallery/pictures.js';
import type { Maker, Picture, Shot } from './gallery/pictures.js';

/** Pictures of the large window are of half its size. */
const GUARDED = [
  { name: 'small', width: 320, height: 480, scale: 1 },
  { name: 'large', width: 1280, height: 800, scale: 0.5 },
] as const;
const USUAL = { width: 400, height: 640 };
/** What must not go unnoticed, tried on one scene. */
const CHANGES: Readonly<Record<string, string>> = {
  'two pixels to the right': '.tools { transform: translate(2px, 0); }',
  'two pixels down': '.delivery { transform: translate(0, 2px); }',
  'another blue': '.app { --figma-color-bg-brand: #0d99ff; }',
  'a paler grey': '.cost { opacity: 0.6; }',
  'an icon that is gone': '.tools .icon-button svg { visibility: hidden; }',
  'a line that is gone': '.header { border-color: transparent; }',
};
const screenshots = process.env['CUTLINE_SCREENSHOTS'];
const renews = process.env['CUTLINE_RENEW_PICTURES'] !== undefined;

let browser: Browser;
let folder: string;
let maker: Maker;

describe.skipIf(!hasChromium('the gallery of states'))('every state', { timeout: 300_000 }, () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cutline-gallery-'));
    await buildTestPage(resolve(import.meta.dirname, 'gallery'), 'gallery.html', folder);
    browser = await launchChromium('--font-render-hinting=none', '--disable-lcd-text');
    maker = { chromium: browser.version(), platform: process.platform };
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('fits, can be read, is named and stays still, for axe too, in both themes', async () => {
    const page = await GalleryPage.open(browser, folder, USUAL);
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

  for (const { name, scale, ...size } of GUARDED) {
    it(`fits and looks as it did: ${size.width}×${size.height}`, async () => {
      const page = await GalleryPage.open(browser, folder, size, { isFlat: true });
      const baselines = renews ? undefined : await Baselines.load(name);
      const faults = new Faults();
      const pictures: (Shot & { picture: Picture })[] = [];
      for (const scene of page.scenes) {
        await page.show(scene);
        faults.add(scene, await page.page.evaluate(findFaults));
        await page.setLetters('bars');
        for (const theme of ['light', 'dark'] as const) {
          await page.setTheme(theme);
          const shot = { scene, theme, picture: await page.picture(scale) };
          if (renews) pictures.push(shot);
          else faults.add(`${scene}, ${theme}`, await judge(shot, baselines, name));
        }
        await page.setLetters('own');
      }
      await page.close();
      if (renews) await writeBaselines(name, pictures, maker);
      expect(faults.byScene).toEqual({});
      expect(page.errors).toEqual([]);
    });

    it.skipIf(renews)(`would show a change: ${size.width}×${size.height}`, async () => {
      const page = await GalleryPage.open(browser, folder, size, { isFlat: true });
      await page.show('outline');
      await page.setLetters('bars');
      const before = await page.picture(scale);
      const different: Record<string, number> = {};
      for (const [change, css] of Object.entries(CHANGES)) {
        const style = await page.page.addStyleTag({ content: css });
        await page.settle();
        different[change] = countDifferent(await page.picture(scale), before);
        await style.evaluate((element) => (element as Element).remove());
      }
      await page.settle();
      expect(countDifferent(await page.picture(scale), before)).toBe(0);
      await page.close();
      for (const [change, count] of Object.entries(different))
        expect(count, change).toBeGreaterThan(MOST_DIFFERENT);
    });
  }

  it('fits in German, too, where there is least room', async () => {
    const page = await GalleryPage.open(browser, folder, GUARDED[0]);
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
    const page = await GalleryPage.open(browser, folder, USUAL, { reducedMotion: 'no-preference' });
    for (const scene of ['predicting', 'delivering', 'inserted', 'everything-wanted']) {
      await page.show(scene);
      expect(await page.moving(), scene).not.toEqual([]);
    }
    await page.close();
  });
});

/** One list a scene, of those that have any. */
class Faults {
  readonly byScene: Record<string, string[]> = {};

  add(scene: string, found: readonly string[]): void {
    if (found.length > 0) (this.byScene[scene] ??= []).push(...found);
  }
}

async function judge(
  { scene, theme, picture }: Shot & { picture: Picture },
  baselines: Baselines | undefined,
  size: string,
): Promise<string[]> {
  const before = baselines?.pictureOf({ scene, theme });
  if (!before) return ['There is no picture of it to compare with: run npm run pictures, and look at them.'];
  const count = countDifferent(picture, before);
  if (count <= MOST_DIFFERENT) return [];
  const output = screenshots ?? join(tmpdir(), 'cutline-pictures');
  await mkdir(output, { recursive: true });
  const path = join(output, `${scene}-${theme}-${size}-compared.png`);
  await saveComparison(path, picture, before);
  const { chromium, platform } = baselines!.index;
  const isSame = chromium === maker.chromium && platform === maker.platform;
  return [
    `It looks different (${count} pixels in one place): ${path} shows before, now and the difference.`,
    'If it is meant to, run npm run pictures and keep what that changes.',
    ...(isSame
      ? []
      : [
          `Or it is the browser: the pictures are from Chromium ${chromium} on ${platform}, this is ${maker.chromium} on ${maker.platform}.`,
        ]),
  ];
}

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
