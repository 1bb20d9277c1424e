import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TestContext } from 'vitest';
import type { z } from 'zod';
import { decodeContent, encodeContent } from '../../protocol/codec.js';
import { parseEnvelope, refuseContent } from '../../protocol/envelope.js';
import { METHODS } from '../../protocol/methods.js';
import { arbitraryOf } from '../support/schema-arbitrary.js';
import { recordTrial } from '../support/trials.js';

const CASES = 100_000;
/** A million cases of damaged bytes take minutes, and many on a machine that has other things to do. */
const PATIENCE_MS = 1_800_000;
/** A case may come with a collection of garbage; one that asks for more work than it is worth takes longer. */
const MAX_CASE_MS = 500;

const schemas = METHODS.flatMap(({ method, params, result }) => [
  [`${method} params`, params],
  [`${method} result`, result],
]) as [string, z.ZodType][];

/** What no message may change. */
const untouched = JSON.stringify([
  Object.getOwnPropertyNames(Object.prototype),
  Object.getOwnPropertyNames(Array.prototype),
]);
function expectNoPollution(): void {
  const now = [Object.getOwnPropertyNames(Object.prototype), Object.getOwnPropertyNames(Array.prototype)];
  if (JSON.stringify(now) !== untouched || 'polluted' in {}) throw new Error('A prototype was changed.');
}

/** Bytes as base64, so that what came in either encoding can be compared. */
function plain(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    item instanceof Uint8Array ? { bytes: Buffer.from(item).toString('base64') } : item,
  );
}

/** A value of the kind that does harm where it is not expected. */
const hostile = fc.constantFrom<unknown>(
  ...[
    null,
    undefined,
    true,
    -1,
    0,
    1.5,
    1e308,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    2 ** 53,
    '',
    'x',
    '\0',
    '\ud800',
  ],
  ...[[], {}, [[]], new Uint8Array(3), '='.repeat(8), 'A'.repeat(1_000), Array(50).fill(0)],
  ...['{"__proto__":{"polluted":1}}', '{"constructor":{"prototype":{"polluted":1}}}'].map(
    (text) => JSON.parse(text) as unknown,
  ),
);

/** Puts a hostile value, or a hostile key, somewhere into a copy. */
function mutate(value: unknown, path: readonly number[], what: unknown, key: string | undefined): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array || path.length === 0)
    return what;
  const [step, ...rest] = path as [number, ...number[]];
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<string, unknown>;
  if (key !== undefined) Object.defineProperty(copy, key, { value: what, enumerable: true });
  const keys = Object.keys(value);
  const chosen = keys[step % Math.max(1, keys.length)];
  if (chosen !== undefined) copy[chosen] = mutate(copy[chosen], rest, what, undefined);
  return copy;
}

interface Tally {
  slowestMs: number;
  accepted: number;
  refused: number;
}

/** By processor time: how long others keep the machine busy says nothing about a case. */
function timed(tally: Tally, work: () => void): void {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  tally.slowestMs = Math.max(tally.slowestMs, (user + system) / 1000);
}

function overTheWire(value: unknown, encoding: 'json' | 'msgpack'): unknown {
  return decodeContent(encodeContent(value, encoding));
}

/** Counts, and throws when zod does anything but accept or refuse. */
function tryOut(schema: z.ZodType, value: unknown, tally: Tally): void {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    tally.refused++;
    return;
  }
  tally.accepted++;
  // Taken in anew it means the same, so nothing was half understood.
  expect(plain(schema.parse(parsed.data))).toBe(plain(parsed.data));
}

describe.each(schemas)('%s', (name, schema) => {
  it(
    'means the same in both encodings, and takes or refuses what was changed',
    { timeout: PATIENCE_MS },
    (context: TestContext) => {
      const tally: Tally = { slowestMs: 0, accepted: 0, refused: 0 };
      const valid = arbitraryOf(schema);
      const path = fc.array(fc.nat({ max: 50 }), { maxLength: 6 });
      const key = fc.option(fc.constantFrom('__proto__', 'constructor', 'toString', 'unknown'), {
        nil: undefined,
      });
      fc.assert(
        fc.property(valid, path, hostile, key, (value, at, what, added) => {
          timed(tally, () => {
            const meant = plain(schema.parse(value));
            for (const encoding of ['json', 'msgpack'] as const) {
              const back = overTheWire({ value }, encoding) as { value: unknown };
              if (plain(schema.parse(back.value)) !== meant)
                throw new Error(`Another meaning in ${encoding}.`);
            }
            const changed = mutate(value, at, what, added);
            tryOut(schema, changed, tally);
            expectNoPollution();
          });
        }),
        { numRuns: CASES },
      );
      recordTrial(context, {
        area: 'Wire',
        tried: `Schema of ${name}: valid values in both encodings, and changed ones`,
        times: CASES,
        happened: `all valid ones came back the same; of the changed ${tally.accepted} taken, ${tally.refused} refused; slowest ${tally.slowestMs.toFixed(0)} ms`,
        wanted: `same meaning or refusal, no other error, below ${MAX_CASE_MS} ms`,
      });
      expect(tally.slowestMs).toBeLessThan(MAX_CASE_MS);
    },
  );
});

/** Heads that promise more than follows, and nesting. */
const LIES = [
  ...['dd7fffffff', 'dfffffffff', 'c6ffffffff', 'dbffffffff', 'c9ffffffff01', 'dcffff', 'deffff', 'c8ffff01'],
  ...['c7ff01', 'd8ff', 'c1', 'cf', '91'.repeat(200), '81a161'.repeat(200), 'dd00010000'.repeat(40)],
].map((hex) => Buffer.from(hex, 'hex'));

interface Change {
  readonly kind: 'flip' | 'cut' | 'lie' | 'repeat';
  readonly at: number;
  readonly by: number;
}

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom('flip', 'cut', 'lie', 'repeat'),
  at: fc.nat(),
  by: fc.nat({ max: 255 }),
});

function damage(bytes: Uint8Array, { kind, at, by }: Change): Uint8Array {
  const place = at % Math.max(1, bytes.length);
  const [head, tail] = [bytes.subarray(0, place), bytes.subarray(place)];
  if (kind === 'cut') return head;
  if (kind === 'lie') return Buffer.concat([head, LIES[by % LIES.length]!, tail]);
  if (kind === 'repeat') return Buffer.concat([head, ...Array<Uint8Array>(by % 8).fill(tail)]);
  const copy = Uint8Array.from(bytes);
  if (copy.length > 0) copy[place]! ^= 1 << (by % 8);
  return copy;
}

describe.each(['json', 'msgpack'] as const)('a %s message whose bytes were damaged', (encoding) => {
  it('is taken or refused by name', { timeout: PATIENCE_MS }, (context: TestContext) => {
    const messages = METHODS.map(({ method, example }) => {
      const content = encodeContent({ jsonrpc: '2.0', id: 1, method, params: example.params }, encoding);
      return Buffer.from(content as Uint8Array);
    });
    const tally: Tally = { slowestMs: 0, accepted: 0, refused: 0 };
    const names = new Set<unknown>();
    const before = process.memoryUsage.rss();
    let mostBytes = before;
    const changes = fc.array(change, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.constantFrom(...messages), changes, (message, list) => {
        const bytes = list.reduce<Uint8Array>(damage, message);
        timed(tally, () => {
          try {
            parseEnvelope(decodeContent(encoding === 'json' ? Buffer.from(bytes).toString() : bytes));
            tally.accepted++;
          } catch (error) {
            names.add((refuseContent(error).error!.data as { name: string }).name);
            tally.refused++;
          }
          expectNoPollution();
        });
        if (tally.refused % 1_000 === 0) mostBytes = Math.max(mostBytes, process.memoryUsage.rss());
      }),
      { numRuns: 10 * CASES },
    );
    const grownMib = Math.round((mostBytes - before) / 1024 / 1024);
    recordTrial(context, {
      area: 'Wire',
      tried: `Damaged bytes in ${encoding}: flips, cuts, repeats, false lengths, nesting`,
      times: 10 * CASES,
      happened: `${tally.accepted} taken, ${tally.refused} refused with ${[...names].sort().join(', ')}; slowest ${tally.slowestMs.toFixed(0)} ms; ${grownMib} MiB more`,
      wanted: `refused by name, below ${MAX_CASE_MS} ms`,
    });
    expect([...names].sort()).toEqual(['MESSAGE_TOO_LARGE', 'PARSE', 'REQUEST_INVALID']);
    expect(tally.slowestMs).toBeLessThan(MAX_CASE_MS);
  });
});
