/** Numbers in German words: how many, how long, how far. */

export const whole = new Intl.NumberFormat('de');
export const tenths = new Intl.NumberFormat('de', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const hundredths = new Intl.NumberFormat('de', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const twoDigits = new Intl.NumberFormat('de', { maximumSignificantDigits: 2 });

export function layers(count: number): string {
  return count === 0 ? 'Ebenen' : count === 1 ? '1 Ebene' : `${whole.format(count)} Ebenen`;
}

export function timeLeft(ms: number): string {
  if (ms < 1_500) return 'fast fertig';
  const seconds = ms / 1_000;
  return seconds < 90 ? `noch etwa ${Math.round(seconds)} s` : `noch etwa ${Math.round(seconds / 60)} min`;
}

export function percent(share: number): string {
  return `${twoDigits.format(100 * share)} %`;
}

export function pixels(px: number): string {
  return `${(px < 0.095 ? hundredths : tenths).format(px)} px`;
}

export function marks(count: number): string {
  return count === 1 ? '1 Markierung' : `${whole.format(count)} Markierungen`;
}
