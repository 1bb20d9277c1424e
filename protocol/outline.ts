/** What comes back for a prompt: candidate masks, each with its outline. */
import { z } from 'zod';

/** Smallest and largest tolerance accepted, in image pixels. */
export const TOLERANCE_RANGE_PX = [0.05, 64] as const;
export const tolerancePxSchema = z.number().min(TOLERANCE_RANGE_PX[0]).max(TOLERANCE_RANGE_PX[1]);

/** COCO run-length encoding: size is [height, width], counts the compressed string that pycocotools reads. */
export const rleSchema = z.object({
  size: z.tuple([z.int().positive(), z.int().positive()]),
  counts: z.string(),
});
export type Rle = z.infer<typeof rleSchema>;

/**
 * An editable outline. `path` is one compound path for the even-odd rule: absolute `M L C Z` commands in image
 * space, tokens separated by single spaces, fixed decimals, every subpath closed. Figma and SVG both read it.
 */
export const outlineSchema = z.object({
  path: z.string(),
  /** Segments over all rings. */
  nodes: z.int().nonnegative(),
  rings: z.int().nonnegative(),
  /** Largest deviation asked for, in image pixels. */
  tolerancePx: z.number().nonnegative(),
  /** Largest deviation from the sub-pixel contour that was measured, in image pixels. */
  maxDeviationPx: z.number().nonnegative(),
});
export type Outline = z.infer<typeof outlineSchema>;

export const candidateSchema = z.object({
  /** 1-based, smallest area first: part, object, group. */
  rank: z.int().positive(),
  /** The model's own estimate, near [0, 1]. */
  predictedIou: z.number(),
  /** IoU of the mask cut at +1 and −1 logits, [0, 1]. */
  stabilityScore: z.number(),
  /** Pixel count. */
  area: z.int().nonnegative(),
  /** Tight box of the mask; [0, 0, 0, 0] when it is empty. */
  box: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  outline: outlineSchema,
  /** Present when the request asked for it. */
  rle: rleSchema.optional(),
});
export type Candidate = z.infer<typeof candidateSchema>;
