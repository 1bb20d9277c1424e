/** How far from the outline the edge of a cut-out may be soft, image pixels. */
import type { Size } from './geometry.js';

/** Farthest that one reaches: hairs that are longer are no hairs. */
export const MOST_SOFT_EDGE_PX = 64;

/** In any photograph the outline itself runs through pixels so wide. */
export const LEAST_SOFT_EDGE_PX = 2;

/** Suits every kind of object: docs/decisions/0013-soften-edges-by-colour.md. */
export const THIN_EDGE_PX = 2;

/** Fur is so wide in a photograph of so many pixels along its longer side, where it was measured. */
const FUR_PX = 16;
const FUR_SIDE_PX = 4000;

/** Narrower, and the difference from a thin edge would not be worth a choice. */
const LEAST_FUR_PX = 4;

/** Suits fur: it is as wide as the image is large. */
export function furEdgePx({ width, height }: Size): number {
  const px = (FUR_PX * Math.max(width, height)) / FUR_SIDE_PX;
  return Math.min(Math.max(px, LEAST_FUR_PX), MOST_SOFT_EDGE_PX);
}
