/** From the window's navigation to a menu that has opened at a click. */
import type { Browser } from 'playwright-core';
import { openFigmaPage } from './figma-page.js';
import type { Watched } from './probes.js';

/** @returns Milliseconds on the page's own clock. */
export async function measureStart(
  browser: Browser,
  html: string,
): Promise<{ paintedMs: number; answeredMs: number }> {
  const { frame, dispose } = await openFigmaPage(browser, { html });
  await frame.waitForFunction(() => (window as unknown as Watched).watch?.answeredMs !== undefined);
  const times = await frame.evaluate(() => {
    const { paintedMs, answeredMs } = (window as unknown as Watched).watch;
    return { paintedMs: paintedMs!, answeredMs: answeredMs! };
  });
  await dispose();
  return times;
}
