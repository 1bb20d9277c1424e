/**
 * What a person did to say which object they mean. A list of prompts is a replayable log: each one acts on
 * the answer to those before it, so dropping the last entry is undo, and a restarted sidecar needs no state.
 */
import { z } from 'zod';
import { boxSchema } from './geometry.js';
import { rleSchema } from './outline.js';

/** Most prompts one prediction accepts. */
export const MAX_PROMPTS = 1000;

const pointPromptSchema = z.object({
  type: z.literal('point'),
  x: z.number(),
  y: z.number(),
  /** inside: the object is here. outside: it is not. */
  label: z.enum(['inside', 'outside']),
});

const boxPromptSchema = z.object({ type: z.literal('box'), box: boxSchema });

/** The person picked candidate `rank` of the answer so far; what follows refines that one. */
const pickPromptSchema = z.object({ type: z.literal('pick'), rank: z.int().min(1).max(4) });

/** A mask to start from, of the image's own size: what follows refines it, what came before is forgotten. */
const maskPromptSchema = z.object({ type: z.literal('mask'), rle: rleSchema });

const promptSchema = z.discriminatedUnion('type', [
  pointPromptSchema,
  boxPromptSchema,
  pickPromptSchema,
  maskPromptSchema,
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
