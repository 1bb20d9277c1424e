/** What a found mask is called until a person names it. */
import { nameColour } from './colour.js';
import { hasBit } from './footprint.js';
import type { Footprint } from './footprint.js';

/**
 * @param share Of the image's area, in [0, 1].
 * @param colours The image at the samples of the footprint's grid, Uint8 RGB; left out, the colour is not named.
 * @returns "Region 12 · blue · 4 %".
 */
export function nameMask(id: number, share: number, footprint: Footprint, colours?: Uint8Array): string {
  const parts = [`Region ${id}`];
  if (colours && footprint.count > 0) parts.push(nameColour(meanColour(footprint, colours)));
  return [...parts, percent(share)].join(' · ');
}

function meanColour({ bits, count }: Footprint, colours: Uint8Array): [number, number, number] {
  const sums: [number, number, number] = [0, 0, 0];
  for (let k = 0; k < colours.length / 3; k++) {
    if (!hasBit(bits, k)) continue;
    for (let channel = 0; channel < 3; channel++) sums[channel]! += colours[3 * k + channel]!;
  }
  return [sums[0] / count, sums[1] / count, sums[2] / count];
}

function percent(share: number): string {
  const value = 100 * share;
  if (value < 0.1) return 'under 0.1 %';
  return `${value < 1 ? value.toFixed(1) : Math.round(value)} %`;
}
