/** From the pointer going up to the outline on the screen, and where that time goes. */
import { decodeContent } from '../../protocol/codec.js';
import { maskPredict } from '../../protocol/methods.js';
import { pause, percentile, round3 } from '../measure.js';
import type { FigmaPage } from './figma-page.js';
import type { Watched } from './probes.js';

interface Click {
  /** All of it, the sidecar's part (sent to the first of an answer received), and the rest. */
  readonly totalMs: number;
  readonly sidecarMs: number;
  readonly ownMs: number;
  /** Until the alternatives are there too. */
  readonly wholeMs: number;
  /** Of the sidecar's part, as it says itself. */
  readonly decodeMs: number;
  readonly traceMs: number;
}

/** @param figma Shows an image that is ready. @param round Decides where is clicked. */
export async function measureClick({ page, frame }: FigmaPage, round: number): Promise<Click> {
  await frame.evaluate(() => (window as unknown as Watched).watch.reset());
  // All over the middle, never at the same place twice.
  const x = 110 + 180 * ((round * 0.618) % 1);
  const y = 190 + 90 * ((round * 0.414) % 1);
  await page.mouse.move(x, y);
  await pause(50);
  await page.mouse.click(x, y);
  await frame.waitForFunction(() => (window as unknown as Watched).watch.outlineMs > 0);
  await frame.locator('.thumbnails:not(:has([aria-busy=true]))').waitFor();
  const { pointerUpMs, sentMs, received, outlineMs } = await frame.evaluate(() => {
    const { watch } = window as unknown as Watched;
    const messages = watch.received.map(({ atMs, data }) => ({ atMs, bytes: [...new Uint8Array(data)] }));
    return { ...watch, received: messages };
  });
  const totalMs = outlineMs - pointerUpMs;
  const sidecarMs = received[0]!.atMs - sentMs;
  const last = received.at(-1)!;
  const answer = decodeContent(Uint8Array.from(last.bytes)) as { result: unknown };
  const { decodeMs, traceMs } = maskPredict.result.parse(answer.result).timings;
  await frame.getByRole('button', { name: 'Clear' }).click();
  await frame.getByText('Click the object').waitFor();
  return {
    totalMs,
    sidecarMs,
    ownMs: totalMs - sidecarMs,
    wholeMs: last.atMs - pointerUpMs,
    decodeMs,
    traceMs,
  };
}

/** Medians and 95th percentiles. */
export function summariseClicks(clicks: readonly Click[]) {
  const of = (part: keyof Click) => {
    const times = clicks.map((click) => click[part]);
    return { p50: round3(percentile(times, 0.5)), p95: round3(percentile(times, 0.95)) };
  };
  return {
    totalMs: of('totalMs'),
    sidecarMs: of('sidecarMs'),
    ownMs: of('ownMs'),
    wholeMs: of('wholeMs'),
    decodeMs: of('decodeMs'),
    traceMs: of('traceMs'),
  };
}
