/** What the methods' definitions are made of. */
import { z } from 'zod';
import { parseBase64 } from './base64.js';
import type { ErrorName } from './errors.js';
import { sizeSchema } from './geometry.js';

/**
 * Tolerance of the outline of a mask that exists already when none is asked for, in image pixels. A prediction's
 * follows the model's grid instead: see `PREDICTION_TOLERANCE`.
 */
export const DEFAULT_TOLERANCE_PX = 0.5;

/** Binary content: bytes in a MessagePack message, base64 in a JSON one. Parsed to bytes either way. */
export const bytesSchema = z.union([
  z.instanceof(Uint8Array) as z.ZodType<Uint8Array>,
  z
    .string()
    // Decoding says whether it is base64; an expression over megabytes would hold everybody up.
    .meta({ format: 'base64', contentEncoding: 'base64' })
    .transform((text, context) => {
      const bytes = parseBase64(text);
      if (bytes) return bytes;
      context.addIssue('bytes in JSON are base64');
      return z.NEVER;
    }),
]);

/** SHA-256 of an image file's bytes in lower-case hex; it is also the image's id. */
export const imageIdSchema = z
  .string()
  .regex(/^[0-9a-f]{64}$/, { error: 'an image id is 64 lower-case hex digits' });

/** What holds in mask/predict and export. */
export const PREDICTION_TOLERANCE =
  '`tolerancePx` is in image pixels; left out it is a fifth of a sample of the model’s grid over the image, a tenth with `refine`, and ' +
  `at least ${DEFAULT_TOLERANCE_PX}.`;

/** Most characters of what only tells one thing from another. */
export const MAX_TOKEN_CHARACTERS = 100;

/** Give one to hear `$/progress` notifications for the request. */
export const progressTokenSchema = z.union([z.string().max(MAX_TOKEN_CHARACTERS), z.int()]);

/** Name of a model; left out, the sidecar's own. */
export const modelIdSchema = z.string().max(MAX_TOKEN_CHARACTERS);

export const imageSchema = sizeSchema.extend({ id: imageIdSchema });

/** An image the sidecar knows: its id and its size after EXIF orientation. */
export type ImageInfo = z.infer<typeof imageSchema>;

/** One method of the protocol. */
export interface MethodDefinition<P extends z.ZodType = z.ZodType, R extends z.ZodType = z.ZodType> {
  readonly method: string;
  readonly summary: string;
  readonly params: P;
  readonly result: R;
  readonly errors: readonly ErrorName[];
  readonly example: { readonly params: z.input<P>; readonly result: z.input<R> };
}

export function defineMethod<P extends z.ZodType, R extends z.ZodType>(definition: MethodDefinition<P, R>) {
  return definition;
}

/** Parameters of a method after validation. */
export type ParamsOf<M> = M extends MethodDefinition<infer P, z.ZodType> ? z.output<P> : never;
/** Result of a method after validation. */
export type ResultOf<M> = M extends MethodDefinition<z.ZodType, infer R> ? z.output<R> : never;

export const EXAMPLE_ID = '5df6e0e2761359d30a8275058e299fcc0381534545f55cf43e41983f5d4c9456';
export const EXAMPLE_IMAGE = { id: EXAMPLE_ID, width: 640, height: 480 };
export const EXAMPLE_OUTLINE = {
  path: 'M 10 10 L 30 10 L 30 30 L 10 30 Z',
  nodes: 4,
  rings: 1,
  tolerancePx: 0.5,
  maxDeviationPx: 0.12,
};
export const EXAMPLE_RLE = { size: [4, 4] as [number, number], counts: '52203' };
