/** The Everything tab in a real browser, with a sidecar inside the page that knows its answer. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { buildTestPage } from '../../../support/build-page.js';
import { hasChromium, launchChromium } from '../../../support/chromium.js';
import { LentPage } from '../../../support/lent-page.js';
import { toScreen, fitView } from '../../../../plugin/ui/view.js';
import type { Stand, StandOptions } from './stand/stand.js';

interface StandPage {
  openStand(options: StandOptions): Promise<void>;
  readonly stand: Stand;
}

const IMAGE = { width: 1200, height: 800 };
/** Middle of the first cell of the grid: a part in a part in a shape; and where only the shape is. */
const PART = { x: 150, y: 133 };
const SHAPE_ONLY = { x: 150, y: 50 };
const NOWHERE = { x: 300, y: 10 };

let browser: Browser;
let lent: LentPage;
let folder: string;

async function openPage(options: StandOptions, size = { width: 400, height: 640 }): Promise<Page> {
  const page = await lent.lend(size);
  const errors: string[] = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  onTestFinished(() => expect(errors).toEqual([]));
  await page.goto(`file://${folder}/stand.html`);
  await page.waitForFunction('window.openStand');
  await page.evaluate((o) => (window as unknown as StandPage).openStand(o), options);
  await page.getByRole('tab', { name: 'Everything' }).click();
  return page;
}

const button = (page: Page, name: string) => page.getByRole('button', { name });
const rows = (page: Page) => page.getByRole('treeitem');
const row = (page: Page, number: number) =>
  page.getByRole('treeitem', { name: new RegExp(`^Region ${number} ·`) });
const find = (page: Page) => button(page, 'Find everything').click();
const step = (page: Page) => page.evaluate(() => (window as unknown as StandPage).stand.sidecar.step());
const calls = (page: Page, method: string) =>
  page.evaluate(
    (name) =>
      (window as unknown as StandPage).stand.sidecar.calls
        .filter((call) => call.method === name)
        .map(({ params }) => params),
    method,
  );

/** Where an image pixel is on the page; the image must be fitted. */
async function onPage(page: Page, { x, y }: { x: number; y: number }, image = IMAGE) {
  const box = (await page.getByRole('application').boundingBox())!;
  const [left, top] = toScreen(fitView(image, box), [x, y]);
  return [box.x + left, box.y + top] as const;
}

async function pointAt(page: Page, pixel: { x: number; y: number }) {
  await page.mouse.move(...(await onPage(page, pixel)));
}

const hovered = (page: Page) => page.locator('.row[data-hovered=true]').getAttribute('aria-label');

describe.skipIf(!hasChromium('the Everything tab in a browser'))('the Everything tab', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cutline-stand-'));
    await buildTestPage(resolve(import.meta.dirname, 'stand'), 'stand.html', folder);
    browser = await launchChromium();
    lent = await LentPage.open(browser, { viewport: { width: 400, height: 640 } });
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('shows objects as they come, keeps them when it is stopped, and goes on without repeating', async () => {
    const page = await openPage({ host: 'figma', manual: true });
    await find(page);
    await step(page);
    await page.getByText('4 found · about 3 s left').waitFor();
    expect(await page.getByRole('progressbar', { name: 'Finding everything' }).count()).toBe(1);
    await step(page);
    await page.getByText('8 found').waitFor();
    await button(page, 'Stop').click();
    await page.getByText('8 found · stopped').waitFor();
    expect(await button(page, 'Insert 8 layers').isEnabled()).toBe(true);
    await button(page, 'Go on').click();
    expect((await calls(page, 'mask/all')).at(-1)).toMatchObject({ resume: { cursor: '8' } });
    await step(page);
    await page.getByText('12 found').waitFor();
  });

  it('keeps what was found when the sidecar dies in mid-run, and goes on when it is back', async () => {
    const page = await openPage({ host: 'figma', manual: true });
    await find(page);
    await step(page);
    await page.getByText('4 found').waitFor();
    await page.evaluate(() => (window as unknown as StandPage).stand.breakOff());
    await page.getByText('The connection broke. What was found is kept.').first().waitFor();
    expect(await rows(page).count()).toBe(4);
    await page.evaluate(() => (window as unknown as StandPage).stand.comeBack());
    await button(page, 'Go on').click();
    await expect.poll(async () => (await calls(page, 'mask/all')).length).toBe(1);
    expect((await calls(page, 'mask/all'))[0]).toMatchObject({ resume: { cursor: '4' } });
    await step(page);
    await page.getByText('8 found').waitFor();
  });

  it('highlights in the list what is under the pointer, and walks outwards and back with Tab', async () => {
    const page = await openPage({ host: 'figma' });
    await find(page);
    await page.getByText('36 found').waitFor();
    await pointAt(page, PART);
    await expect.poll(() => hovered(page)).toContain('Region 3 ');
    await page.getByRole('application').focus();
    await page.keyboard.press('Tab');
    await expect.poll(() => hovered(page)).toContain('Region 2 ');
    await page.keyboard.press('Tab');
    await expect.poll(() => hovered(page)).toContain('Region 1 ');
    await page.keyboard.press('Shift+Tab');
    await expect.poll(() => hovered(page)).toContain('Region 2 ');
    await page.keyboard.down('Alt');
    await page.mouse.wheel(0, 100);
    await page.keyboard.up('Alt');
    await expect.poll(() => hovered(page)).toContain('Region 1 ');
    await pointAt(page, NOWHERE);
    await expect.poll(() => page.locator('.row[data-hovered=true]').count()).toBe(0);
  });

  it('makes the object that is clicked the current one, and refines it with further clicks', async () => {
    const page = await openPage({ host: 'figma' });
    await find(page);
    await page.getByText('36 found').waitFor();
    await page.mouse.click(...(await onPage(page, SHAPE_ONLY)));
    await page.getByText('48 nodes, ≤ 0.4 px off').waitFor();
    expect(await page.getByRole('tab', { name: 'Object' }).getAttribute('aria-selected')).toBe('true');
    await page.waitForTimeout(100);
    await page.mouse.click(...(await onPage(page, PART)));
    await expect
      .poll(async () => (await calls(page, 'mask/predict')).at(-1))
      .toMatchObject({
        prompts: [
          { type: 'mask', rle: { size: [800, 1200] } },
          { type: 'point', label: 'inside' },
        ],
      });
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    await page.getByText('Click the object').waitFor();
    await page.keyboard.press('Control+Shift+z');
    await page.getByText('48 nodes, ≤ 0.4 px off').waitFor();
  });

  it('marks a point where nothing is known, as before', async () => {
    const page = await openPage({ host: 'figma' });
    await find(page);
    await page.getByText('36 found').waitFor();
    await page.mouse.click(...(await onPage(page, NOWHERE)));
    await expect
      .poll(async () => (await calls(page, 'mask/predict')).at(-1))
      .toMatchObject({
        prompts: [{ type: 'point', label: 'inside' }],
      });
    expect(await page.getByRole('tab', { name: 'Object' }).getAttribute('aria-selected')).toBe('true');
  });

  it('inserts what is chosen in the way that was chosen last, and nothing twice', async () => {
    const page = await openPage({ host: 'figma' });
    await find(page);
    await button(page, 'Insert 36 layers').waitFor();
    await row(page, 1).click();
    await button(page, 'Insert 33 layers').waitFor();
    await button(page, 'What becomes of the objects').click();
    await button(page, 'As cut-outs').click();
    await page.getByText('Inserted 33 layers.').first().waitFor();
    const inserted = await page.evaluate(() =>
      (window as unknown as StandPage).stand.inserted.map(({ style, tree }) => [style, tree.masks.length]),
    );
    expect(inserted).toEqual([['cutouts', 33]]);
    await page.getByText('33 already have a layer').waitFor();
    expect(await button(page, 'Insert layers').isDisabled()).toBe(true);
  });

  it('shows how an insertion goes, and stops it', async () => {
    const page = await openPage({ host: 'figma' });
    await page.evaluate(() => ((window as unknown as StandPage).stand.slowInsertion = true));
    await find(page);
    await button(page, 'Insert 36 layers').click();
    await page.getByText('Inserting 1 of 36…').waitFor();
    await button(page, 'Stop').click();
    await button(page, 'Insert 36 layers').waitFor();
    expect(await page.evaluate(() => (window as unknown as StandPage).stand.inserted.length)).toBe(0);
  });

  it('says what has a layer already, by its outline, and leaves it out', async () => {
    const page = await openPage({ host: 'figma' });
    await page.evaluate(() => {
      const { stand } = window as unknown as StandPage;
      const path = 'M 40 20 L 260 20 L 260 250 L 40 250 Z';
      stand.layers = [{ nodeId: '1', name: 'Elsewhere', path }];
    });
    await find(page);
    await button(page, 'Insert 36 layers').waitFor();
    await page.evaluate(() => {
      const { stand } = window as unknown as StandPage;
      const { outline } = stand.store.state.everything.masks[0]!;
      stand.layers = [{ nodeId: '1', name: 'Region 1', path: outline.path }];
    });
    await button(page, 'Insert 36 layers').click();
    await page.getByText('Inserted 35 layers. 1 already has a layer.').first().waitFor();
  });

  it('saves a file in the format that was chosen last, with Enter', async () => {
    const page = await openPage({ host: 'workbench' }, { width: 1280, height: 800 });
    await find(page);
    await button(page, 'Save 36 layers').waitFor();
    await button(page, 'What becomes of the objects').click();
    await button(page, 'OpenRaster').click();
    await page.getByText('Saved photo layers.').first().waitFor();
    await page.getByRole('application').focus();
    await page.keyboard.press('Enter');
    await expect
      .poll(() =>
        page.evaluate(() => (window as unknown as StandPage).stand.saved.map(({ format }) => format)),
      )
      .toEqual(['ora', 'ora']);
  });

  it('acts on the sliders at once, and asks nobody', async () => {
    const page = await openPage({ host: 'figma' });
    await find(page);
    await button(page, 'Insert 36 layers').waitFor();
    await page.getByRole('slider', { name: 'Fewer to more' }).fill('50');
    await button(page, 'Insert 18 layers').waitFor();
    await page.getByRole('slider', { name: 'Small to large' }).fill('100');
    await expect.poll(() => rows(page).count()).toBeLessThan(8);
    expect(await calls(page, 'mask/all')).toHaveLength(1);
  });

  it('can be used with keys alone', async () => {
    const page = await openPage({ host: 'workbench' }, { width: 1280, height: 800 });
    await find(page);
    await page.getByText('36 found').waitFor();
    await page.getByRole('tree').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    await button(page, 'Save 34 layers').waitFor();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => row(page, 1).getAttribute('aria-expanded')).toBe('false');
    expect(await row(page, 2).count()).toBe(0);
    await page.keyboard.press('Enter');
    await page.getByText('48 nodes, ≤ 0.4 px off').waitFor();
    await page.getByRole('tab', { name: 'Object' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByText('36 found').waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Everything');
  });

  it('says once that it looks, and what came of it', async () => {
    const page = await openPage({ host: 'figma', manual: true, perMessage: 36 });
    await find(page);
    await page.getByRole('status').getByText('Looking for everything.').waitFor();
    await step(page);
    await step(page);
    await page.getByRole('status').getByText('36 objects found.').waitFor();
  });

  it('keeps the objects of an image while another is open', async () => {
    const page = await openPage({ host: 'figma' });
    await find(page);
    await page.getByText('36 found').waitFor();
    await page.evaluate(() => (window as unknown as StandPage).stand.open('other.jpg'));
    await button(page, 'Find everything').waitFor();
    await page.evaluate(() => (window as unknown as StandPage).stand.open('photo.jpg'));
    await page.getByText('36 found').waitFor();
    await row(page, 1).waitFor();
  });

  it('renders no more rows than fit, however many objects there are', async () => {
    const size = { width: 4000, height: 3000 };
    const page = await openPage({ host: 'figma', size, cells: { columns: 14, rows: 12 }, perMessage: 50 });
    await find(page);
    await page.getByText('504 found').waitFor();
    expect(await rows(page).count()).toBeLessThan(30);
    await page.getByRole('tree').focus();
    await page.keyboard.press('End');
    await row(page, 504).waitFor();
    expect(await rows(page).count()).toBeLessThan(30);
  });
});
