/**
 * The whole way in the plugin's own window with keys alone: the built ui.html in its frame, the built code.js in QuickJS,
 * a real server, and an engine that knows its answers. After each key something must have the focus.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { hasChromium, launchChromium } from '../../support/chromium.js';
import { openPluginWindow } from '../../support/plugin-window.js';
import { TestSidecar } from '../../support/sidecar.js';
import { turn } from '../main/scenes.js';
import { IMAGE, KnowingEngine } from './keyboard/knowing-engine.js';
import { Typist } from './keyboard/typist.js';

const dist = resolve(import.meta.dirname, '../../../dist');
const isBuilt = existsSync(`${dist}/ui.html`);
if (!isBuilt) console.warn('SKIPPED: the plugin by keys, since it is not built; run npm run build.');

const PORTS = /\b4713[0-4]\b/g;

let browser: Browser;

/** The window with an image selected, beside a sidecar on a port that nobody else has. */
async function openWindow() {
  const sidecar = await TestSidecar.start({ engine: new KnowingEngine() });
  const { port } = sidecar.server;
  const image = await sharp({ create: { ...IMAGE, channels: 3, background: '#6b8f71' } })
    .png()
    .toBuffer();
  const html = await readFile(`${dist}/ui.html`, 'utf8');
  const window = await openPluginWindow(browser, {
    html: html.replace(PORTS, String(port)),
    code: await readFile(`${dist}/code.js`, 'utf8'),
    connectSources: [`http://localhost:${port}`, `ws://localhost:${port}`],
    images: new Map([['photo', image]]),
  });
  onTestFinished(() => window.dispose());
  const typist = await Typist.sitDown(window);
  return { sidecar, window, typist };
}

/** Goes on to where the image is open, the plugin paired, and the canvas focused. */
async function openImage() {
  const opened = await openWindow();
  const { window, typist, sidecar } = opened;
  window.selectImage({ ...IMAGE, scale: 0.5, transform: turn(0, 0, 0) });
  await window.ui.getByRole('textbox', { name: 'Pairing code' }).waitFor();
  await typist.hears('photo.jpg, 640 by 480 pixels.');
  // The field takes the keys by itself.
  await typist.expectFocus('Pairing code');
  await typist.press(...sidecar.latestPairing.code, 'Enter');
  await typist.hears('Connected.', 'Ready. Mark the object.');
  // The form has gone with what it was for.
  await typist.expectFocus('Image');
  return opened;
}

describe.skipIf(!isBuilt || !hasChromium('the plugin by keys'))('with keys alone', () => {
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  it('leads from the open window to a layer, and says what happens', async () => {
    const { typist, window } = await openImage();
    await typist.press('ArrowRight', 'Shift+ArrowDown');
    await typist.hears('50 % across, 50 % down', /^50 % across, \d\d % down$/);
    await typist.press('i');
    await typist.hears('Inside. 1 mark.', 'Object, 2 of 3: 4 nodes, at most 0.1 pixels off.');
    await typist.press('Shift+ArrowUp', 'o');
    await typist.hears('50 % across, 50 % down, inside the outline', 'Outside. 2 marks.', /^Object, 2 of 3/);
    await typist.press('1');
    await typist.hears(/^Part, 1 of 3: 4 nodes/);
    await typist.press('3');
    await typist.hears(/^Group, 3 of 3/);
    await typist.press('Backspace');
    await typist.hears(/^1 mark left\./);
    await typist.press('Control+z');
    await typist.hears(/^Outside. 2 marks\./);
    await typist.press('Control+Shift+z');
    await typist.hears(/^1 mark left\./);
    await typist.press('Escape');
    await typist.hears('All marks cleared.');
    await typist.press('Control+z');
    // The pick outlives the mark that it was made after.
    await typist.hears('Inside. 1 mark.', /^Group, 3 of 3/);
    await typist.press('Enter');
    await typist.hears('Inserted “Outline 1 of photo.jpg”.');
    await typist.expectFocus('Image');
    expect((await window.nextVector()).name).toBe('Outline 1 of photo.jpg');
    expect(window.undoSteps()).toBe(1);
    expect(await typist.lost()).toEqual([]);
  });

  it('goes through the outlines with Tab, and out of the canvas after the last one, as the canvas says', async () => {
    const { typist, window } = await openImage();
    const canvas = window.ui.getByRole('application');
    const described = (await canvas.getAttribute('aria-describedby'))!;
    expect(await window.ui.locator(`#${described}`).textContent()).toMatch(
      /Tab .* after the last one on\. F6 goes to the buttons and back/,
    );
    await typist.press('i');
    await typist.hears(/^Object, 2 of 3/);
    await typist.press('Tab');
    await typist.hears(/^Group, 3 of 3/);
    await typist.expectFocus('Image');
    await typist.press('Tab');
    await typist.expectFocus('Mark another object');
    await typist.press('F6');
    await typist.expectFocus('Image');
    await typist.press('F6');
    await typist.expectFocus('Point: click what belongs to the object');
    await typist.pressUntil('Shift+Tab', 'Mark another object');
    await typist.press('Shift+Tab', 'Shift+Tab', 'Shift+Tab');
    await typist.hears(/^Object, 2 of 3/, /^Part, 1 of 3/);
    await typist.expectFocus('Image');
    await typist.press('Shift+Tab');
    await typist.expectFocus('Menu');
    // Every stop on the way through the whole window has a name, and the way ends.
    const stops: string[] = [];
    for (let presses = 0; presses < 40 && stops.at(-1) !== 'Resize the window'; presses++) {
      await typist.press('Tab');
      stops.push(await typist.focus());
    }
    expect(stops).toContain('Insert outline ⏎');
    expect(stops).toContain('Object');
    expect(stops.at(-1)).toBe('Resize the window');
    expect(stops).not.toContain('');
  });

  it('makes a box of two corners, and takes the first back with Escape', async () => {
    const { typist } = await openImage();
    await typist.press('F6', 'Tab');
    await typist.expectFocus('Box: drag around the object');
    await typist.press('Enter', 'F6', 'i');
    await typist.hears('First corner. Go to the other one and mark it, too.');
    await typist.press('Escape');
    await typist.hears('The first corner is taken back.');
    await typist.press('i', 'Shift+ArrowRight', 'Shift+ArrowDown', 'i');
    await typist.hears('Box. 1 mark.', /^Object, 2 of 3/);
    await typist.press('+');
    await typist.hears(/^\d+ %$/);
  });

  it('opens popups with arrow keys, walks through them, and gives the focus back with Escape', async () => {
    const { typist, window } = await openImage();
    await typist.press('i');
    await typist.hears(/^Object, 2 of 3/);
    const more = 'More ways to use the outline';
    await typist.press('F6');
    await typist.pressUntil('Tab', more);
    await typist.press('ArrowDown');
    await typist.expectFocus('Insert outline');
    const ways = await window.ui.locator('.popup-panel button').allTextContents();
    await typist.press('ArrowDown');
    await typist.expectFocus(ways[1]!);
    await typist.press('Home', 'ArrowUp');
    await typist.expectFocus(ways.at(-1)!);
    await typist.press('Escape');
    await typist.expectFocus(more);
    expect(await window.ui.locator('.popup-panel').count()).toBe(0);
    await typist.press('Enter');
    await typist.expectFocus('Insert outline');
    await typist.pressUntil('ArrowDown', 'Insert cut-out');
    await typist.press('Enter');
    await typist.hears('Inserted “Cut-out 1 of photo.jpg”.');
    await typist.expectFocus(more);
    await typist.press('F6', '1', 'Shift+Tab');
    await typist.expectFocus('Menu');
    await typist.press('Enter');
    await typist.expectFocus('Connection');
    await typist.press('ArrowDown', 'ArrowDown');
    await typist.expectFocus('Shortcuts');
    await typist.press('Escape');
    await typist.expectFocus('Menu');
    // Whoever walks on with Tab leaves nothing open behind.
    await typist.press('Enter');
    await typist.pressUntil('Tab', 'Image');
    expect(await window.ui.locator('.popup-panel').count()).toBe(0);
    expect(await typist.lost()).toEqual([]);
  });

  it('keeps the focus when what had it is of no more use', async () => {
    const { typist } = await openImage();
    await typist.press('i', 'o');
    await typist.hears('Outside. 2 marks.', /^Object, 2 of 3/);
    await typist.press('F6');
    await typist.pressUntil('Tab', 'Undo');
    await typist.press('Enter');
    await typist.hears('1 mark left.');
    await typist.press('Enter');
    await typist.hears('All marks cleared.');
    // There is nothing more to undo.
    await typist.expectFocus('Redo');
    await typist.press('Enter');
    await typist.hears('Inside. 1 mark.', /^Object, 2 of 3/);
    await typist.pressUntil('Tab', 'Clear');
    await typist.press('Enter');
    await typist.hears('All marks cleared.');
    await typist.expectFocus('Undo');
    await typist.pressUntil('Tab', 'Smooth to precise');
    await typist.press('ArrowRight', 'Escape');
    await typist.expectFocus('Smooth to precise');
    expect(await typist.lost()).toEqual([]);
  });

  it('finds everything, chooses in the tree and inserts, from tab to tab', async () => {
    const { typist, window } = await openImage();
    await typist.pressUntil('Tab', 'Object');
    await typist.press('ArrowRight');
    await typist.expectFocus('Everything');
    await typist.pressUntil('Shift+Tab', 'Find everything');
    await typist.press('Enter');
    await typist.hears('Looking for everything.', '12 objects found.');
    await typist.pressUntil('Tab', 'Found objects');
    await typist.press('ArrowDown', 'Space');
    const tree = window.ui.getByRole('tree');
    const active = async () => window.ui.locator(`#${await tree.getAttribute('aria-activedescendant')}`);
    expect(await (await active()).getAttribute('aria-checked')).toBe('false');
    await typist.press('ArrowLeft');
    await expect.poll(async () => (await active()).getAttribute('aria-expanded')).toBe('false');
    await typist.press('ArrowLeft', 'ArrowLeft');
    await expect.poll(async () => (await active()).getAttribute('aria-label')).toMatch(/^Region 1 /);
    await typist.pressUntil('Tab', 'Insert 10 layers ⏎');
    await typist.press('Enter');
    await typist.hears('Inserted 10 layers.');
    await typist.pressUntil('Tab', 'Everything');
    await typist.press('Home');
    await typist.expectFocus('Object');
    await typist.press('End');
    await typist.pressUntil('Shift+Tab', 'Found objects');
    await typist.press('Enter');
    // The object is worked on now, in the other tab; the tree has gone.
    await typist.hears(/^Object, 1 of 1: \d+ nodes/);
    expect(await typist.lost()).toEqual([]);
    expect(window.undoSteps()).toBe(1);
  });
});
