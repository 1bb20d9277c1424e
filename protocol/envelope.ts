/** The JSON-RPC 2.0 envelope of a message: what must hold before `vscode-jsonrpc` sees it. */
import type { Message, ResponseMessage } from 'vscode-jsonrpc';
import { z } from 'zod';
import { CodedError } from './errors.js';
import { wireError } from './wire-error.js';

/** Longest text that may be a request's id. */
const MAX_ID_LENGTH = 100;

/** Name of the notification that cancels a request. */
export const CANCEL_METHOD = '$/cancelRequest';

const jsonrpc = z.literal('2.0');
const idSchema = z.union([z.string().max(MAX_ID_LENGTH), z.int()]);
/** Parameters go by name; left out they are empty. */
const paramsSchema = z.record(z.string(), z.unknown()).default({});
const errorSchema = z.object({ code: z.int(), message: z.string(), data: z.unknown().optional() });

const envelopeSchema = z.union([
  z.strictObject({ jsonrpc, id: idSchema, method: z.string(), params: paramsSchema }),
  z.strictObject({ jsonrpc, method: z.literal(CANCEL_METHOD), params: z.object({ id: idSchema }) }),
  z.strictObject({
    jsonrpc,
    method: z.string().refine((method) => method !== CANCEL_METHOD),
    params: paramsSchema,
  }),
  z.strictObject({ jsonrpc, id: idSchema.nullable(), error: errorSchema }),
  z.strictObject({ jsonrpc, id: idSchema, result: z.unknown() }),
]);

/**
 * Checks that a decoded value is one request, notification or response. Batches are not part of this protocol.
 *
 * @throws CodedError REQUEST_INVALID.
 */
export function parseEnvelope(value: unknown): Message {
  const parsed = envelopeSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new CodedError(
    'REQUEST_INVALID',
    'The message is not a JSON-RPC 2.0 request.',
    'Send one object with jsonrpc "2.0", an id, a method, and params by name.',
    { cause: value },
  );
}

/** The answer to content that goes no further: its own refusal, with the id where one can be made out, or PARSE. */
export function refuseContent(error: unknown): ResponseMessage {
  const refusal =
    error instanceof CodedError
      ? error
      : new CodedError(
          'PARSE',
          'The message is neither JSON nor MessagePack.',
          'Send JSON as a text message or MessagePack as a binary one.',
        );
  const id = z.object({ id: idSchema }).safeParse(refusal.cause);
  return { jsonrpc: '2.0', id: id.success ? id.data.id : null, error: wireError(refusal) };
}
