/** Compares every scene of the gallery with the picture that is kept of it. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildTestPage } from '../../../support/build-page.js';
import { hasChromium, launchChromium } from '../../../support/chromium.js';
import { findFaults } from './faults.js';
import { GalleryPage } from './gallery-page.js';
import { Baselines, countDifferent, MOST_DIFFERENT, saveComparison, writeBaselines } from './pictures.js';
import type { Maker, Picture, Shot } from './pictures.js';

/** A folder to keep pictures of everything in. */
export const screenshots = process.env['CUTLINE_SCREENSHOTS'];
/** Whether pictures are made anew rather than compared. */
export const renews = process.env['CUTLINE_RENEW_PICTURES'] !== undefined;

/** What must not go unnoticed, tried on one scene. */
const CHANGES: Readonly<Record<string, string>> = {
  'two pixels to the right': '.tools { transform: translate(2px, 0); }',
  'two pixels down': '.delivery { transform: translate(0, 2px); }',
  'another blue': '.app { --figma-color-bg-brand: #0d99ff; }',
  'a paler grey': '.cost { opacity: 0.6; }',
  'an icon that is gone': '.tools .icon-button svg { visibility: hidden; }',
  'a line that is gone': '.header { border-color: transparent; }',
};

export interface Guarded {
  /** Of its pictures. */
  readonly name: 'small' | 'large';
  readonly width: number;
  readonly height: number;
  /** Of the pictures that are kept against the window. */
  readonly scale: number;
}

export const SMALL_WINDOW: Guarded = { name: 'small', width: 320, height: 480, scale: 1 };

/** The gallery in a browser. */
export interface Gallery {
  readonly maker: Maker;
  page(
    size: { readonly width: number; readonly height: number },
    options?: Parameters<typeof GalleryPage.open>[3],
  ): Promise<GalleryPage>;
  close(): Promise<void>;
}

export async function openGallery(): Promise<Gallery> {
  const folder = await mkdtemp(join(tmpdir(), 'cutline-gallery-'));
  await buildTestPage(import.meta.dirname, 'gallery.html', folder);
  const browser = await launchChromium('--font-render-hinting=none', '--disable-lcd-text');
  return {
    maker: { chromium: browser.version(), platform: process.platform },
    page: ({ width, height }, options) => GalleryPage.open(browser, folder, { width, height }, options),
    async close() {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Tests that every scene looks as it did in a window of one size, and that a change would be seen. */
export function guardPictures({ name, scale, ...size }: Guarded): void {
  const isThere = hasChromium(`pictures of the ${name} window`);
  describe.skipIf(!isThere)(`pictures of the ${name} window`, { timeout: 300_000 }, () => {
    let gallery: Gallery;
    beforeAll(async () => {
      gallery = await openGallery();
    });
    afterAll(() => gallery?.close());

    it(`fits and looks as it did: ${size.width}×${size.height}`, async () => {
      const page = await gallery.page(size, { isFlat: true });
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
          else faults.add(`${scene}, ${theme}`, await judge(shot, baselines, name, gallery.maker));
        }
        await page.setLetters('own');
      }
      await page.close();
      if (renews) await writeBaselines(name, pictures, gallery.maker);
      expect(faults.byScene).toEqual({});
      expect(page.errors).toEqual([]);
    });

    it.skipIf(renews)(`would show a change: ${size.width}×${size.height}`, async () => {
      const page = await gallery.page(size, { isFlat: true });
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
  });
}

/** One list a scene, of those that have any. */
export class Faults {
  readonly byScene: Record<string, string[]> = {};

  add(scene: string, found: readonly string[]): void {
    if (found.length > 0) (this.byScene[scene] ??= []).push(...found);
  }
}

async function judge(
  { scene, theme, picture }: Shot & { picture: Picture },
  baselines: Baselines | undefined,
  size: string,
  maker: Maker,
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
