/** The built workbench in a real browser, served by a real server over an engine that knows its answer. */
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, launchChromium } from '../../support/chromium.js';
import { LentPage } from '../../support/lent-page.js';
import { temporaryFolder, TestSidecar } from '../../support/sidecar.js';

const pageFile = resolve(import.meta.dirname, '../../../dist/workbench.html');
const isBuilt = existsSync(pageFile);
if (!isBuilt) console.warn('SKIPPED: the workbench in a browser, since it is not built; run npm run build.');

let browser: Browser;
let lent: LentPage;

/** Opens the page as `npm start` does, already paired. */
async function openWorkbench(sidecar: TestSidecar): Promise<Page> {
  const page = await lent.lend();
  await page.goto(`${sidecar.server.origin}/#launch=${sidecar.server.createLaunchTicket()}`);
  await page.getByText('local', { exact: false }).waitFor();
  return page;
}

const canvas = (page: Page) => page.getByRole('application');
const mark = (page: Page) => canvas(page).click({ position: { x: 200, y: 200 } });
const cost = (page: Page) => page.getByText('4 nodes, ≤ 0.1 px off');
const asked = (sidecar: TestSidecar, method: string) =>
  sidecar.engine.calls.filter((call) => call.method === method).map(({ params }) => params);

describe.skipIf(!isBuilt || !hasChromium('the workbench in a browser'))('the workbench', () => {
  beforeAll(async () => {
    browser = await launchChromium();
    lent = await LentPage.open(browser, { acceptDownloads: true, viewport: { width: 1000, height: 700 } });
  });
  afterAll(() => browser?.close());

  it('opens with the sample, is paired by itself and leaves no ticket in the address', async () => {
    const sidecar = await TestSidecar.start({ pageFile });
    const page = await openWorkbench(sidecar);
    expect(new URL(page.url()).hash).toBe('');
    await page.getByRole('heading', { name: 'sample.png · 1200×800' }).waitFor();
    expect(sidecar.pairingCount).toBe(0);
  });

  it('finds an outline for a click and saves it with Enter', async () => {
    const sidecar = await TestSidecar.start({ pageFile });
    const page = await openWorkbench(sidecar);
    await mark(page);
    await cost(page).waitFor();
    const download = page.waitForEvent('download');
    await page.keyboard.press('Enter');
    expect((await download).suggestedFilename()).toBe('sample outline.svg');
    await page.getByText('Saved sample outline.svg.').first().waitFor();
    expect(asked(sidecar, 'export')).toMatchObject([
      { format: 'svg', prompts: [{ type: 'point', label: 'inside' }] },
    ]);
  });

  it('names the request that failed as the log does, for copying with the mouse or with the keys', async () => {
    const sidecar = await TestSidecar.start({ pageFile });
    const page = await openWorkbench(sidecar);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await mark(page);
    await cost(page).waitFor();
    sidecar.engine.failure = new TypeError('broke');
    await canvas(page).click({ position: { x: 300, y: 300 } });
    const button = page.getByRole('button', { name: /^Request [0-9a-f]{6}, copy its number$/ });
    const id = (await button.textContent())!.slice('Request '.length);
    const failed = sidecar.logs.map((line) => JSON.parse(line)).find(({ msg }) => msg === 'request failed');
    expect(failed).toMatchObject({ request: id, method: 'mask/predict' });
    const copied = () => page.evaluate(() => navigator.clipboard.readText());
    await button.click();
    await page.getByText('Copied').waitFor();
    expect(await copied()).toBe(id);
    await button.waitFor();
    await page.evaluate(() => navigator.clipboard.writeText(''));
    // Tab says that keys are used; without it Enter means the canvas.
    await page.keyboard.press('Tab');
    await button.press('Enter');
    await page.getByText('Copied').waitFor();
    expect(await copied()).toBe(id);
  });

  it('cuts the object out of the image in the page, with Shift-Enter', async () => {
    const sidecar = await TestSidecar.start({ pageFile });
    const page = await openWorkbench(sidecar);
    await mark(page);
    await cost(page).waitFor();
    const download = page.waitForEvent('download');
    await page.keyboard.press('Shift+Enter');
    expect((await download).suggestedFilename()).toBe('sample cut-out.png');
    const png = await readFile(await (await download).path());
    expect(png.subarray(1, 4).toString()).toBe('PNG');
  });

  it('can be used with keys alone, and says what happens', async () => {
    const sidecar = await TestSidecar.start({ pageFile });
    const page = await openWorkbench(sidecar);
    await canvas(page).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Shift+ArrowRight');
    await page.getByRole('status').getByText('% across').waitFor();
    await page.keyboard.press('i');
    await page.getByRole('status').getByText('Object, 1 of 1: 4 nodes').waitFor();
    await page.keyboard.press('o');
    await expect
      .poll(() => asked(sidecar, 'mask/predict').at(-1))
      .toMatchObject({
        prompts: [{ label: 'inside' }, { label: 'outside' }],
      });
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Escape');
    await page.getByText('Click the object').waitFor();
  });

  it('takes keys wherever the focus is, but for text and open menus', async () => {
    const sidecar = await TestSidecar.start({ pageFile });
    const page = await openWorkbench(sidecar);
    await mark(page);
    await cost(page).waitFor();
    await page.getByRole('slider').focus();
    await page.keyboard.press('Control+z');
    await page.getByText('Click the object').waitFor();
    await page.keyboard.press('Control+y');
    await cost(page).waitFor();
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.keyboard.press('Backspace');
    expect(await cost(page).isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.getByText('Click the object').waitFor();
    await page.keyboard.press('Escape');
    expect(await page.getByRole('heading', { name: 'sample.png' }).isVisible()).toBe(true);
  });

  it('pans with Space after a button was clicked, and draws nothing', async () => {
    const sidecar = await TestSidecar.start({ pageFile });
    const page = await openWorkbench(sidecar);
    const boxTool = page.getByRole('button', { name: 'Box: drag' });
    await boxTool.click();
    await page.keyboard.down('Space');
    await canvas(page).dragTo(canvas(page), {
      sourcePosition: { x: 150, y: 250 },
      targetPosition: { x: 300, y: 350 },
    });
    await page.keyboard.up('Space');
    expect(await boxTool.getAttribute('aria-pressed')).toBe('true');
    expect(asked(sidecar, 'mask/predict')).toEqual([]);
  });

  it('zooms a little with Ctrl and the wheel, and with + and -', async () => {
    const sidecar = await TestSidecar.start({ pageFile });
    const page = await openWorkbench(sidecar);
    const percent = async () => parseInt(await page.locator('.zoom-fit').innerText());
    await canvas(page).hover();
    const before = await percent();
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -300);
    await page.keyboard.up('Control');
    await expect.poll(async () => (await percent()) / before).toBeCloseTo(1.2, 1);
    await page.keyboard.press('Control+-');
    await expect.poll(async () => (await percent()) / before).toBeCloseTo(0.8, 1);
  });

  it('prints nothing to the console of a page that its own sidecar serves', async () => {
    const sidecar = await TestSidecar.start({ pageFile });
    const page = await lent.lend();
    const printed: string[] = [];
    page.on('console', (message) => printed.push(message.text()));
    await page.goto(`${sidecar.server.origin}/#launch=${sidecar.server.createLaunchTicket()}`);
    await page.getByText('local', { exact: false }).waitFor();
    expect(printed).toEqual([]);
  });

  it.each([
    ['text', Buffer.from('text'), 'The file is not an image that can be shown here.'],
    ['nothing', Buffer.alloc(0), 'The file is not an image that can be shown here.'],
    ['half an image', Buffer.from([0xff, 0xd8, 0xff, 0xe0]), 'The image file ends too early or is damaged.'],
  ])('refuses %s in one sentence that can be put away', async (_what, buffer, sentence) => {
    const sidecar = await TestSidecar.start({ pageFile });
    const page = await openWorkbench(sidecar);
    const input = page.locator('input[type=file]');
    for (let times = 0; times < 2; times++) {
      await input.setInputFiles({ name: 'photo.png', mimeType: 'image/png', buffer });
    }
    await page.locator('.notice').getByText(sentence).waitFor();
    expect(await page.locator('.notice').count()).toBe(1);
    expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Dismiss' }).click();
    expect(await page.locator('.notice').count()).toBe(0);
  });

  it('offers no file to pick that a browser cannot show', async () => {
    const sidecar = await TestSidecar.start({ pageFile });
    const page = await openWorkbench(sidecar);
    const accept = await page.locator('input[type=file]').getAttribute('accept');
    expect(accept).toContain('image/avif');
    expect(accept).not.toContain('tiff');
  });

  it('refuses too large a file at once', async () => {
    const sidecar = await TestSidecar.start({ pageFile });
    const page = await openWorkbench(sidecar);
    const file = join(await temporaryFolder(), 'huge.png');
    await writeFile(file, '');
    await truncate(file, 275 * 1024 * 1024);
    await page.locator('input[type=file]').setInputFiles(file);
    await page.locator('.notice').getByText('The image file has 275 MB; 25 MB is the most.').waitFor();
    expect(await page.getByRole('heading', { name: 'sample.png' }).isVisible()).toBe(true);
  });

  it('refuses too many pixels by the header, and decodes the rest beside the page', async () => {
    const sidecar = await TestSidecar.start({ pageFile });
    const page = await openWorkbench(sidecar);
    const workers = page.waitForEvent('worker');
    const input = page.locator('input[type=file]');
    const make = (width: number, height: number) =>
      sharp({ create: { width, height, channels: 3, background: 'red' } })
        .png()
        .toBuffer();
    const buffer = await make(7000, 6000);
    await input.setInputFiles({ name: 'many.png', mimeType: 'image/png', buffer });
    await page.locator('.notice').getByText('The image has 7000×6000 pixels').waitFor();
    await input.setInputFiles({ name: 'few.png', mimeType: 'image/png', buffer: await make(300, 200) });
    await workers;
    await page.getByRole('heading', { name: 'few.png · 300×200' }).waitFor();
    expect(await page.locator('.notice').count()).toBe(0);
  });

  it('makes a box of a drag', async () => {
    const sidecar = await TestSidecar.start({ pageFile });
    const page = await openWorkbench(sidecar);
    await canvas(page).dragTo(canvas(page), {
      sourcePosition: { x: 150, y: 250 },
      targetPosition: { x: 300, y: 350 },
    });
    await cost(page).waitFor();
    expect(asked(sidecar, 'mask/predict').at(-1)).toMatchObject({ prompts: [{ type: 'box' }] });
  });

  it('keeps the marks when the sidecar stops, and shows what to do', async () => {
    const sidecar = await TestSidecar.start({ pageFile });
    const page = await openWorkbench(sidecar);
    await mark(page);
    await cost(page).waitFor();
    await sidecar.server.dispose();
    await page.getByRole('status').getByText('The sidecar isn’t running.').waitFor();
    expect(await cost(page).isVisible()).toBe(true);
    expect(await page.getByRole('button', { name: 'Copy the command' }).isVisible()).toBe(true);
  });

  it('says what is wrong with a file that is no image, and keeps what is open', async () => {
    const sidecar = await TestSidecar.start({ pageFile });
    const page = await openWorkbench(sidecar);
    await page.getByRole('heading', { name: 'sample.png' }).waitFor();
    await page.locator('input[type=file]').setInputFiles({
      name: 'notes.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('not an image'),
    });
    await page.getByText('The file is not an image that can be shown here.').first().waitFor();
    expect(await page.getByRole('heading', { name: 'sample.png' }).isVisible()).toBe(true);
  });
});
