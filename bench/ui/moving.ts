/** Pans and zooms as a hand does, and counts what the page made of it. */
import type { CDPSession } from 'playwright-core';
import { pause, percentile, round3 } from '../measure.js';
import type { FigmaPage } from './figma-page.js';
import type { Watched } from './probes.js';

export interface Motion {
  /** Frames that the page drew, a second, and those that reached the screen. */
  readonly fps: number;
  readonly shownFps: number;
  /** Processor time of the whole browser for each frame shown: the least noisy of these numbers. */
  readonly cpuMsPerFrame: number;
  readonly longestMs: number;
  readonly p95Ms: number;
  /** Pointer events that the page heard, and how often it drew the image. */
  readonly moves: number;
  readonly imageDraws: number;
}

const DURATION_MS = 1_500;
/** A mouse reports 125 times a second. */
const EVERY_MS = 8;

/** Drags the image around with the space key held. */
export async function measurePan(figma: FigmaPage): Promise<Motion> {
  const { page } = figma;
  const input = await page.context().newCDPSession(page);
  await page.keyboard.down('Space');
  await move(input, 'mousePressed', 200, 250, { button: 'left', buttons: 1, clickCount: 1 });
  const motion = await watchMotion(figma, (at) => {
    const [x, y] = circle(at);
    return move(input, 'mouseMoved', 200 + 70 * x, 250 + 70 * y, { button: 'left', buttons: 1 });
  });
  await move(input, 'mouseReleased', 200, 250, { button: 'left', buttons: 0, clickCount: 1 });
  await page.keyboard.up('Space');
  await input.detach();
  return motion;
}

/** Zooms in and out again with the control key and small steps of the wheel, as a pinch arrives. */
export async function measureZoom(figma: FigmaPage): Promise<Motion> {
  const input = await figma.page.context().newCDPSession(figma.page);
  const motion = await watchMotion(figma, (at) =>
    move(input, 'mouseWheel', 200, 250, { deltaX: 0, deltaY: at < 0.5 ? -2.5 : 2.5, modifiers: 2 }),
  );
  await input.detach();
  return motion;
}

async function watchMotion(figma: FigmaPage, step: (at: number) => Promise<unknown>): Promise<Motion> {
  // The focus lies on the canvas and nothing is under way any more.
  await pause(600);
  const { shown, cpu, frames, moves, imageDraws } = await trace(figma, async () => {
    const start = performance.now();
    for (let ms = 0; ms < DURATION_MS; ms = performance.now() - start) {
      // Not awaited: a hand does not wait for the page.
      void step(ms / DURATION_MS);
      await pause(EVERY_MS);
    }
  });
  const gaps = frames.slice(1).map((time, i) => time - frames[i]!);
  const seconds = (frames.at(-1)! - frames[0]!) / 1_000;
  return {
    fps: round3(gaps.length / seconds),
    shownFps: round3(shown / seconds),
    cpuMsPerFrame: round3((1_000 * cpu) / shown),
    longestMs: round3(Math.max(...gaps)),
    p95Ms: round3(percentile(gaps, 0.95)),
    moves,
    imageDraws,
  };
}

/** Counts the frames that the browser put on the screen meanwhile, too: a page may draw more than arrives. */
async function trace({ page, frame }: FigmaPage, run: () => Promise<void>) {
  const browser = page.context().browser()!;
  const system = await browser.newBrowserCDPSession();
  await browser.startTracing(page, { categories: ['disabled-by-default-devtools.timeline.frame'] });
  await frame.evaluate(() => {
    (window as unknown as Watched).watch.reset();
  });
  const before = await cpuSeconds(system);
  await run();
  const cpu = (await cpuSeconds(system)) - before;
  await system.detach();
  const { frames, moves, imageDraws } = await frame.evaluate(() => (window as unknown as Watched).watch);
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
    traceEvents: { name: string; ts: number }[];
  };
  const shown = traceEvents.filter(({ name }) => name === 'DrawFrame').length;
  return { shown, cpu, frames, moves, imageDraws };
}

async function cpuSeconds(system: CDPSession): Promise<number> {
  const { processInfo } = await system.send('SystemInfo.getProcessInfo');
  return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

function circle(at: number): readonly [number, number] {
  return [Math.sin(4 * Math.PI * at), 1 - Math.cos(4 * Math.PI * at)];
}

function move(
  input: CDPSession,
  type: 'mousePressed' | 'mouseReleased' | 'mouseMoved' | 'mouseWheel',
  x: number,
  y: number,
  more: object,
) {
  return input.send('Input.dispatchMouseEvent', { type, x, y, ...more });
}
