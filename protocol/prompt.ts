/**
 * What a person did to say which object they mean. A list of prompts is a replayable log: each one acts on
 * the answer to those before it, so dropping the last entry is undo, and a restarted sidecar needs no state.
 */
import { z } from 'zod';
import { MAX_BRUSH_RADIUS_PX, MAX_GROW_PX } from './hand-limits.js';
import { boxSchema } from './geometry.js';
import { rleSchema } from './outline.js';

/** Most prompts one prediction accepts. */
export const MAX_PROMPTS = 1000;

/** Most points of one line drawn by hand; clients leave out those that change nothing to see. */
export const MAX_HAND_POINTS = 2000;

/** Image pixels. */
const handPointSchema = z.tuple([z.number(), z.number()]);

const labelSchema = z.enum(['inside', 'outside']);

const pointPromptSchema = z.object({
  type: z.literal('point'),
  x: z.number(),
  y: z.number(),
  /** inside: the object is here. outside: it is not. */
  label: labelSchema,
});

const boxPromptSchema = z.object({ type: z.literal('box'), box: boxSchema });

/** The person picked candidate `rank` of the answer so far; what follows refines that one. */
const pickPromptSchema = z.object({ type: z.literal('pick'), rank: z.int().min(1).max(4) });

/** A mask to start from, of the image's own size: what follows refines it, what came before is forgotten. */
const maskPromptSchema = z.object({ type: z.literal('mask'), rle: rleSchema });

/**
 * The person led a round brush along a line. By itself it says which object is meant; on an answer it is painted: what
 * is under the brush is inside, or outside, to the pixel, and what belongs to it nearby comes along.
 */
const strokePromptSchema = z.object({
  type: z.literal('stroke'),
  points: z.array(handPointSchema).min(1).max(MAX_HAND_POINTS),
  radiusPx: z.number().positive().max(MAX_BRUSH_RADIUS_PX),
  label: labelSchema,
});

/**
 * The person drew a line around something, which closes by itself. By itself it says which object is meant; on an
 * answer, all that it goes around is inside, or outside, to the pixel.
 */
const lassoPromptSchema = z.object({
  type: z.literal('lasso'),
  points: z.array(handPointSchema).min(3).max(MAX_HAND_POINTS),
  label: labelSchema,
});

/** The object's edge is so far outside of where it was found, or inside for less than 0. The last one counts. */
const growPromptSchema = z.object({
  type: z.literal('grow'),
  px: z.number().min(-MAX_GROW_PX).max(MAX_GROW_PX),
});

/** All but the object is meant; a second time, the object again. */
const invertPromptSchema = z.object({ type: z.literal('invert') });

const promptSchema = z.discriminatedUnion('type', [
  pointPromptSchema,
  boxPromptSchema,
  pickPromptSchema,
  maskPromptSchema,
  strokePromptSchema,
  lassoPromptSchema,
  growPromptSchema,
  invertPromptSchema,
]);
export type Prompt = z.infer<typeof promptSchema>;

const promptListSchema = z.array(promptSchema).max(MAX_PROMPTS);

/** Counted before the prompts are looked at: millions of bad ones would each leave an issue of their own. */
export const promptsSchema = z.preprocess((prompts: z.input<typeof promptListSchema>, context) => {
  // What is no array is for the schema behind to refuse.
  if (!Array.isArray(prompts) || prompts.length <= MAX_PROMPTS) return prompts;
  context.addIssue({
    code: 'too_big',
    origin: 'array',
    maximum: MAX_PROMPTS,
    inclusive: true,
    message: `${prompts.length} prompts arrived; ${MAX_PROMPTS} is the most`,
  });
  return z.NEVER;
}, promptListSchema);
