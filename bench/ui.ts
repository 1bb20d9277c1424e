/**
 * The plugin's window in a real browser: how soon it can be used, how smoothly a large image moves, how much of a
 * click's time is its own. `npm run bench -- ui OTHER.html` measures another build in turn with this one. The browser
 * draws without a graphics card, so frames are to be held against those of the bare page.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import pino from 'pino';
import { startServer } from '../sidecar/server/server.js';
import { hasChromium, launchChromium } from '../test/support/chromium.js';
import type { BenchContext } from './context.js';
import { benchImage } from './images.js';
import { pause, percentile, round3 } from './measure.js';
import { postJson, spawnSidecar } from './sidecar.js';
import { BARE_MOTION, BARE_START } from './ui/bare-pages.js';
import { measureClick, summariseClicks } from './ui/click.js';
import { openFigmaPage } from './ui/figma-page.js';
import type { FigmaPage } from './ui/figma-page.js';
import { largestImage } from './ui/large-image.js';
import { measurePan, measureZoom } from './ui/moving.js';
import { ScriptedEngine } from './ui/scripted-engine.js';
import { measureStart } from './ui/start.js';

/** Pages by what they are called in the result. */
type Pages = Readonly<Record<string, string>>;

/** Pages of the browser's own, made ahead in case that someone types an address, compete with the measured one. */
const QUIET = '--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,PreloadTopChromeWebUI,InitialWebUI';
/** The browser is still setting itself up. */
const SETTLE_MS = 2_000;
const START_ROUNDS = 9;
const MOVE_ROUNDS = 3;
const CLICK_ROUNDS = 15;

export async function benchUi({ home, args: [other] }: BenchContext): Promise<object> {
  return inBrowser(other, async (browser, pages) => ({
    start: await startTimes(browser, { bare: BARE_START, ...pages }),
    moving: await movingTimes(browser, join(home, 'moving'), pages),
    click: await clickTimes(browser, join(home, 'click'), pages),
  }));
}

/** Clicks alone. */
export async function benchUiClick({ home, args: [other] }: BenchContext): Promise<object> {
  return inBrowser(other, (browser, pages) => clickTimes(browser, home, pages));
}

async function inBrowser(
  other: string | undefined,
  measure: (browser: Browser, pages: Pages) => Promise<object>,
): Promise<object> {
  if (!hasChromium('the benchmark of the interface')) return {};
  const pages: Pages = {
    built: await readFile('dist/ui.html', 'utf8'),
    ...(other && { other: await readFile(other, 'utf8') }),
  };
  const browser = await launchChromium(QUIET);
  try {
    await pause(SETTLE_MS);
    return await measure(browser, pages);
  } finally {
    await browser.close();
  }
}

async function startTimes(browser: Browser, pages: Pages) {
  const times = await inTurn(pages, START_ROUNDS, (html) => measureStart(browser, html));
  return mapValues(times, (all) => ({
    paintedMs: median(all.map(({ paintedMs }) => paintedMs)),
    answeredMs: median(all.map(({ answeredMs }) => answeredMs)),
  }));
}

async function movingTimes(browser: Browser, home: string, pages: Pages) {
  const image = await largestImage();
  const engine = new ScriptedEngine(image);
  const server = await startServer({ engine, home, ports: [0], logger: pino({ level: 'silent' }) });
  try {
    const times = await inTurn({ bare: BARE_MOTION, ...pages }, MOVE_ROUNDS, async (html) => {
      const { token } = await postJson<{ token: string }>(server.origin, '/v1/launch', {
        ticket: server.createLaunchTicket(),
      });
      const sidecar = { origin: server.origin, token };
      const figma = await openFigmaPage(browser, { html, image, sidecar });
      const motions = html === BARE_MOTION ? await moveBare(figma) : await moveAround(figma);
      await figma.dispose();
      return motions;
    });
    return { image: image.name, ...mapValues(times, middleRound) };
  } finally {
    await server.dispose();
  }
}

async function moveBare(figma: FigmaPage) {
  return { pan: await measurePan(figma), zoom: await measureZoom(figma) };
}

async function moveAround(figma: FigmaPage) {
  const { frame } = figma;
  await frame.getByText('Click the object').waitFor();
  const canvas = frame.getByRole('application');
  for (let i = 0; i < 10; i++) await canvas.click({ position: { x: 110 + 20 * i, y: 140 + 25 * (i % 4) } });
  await frame.getByText('300 nodes').first().waitFor();
  const { pan, zoom } = await panAndZoom(figma);
  await frame.getByRole('tab', { name: 'Everything' }).click();
  await frame.getByRole('button', { name: 'Find everything' }).click();
  await frame.getByText('Find again').first().waitFor();
  const everything = await panAndZoom(figma);
  return { pan, zoom, everythingPan: everything.pan, everythingZoom: everything.zoom };
}

/** Pans where the image reaches beyond the window on all sides, and zooms from where all of it is seen. */
async function panAndZoom(figma: FigmaPage) {
  const canvas = figma.frame.getByRole('application');
  for (let i = 0; i < 4; i++) await canvas.press('+');
  const pan = await measurePan(figma);
  await canvas.press('0');
  return { pan, zoom: await measureZoom(figma) };
}

async function clickTimes(browser: Browser, home: string, pages: Pages) {
  const { name, bytes } = await benchImage();
  const image = { width: 1_800, height: 1_200, bytes };
  const sidecar = await spawnSidecar(home);
  const opened: Record<string, FigmaPage> = {};
  try {
    for (const [page, html] of Object.entries(pages)) {
      opened[page] = await openFigmaPage(browser, { html, image, sidecar });
      await opened[page].frame.getByText('Click the object').waitFor();
      // The first answer waits for the image to be prepared.
      await measureClick(opened[page], 0);
    }
    let round = 0;
    const clicks = await inTurn(opened, CLICK_ROUNDS, (figma) => measureClick(figma, ++round));
    return { image: name, ...mapValues(clicks, summariseClicks) };
  } finally {
    for (const figma of Object.values(opened)) await figma.dispose();
    await sidecar.dispose();
  }
}

/** Measures one after another, first the first and then the last first; the first round warms up. */
async function inTurn<P, T>(
  subjects: Readonly<Record<string, P>>,
  rounds: number,
  measure: (subject: P) => Promise<T>,
): Promise<Record<string, T[]>> {
  const results: Record<string, T[]> = mapValues(subjects, () => []);
  for (let round = 0; round < rounds; round++) {
    const names = round % 2 === 0 ? Object.keys(subjects) : Object.keys(subjects).reverse();
    for (const name of names) {
      const result = await measure(subjects[name]!);
      if (round > 0) results[name]!.push(result);
    }
  }
  return results;
}

/** The round whose first motion had the middle number of frames. */
function middleRound<T extends { readonly pan: { readonly fps: number } }>(rounds: readonly T[]): T {
  const sorted = [...rounds].sort((a, b) => a.pan.fps - b.pan.fps);
  return sorted[Math.floor(sorted.length / 2)]!;
}

function median(values: readonly number[]): number {
  return round3(percentile(values, 0.5));
}

function mapValues<T, U>(values: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]));
}
