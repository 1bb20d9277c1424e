/** Numbers in words: how many, how long, how far. */

/** @returns "layers" where there are none. */
export function layers(count: number): string {
  return count === 0 ? 'layers' : `${count} ${plural(count, 'layer')}`;
}

/** No more precise than the estimate is. */
export function timeLeft(ms: number): string {
  if (ms < 1_500) return 'almost done';
  const seconds = ms / 1_000;
  return seconds < 90 ? `about ${Math.round(seconds)} s left` : `about ${Math.round(seconds / 60)} min left`;
}

/** Two digits that matter. */
export function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}

/** @returns The word as it follows a number. */
export function plural(count: number, word: string): string {
  return count === 1 ? word : `${word}s`;
}

/** One decimal says enough; below a tenth of a pixel two are needed. */
export function pixels(px: number): string {
  return `${px < 0.095 ? px.toFixed(2) : px.toFixed(1)} px`;
}
