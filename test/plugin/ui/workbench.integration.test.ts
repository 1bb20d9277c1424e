/** The built workbench in a real browser, served by a real server over an engine that knows its answer. */
import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, launchChromium } from '../../support/chromium.js';
import { TestSidecar } from '../../support/sidecar.js';

const pageFile = resolve(import.meta.dirname, '../../../dist/workbench.html');
const isBuilt = existsSync(pageFile);
if (!isBuilt) console.warn('SKIPPED: the workbench in a browser, since it is not built; run npm run build.');

let browser: Browser;

/** Opens the page as `npm start` does, already paired. */
async function openWorkbench(sidecar: TestSidecar): Promise<Page> {
  const page = await browser.newPage({ acceptDownloads: true, viewport: { width: 1000, height: 700 } });
  page.setDefaultTimeout(10_000);
  await page.goto(`${sidecar.server.origin}/#launch=${sidecar.server.createLaunchTicket()}`);
  await page.getByText('local', { exact: false }).waitFor();
  return page;
}

const canvas = (page: Page) => page.getByRole('application');
const mark = (page: Page) => canvas(page).click({ position: { x: 200, y: 200 } });
const cost = (page: Page) => page.getByText('4 nodes ±0.1 px');
const asked = (sidecar: TestSidecar, method: string) =>
  sidecar.engine.calls.filter((call) => call.method === method).map(({ params }) => params);

describe.skipIf(!isBuilt || !hasChromium('the workbench in a browser'))('the workbench', () => {
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  it('opens with the sample, is paired by itself and leaves no ticket in the address', async () => {
    const sidecar = await TestSidecar.start({ pageFile });
    const page = await openWorkbench(sidecar);
    expect(new URL(page.url()).hash).toBe('');
    await page.getByRole('heading', { name: 'sample.png · 1200×800' }).waitFor();
    expect(sidecar.pairingCount).toBe(0);
    await page.close();
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
    await page.close();
  });

  it('cuts the object out of the image in the page, with Shift-Enter', async () => {
    const sidecar = await TestSidecar.start({ pageFile });
    const page = await openWorkbench(sidecar);
    await mark(page);
    await cost(page).waitFor();
    const download = page.waitForEvent('download');
    await page.keyboard.press('Shift+Enter');
    const png = await readFile(await (await download).path());
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    await page.close();
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
    await page.keyboard.press('Control+z');
    await expect.poll(() => asked(sidecar, 'mask/predict').length).toBeGreaterThanOrEqual(3);
    expect(asked(sidecar, 'mask/predict').at(-1)).toMatchObject({
      prompts: [{ type: 'point', label: 'inside' }],
    });
    await page.keyboard.press('Escape');
    await page.getByText('Click the object').waitFor();
    await page.close();
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
    await page.close();
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
    await page.close();
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
    await page.getByText('This file can’t be shown as an image.').first().waitFor();
    expect(await page.getByRole('heading', { name: 'sample.png' }).isVisible()).toBe(true);
    await page.close();
  });
});
