/** Values that a zod schema takes, in any number, made from the schema itself. */
import fc from 'fast-check';
import { z } from 'zod';

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Longest list and text; what lies at the limits has tests of its own. */
const MAX_LENGTH = 6;

/** Values before parsing: bytes may be bytes or base64, and what is optional may be missing. */
export function arbitraryOf(schema: z.ZodType): fc.Arbitrary<unknown> {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return fromJson(json, json).filter((value) => schema.safeParse(value).success);
}

/** Bytes have no JSON schema of their own besides that of base64. */
const bytes = fc.uint8Array({ maxLength: 40 });
const base64 = bytes.map((value) => Buffer.from(value).toString('base64'));
const ANYTHING = fc.jsonValue({ maxDepth: 2 });

function fromJson(schema: JsonSchema, root: JsonSchema): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) {
    if (choices.some((one) => (one as JsonSchema).contentEncoding === 'base64'))
      return fc.oneof(bytes, base64);
    return fc.oneof(...choices.map((one) => fromJson(one as JsonSchema, root)));
  }
  switch (schema.type) {
    case 'object':
      return objectOf(schema, root);
    case 'array':
      return arrayOf(schema, root);
    case 'string':
      return stringOf(schema);
    case 'integer':
      return fc.integer({
        min: Math.max(lowest(schema, 1), -(2 ** 31)),
        max: Math.min(highest(schema, 1), 2 ** 31 - 1),
      });
    case 'number':
      return numberOf(schema);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return ANYTHING;
  }
}

function objectOf({ properties = {}, required = [] }: JsonSchema, root: JsonSchema): fc.Arbitrary<unknown> {
  const fields = Object.entries(properties).map(([key, value]) => [key, fromJson(value as JsonSchema, root)]);
  return fc.record(Object.fromEntries(fields) as Record<string, fc.Arbitrary<unknown>>, {
    requiredKeys: [...required],
    noNullPrototype: true,
  });
}

function arrayOf(schema: JsonSchema, root: JsonSchema): fc.Arbitrary<unknown> {
  const tuple = schema.prefixItems as JsonSchema[] | undefined;
  if (tuple?.length === 4) return box();
  if (tuple) return fc.tuple(...tuple.map((one) => fromJson(one, root)));
  const minLength = schema.minItems ?? 0;
  return fc.array(fromJson(schema.items as JsonSchema, root), {
    minLength,
    maxLength: minLength + MAX_LENGTH,
  });
}

/** Four numbers are a box throughout the protocol, and its second corner lies beyond the first. */
function box(): fc.Arbitrary<unknown> {
  const start = fc.integer({ min: -100, max: 5_000 });
  const size = fc.integer({ min: 1, max: 5_000 });
  return fc.tuple(start, start, size, size).map(([x, y, width, height]) => [x, y, x + width, y + height]);
}

function stringOf({ pattern, minLength = 0, maxLength = 20 }: JsonSchema): fc.Arbitrary<unknown> {
  if (pattern) return fc.stringMatching(new RegExp(pattern));
  return fc.string({ unit: 'binary', minLength, maxLength: Math.min(maxLength, minLength + 20) });
}

function numberOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  const options = {
    noNaN: true,
    noDefaultInfinity: true,
    min: lowest(schema, 1e-9),
    max: highest(schema, 1e-9),
  };
  // JSON has no −0.
  return fc.double(options).map((value) => value + 0);
}

function lowest({ minimum, exclusiveMinimum }: JsonSchema, step: number): number {
  return minimum ?? (typeof exclusiveMinimum === 'number' ? exclusiveMinimum + step : -1e12);
}

function highest({ maximum, exclusiveMaximum }: JsonSchema, step: number): number {
  return maximum ?? (typeof exclusiveMaximum === 'number' ? exclusiveMaximum - step : 1e12);
}
