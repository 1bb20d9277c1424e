/**
 * Geometry shared by every side. Image space: origin top-left, y down, pixel i covers [i, i + 1).
 */
import { z } from 'zod';

/** [x, y] in image pixels. */
export type Point = [number, number];

/** [x0, y0, x1, y1] in image pixels, half-open: width is x1 − x0. */
export const boxSchema = z
  .tuple([z.number(), z.number(), z.number(), z.number()])
  .refine(([x0, y0, x1, y1]) => x1 > x0 && y1 > y0, { error: 'a box needs x1 > x0 and y1 > y0' });
export type Box = z.infer<typeof boxSchema>;

/** Width and height in pixels. */
export const sizeSchema = z.object({
  width: z.int().positive(),
  height: z.int().positive(),
});
export type Size = z.infer<typeof sizeSchema>;
