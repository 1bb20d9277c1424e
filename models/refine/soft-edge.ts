/** A mask → how much of each pixel the object covers, and the object's own colour there. */
import type { Size } from '../../protocol/geometry.js';
import type { RgbImage } from '../adapter.js';
import { squaredDistances } from '../mask/distance-transform.js';
import { Turns } from '../turns.js';
import { SurroundingColours } from './surrounding-colours.js';

/** An object's share of every pixel, and its colours. */
export interface SoftEdge {
  /** Uint8, height × width: 255 where the object covers the whole pixel. */
  readonly alpha: Uint8Array;
  /** Uint8, height × width × 3: the object's colours, without what shows through from behind. */
  readonly colours: Uint8Array;
}

/** Colours are learnt from so many bands around. */
const SURROUNDINGS = 2;

/** Within this distance of the outline pixels are mixed in any photograph; farther out only hairs are. */
const EDGE_PX = 1.5;

/** At the edge, colours count half when the two sides differ by this many of their deviations. */
const CLEAR_DEVIATIONS = 2;

/** Farther out, a colour so many deviations from what is usual there may still be that, and one beyond cannot. */
const USUAL_DEVIATIONS = 1.5;
const STRANGE_DEVIATIONS = 3;

/** Noise of a photograph, levels² over three channels. */
const NOISE = 3 * 6 ** 2;

/** How far around the mask the image has to be known for a band, whole pixels. */
export function reachOfBand(bandPx: number): number {
  return Math.ceil(bandPx) + Math.ceil(SURROUNDINGS * bandPx);
}

/**
 * Pixels along the mask's edge, and hairs up to a band's width outside, become soft. The colours of the object and of
 * what is behind it are taken from beyond the band on either side, and a pixel's share is where its colour lies between
 * them. Where the two look alike, the outline counts instead.
 *
 * @param isInside Uint8, height × width, 0 or 1: the mask, with room around it (see `reachOfBand`).
 * @param bandPx How far out hairs may reach; where there are none, a wide band takes in texture that looks like some.
 * @throws CodedError CANCELLED
 * @source After Wang and Cohen, Optimized Color Sampling for Robust Matting (2007), with the means of all samples nearby
 *   in place of the best pair.
 */
export async function softenEdge(
  image: RgbImage,
  isInside: Uint8Array,
  bandPx: number,
  signal?: AbortSignal,
): Promise<SoftEdge> {
  const { data, width, height } = image;
  const depths = signedDistances(isInside, image);
  const alpha = new Uint8Array(width * height);
  const colours = data.slice();
  const around = new SurroundingColours(image, depths, bandPx, Math.ceil(SURROUNDINGS * bandPx));
  const turns = new Turns(signal);
  for (let y = 0, k = 0; y < height; y++) {
    await turns.next();
    around.moveTo(y);
    for (let x = 0; x < width; x++, k++) {
      const depth = depths[k]!;
      if (depth > EDGE_PX || depth < -bandPx) {
        alpha[k] = depth > 0 ? 255 : 0;
        continue;
      }
      const isKnown = around.lookAt(x);
      const share = isKnown ? shareOf(data, 3 * k, around, depth, bandPx) : outlineShare(depth);
      alpha[k] = Math.round(255 * share);
      if (isKnown) uncover(colours, 3 * k, around, share);
    }
  }
  return { alpha, colours };
}

/** Share by colour, as far as colours tell; else by the outline. */
function shareOf(
  colours: Uint8Array,
  at: number,
  around: SurroundingColours,
  depth: number,
  bandPx: number,
): number {
  const { inside, outside, insideSpread, outsideSpread } = around;
  let along = 0;
  let contrast = 0;
  for (let channel = 0; channel < 3; channel++) {
    const difference = inside[channel]! - outside[channel]!;
    along += (colours[at + channel]! - outside[channel]!) * difference;
    contrast += difference * difference;
  }
  const share = Math.min(1, Math.max(0, along / Math.max(contrast, 1)));
  const trust =
    depth >= -EDGE_PX
      ? contrast / (contrast + CLEAR_DEVIATIONS ** 2 * (insideSpread + outsideSpread + NOISE))
      : hairiness(colours, at, around, share) * taper(depth / bandPx);
  return outlineShare(depth) + trust * (share - outlineShare(depth));
}

/** How surely a pixel outside is a hair: unlike what is behind it, and like the object laid over that. */
function hairiness(
  colours: Uint8Array,
  at: number,
  { inside, outside, insideSpread, outsideSpread }: SurroundingColours,
  share: number,
): number {
  let away = 0;
  let residual = 0;
  for (let channel = 0; channel < 3; channel++) {
    const fromBehind = colours[at + channel]! - outside[channel]!;
    away += fromBehind ** 2;
    residual += (fromBehind - share * (inside[channel]! - outside[channel]!)) ** 2;
  }
  const deviations = Math.sqrt(away / (outsideSpread + NOISE));
  const strangeness = (deviations - USUAL_DEVIATIONS) / (STRANGE_DEVIATIONS - USUAL_DEVIATIONS);
  const spread = share * insideSpread + (1 - share) * outsideSpread + NOISE;
  return Math.min(1, Math.max(0, strangeness)) * Math.exp(-residual / (2 * spread));
}

/** Nothing at the band's end, so that nothing is cut off there. */
function taper(part: number): number {
  return Math.max(0, 1 - part ** 4);
}

/** The share of an edge of two pixels' width. */
function outlineShare(depth: number): number {
  return Math.min(1, Math.max(0, 0.5 + depth / 2));
}

/** Takes what shows through from behind out of a pixel's colour. */
function uncover(
  colours: Uint8Array,
  at: number,
  { inside, outside }: SurroundingColours,
  share: number,
): void {
  for (let channel = 0; channel < 3; channel++) {
    const value = colours[at + channel]! + (1 - share) * (inside[channel]! - outside[channel]!);
    colours[at + channel] = Math.min(255, Math.max(0, Math.round(value)));
  }
}

/** Distance to the edge, above 0 inside: half a pixel for those along it. The image's border is none. */
function signedDistances(isInside: Uint8Array, size: Size): Float32Array {
  const distances = squaredDistances(isInside, size, 'unknown');
  const isOutside = isInside.map((value) => 1 - value);
  const beyond = squaredDistances(isOutside, size, 'unknown');
  for (let k = 0; k < distances.length; k++) {
    distances[k] = isInside[k] ? Math.sqrt(distances[k]!) - 0.5 : 0.5 - Math.sqrt(beyond[k]!);
  }
  return distances;
}
