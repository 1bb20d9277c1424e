/** Segment everything: what may be asked, what comes while it runs, and what comes at the end. */
import { z } from 'zod';
import { boxSchema } from './geometry.js';
import { MAX_FOUND_MASKS, MAX_NAME_CHARACTERS } from './message-limits.js';
import { outlineSchema, rleSchema, tolerancePxSchema } from './outline.js';

/** fast: ours, for people. exact: the reference's algorithm, prompt by prompt. */
export const everythingModeSchema = z.enum(['fast', 'exact']);
export type EverythingMode = z.infer<typeof everythingModeSchema>;

const shareSchema = z.number().min(0).max(1);

/** What automatic mask generation runs with; shares and scores are in [0, 1]. */
export const everythingParametersSchema = z.object({
  /** Points along each side of the grid over the whole image. */
  pointsPerSide: z.int().min(1).max(128),
  /** Points decoded in one run. Changes memory and speed, not the answer. */
  pointsPerBatch: z.int().min(1).max(64),
  /** Masks at or below are dropped. */
  predictedIouThreshold: shareSchema,
  /** Masks below are dropped. */
  stabilityThreshold: shareSchema,
  /** Logits that the cut-off moves each way to measure stability. */
  stabilityOffset: z.number().positive().max(10),
  /** IoU of boxes above which the worse of two masks of one crop is dropped. */
  boxNmsThreshold: shareSchema,
  /** Layers of crops besides the whole image; layer i has 2^i × 2^i. */
  cropLayers: z.int().min(0).max(4),
  /** IoU of boxes above which the mask of the larger of two crops is dropped. */
  cropNmsThreshold: shareSchema,
  /** Overlap of the first layer's crops as a share of the image's short side; half as much in the next. */
  cropOverlap: z.number().min(0).max(0.9),
  /** Divisor of the points a side from one crop layer to the next. */
  cropPointScale: z.number().min(1).max(16),
  /** Islands and holes of fewer pixels are dropped and filled; 0 keeps everything. */
  minRegionPx: z.number().min(0).max(1e9),
  /** Masks that cover this share of the image or more are dropped; above 1 keeps all. */
  maxAreaShare: z.number().positive().max(2),
});
export type EverythingParameters = z.infer<typeof everythingParametersSchema>;

export const everythingOptionsSchema = everythingParametersSchema.partial().extend({
  mode: everythingModeSchema.optional(),
  /** Parameters to start from: the reference's defaults, or those that SA-1B was made with. */
  preset: z.enum(['reference', 'sa-1b']).optional(),
  tolerancePx: tolerancePxSchema.optional(),
  /** Neighbours share one boundary: no gaps, no overlaps. */
  sharedEdges: z.boolean().optional(),
});
export type EverythingOptions = z.infer<typeof everythingOptionsSchema>;

/** One mask of an image's tree. */
export const foundMaskSchema = z.object({
  /** Unique among the masks of one answer; kept from when the mask is first streamed to the end. */
  id: z.int().positive(),
  /** The smallest mask that contains this one; null at the top. */
  parent: z.int().positive().nullable(),
  /** Where and what, for people: "Region 12 · blue · 4 %". */
  name: z.string().max(MAX_NAME_CHARACTERS),
  /** Pixel count. */
  area: z.int().nonnegative(),
  box: boxSchema,
  predictedIou: z.number(),
  stabilityScore: z.number(),
  /** The click that found it, image space. */
  point: z.tuple([z.number(), z.number()]),
  /** What the encoder saw of the image. */
  cropBox: boxSchema,
  rle: rleSchema,
  outline: outlineSchema,
});
export type FoundMask = z.infer<typeof foundMaskSchema>;

/** Which mask lies in which, in painting order: parents before their children, what is above after what is below. */
const arrangementSchema = z.array(
  z.object({ id: z.int().positive(), parent: z.int().positive().nullable() }),
);
export type Arrangement = z.infer<typeof arrangementSchema>;

/** Where a run that was cut off goes on: `cursor` and the masks of its last progress. */
export const resumeSchema = z.object({
  /** Opaque. */
  cursor: z.string().max(1_000_000),
  masks: z.array(foundMaskSchema).max(MAX_FOUND_MASKS),
});
export type Resume = z.infer<typeof resumeSchema>;

/** Value of `$/progress` for mask/all. What has been streamed is always a valid tree. */
export const everythingProgressSchema = z.object({
  stage: z.enum(['waiting', 'encoding', 'looking', 'finishing']),
  /** Share done in [0, 1]. */
  fraction: z.number().min(0).max(1),
  /** Estimated time to the end, in milliseconds. */
  remainingMs: z.number().nonnegative().optional(),
  /** Masks that are new, or differ from those streamed before. */
  masks: z.array(foundMaskSchema).optional(),
  /** Ids of masks that gave way to better ones. */
  dropped: z.array(z.int().positive()).optional(),
  /** All masks that stand now. Present whenever masks or dropped is. */
  arrangement: arrangementSchema.optional(),
  /** Where to go on, should the connection break. */
  cursor: z.string().optional(),
});
export type EverythingProgress = z.infer<typeof everythingProgressSchema>;

/** Formats that take a whole tree; layers is a ZIP of cut-outs with an index.json, ora an OpenRaster file. */
export const treeFormatSchema = z.enum(['svg', 'geojson', 'coco', 'sa-1b', 'layers', 'ora']);
export type TreeFormat = z.infer<typeof treeFormatSchema>;
