/**
 * What a person did to say which object they mean. A list of prompts is a replayable log: each one acts on
 * the answer to those before it, so dropping the last entry is undo, and a restarted sidecar needs no state.
 */
import { z } from 'zod';
import { boxSchema } from './geometry.js';

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

export const promptSchema = z.discriminatedUnion('type', [
  pointPromptSchema,
  boxPromptSchema,
  pickPromptSchema,
]);
export type Prompt = z.infer<typeof promptSchema>;
