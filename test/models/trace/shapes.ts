/** Shapes with a known edge, as smooth logit fields and as masks. */
import { fieldFromMask, type LogitField } from '../../../models/logit-field.js';
import type { Size } from '../../../protocol/geometry.js';

/** Signed distance to a shape's edge in image pixels, above 0 inside. */
export type DistanceTo = (x: number, y: number) => number;

export const disc =
  (cx: number, cy: number, radius: number): DistanceTo =>
  (x, y) =>
    radius - Math.hypot(x - cx, y - cy);

export const annulus =
  (cx: number, cy: number, radius: number, thickness: number): DistanceTo =>
  (x, y) =>
    thickness / 2 - Math.abs(Math.hypot(x - cx, y - cy) - radius);

/** A convex or concave polygon, vertices clockwise on screen. */
export const polygon =
  (vertices: readonly (readonly [number, number])[]): DistanceTo =>
  (x, y) => {
    let least = Infinity;
    let inside = false;
    vertices.forEach(([bx, by], k) => {
      const [ax, ay] = vertices[(k || vertices.length) - 1]!;
      const [dx, dy] = [bx - ax, by - ay];
      const t = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)));
      least = Math.min(least, Math.hypot(x - ax - t * dx, y - ay - t * dy));
      if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * dx) inside = !inside;
    });
    return inside ? least : -least;
  };

export function star(cx: number, cy: number, outer: number, inner: number, tips: number): [number, number][] {
  return Array.from({ length: 2 * tips }, (_, k) => {
    const radius = k % 2 ? inner : outer;
    const angle = (Math.PI * k) / tips + 0.2;
    return [cx + radius * Math.sin(angle), cy - radius * Math.cos(angle)];
  });
}

/** Samples a shape on a grid of cells of stepPx, as a decoder would; logits saturate away from the edge. */
export function fieldOf(distance: DistanceTo, image: Size, stepPx: number): LogitField {
  const columns = Math.ceil(image.width / stepPx);
  const rows = Math.ceil(image.height / stepPx);
  const logits = new Float32Array(columns * rows);
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) {
      const d = distance((i + 0.5) * stepPx, (j + 0.5) * stepPx);
      logits[j * columns + i] = Math.min(12, Math.max(-12, d));
    }
  }
  return {
    logits,
    columns,
    rows,
    originX: stepPx / 2,
    originY: stepPx / 2,
    stepX: stepPx,
    stepY: stepPx,
    image,
  };
}

export function maskFieldOf(distance: DistanceTo, image: Size): LogitField {
  const mask = new Uint8Array(image.width * image.height);
  for (let y = 0; y < image.height; y++) {
    for (let x = 0; x < image.width; x++) mask[y * image.width + x] = distance(x + 0.5, y + 0.5) > 0 ? 1 : 0;
  }
  return fieldFromMask(mask, image);
}
