/**
 * How the server and a process that reads images talk over pipes: a line of JSON, then as many bytes as it says. Node's
 * own channel between processes would do, but throws in the server when the other side writes what it should not.
 */
import type { Readable, Writable } from 'node:stream';
import { z } from 'zod';
import { ERROR_NUMBERS } from '../../protocol/errors.js';
import type { ErrorName } from '../../protocol/errors.js';
import { MAX_IMAGE_BYTES, MAX_IMAGE_PIXELS } from '../image-file.js';

/** The descriptor a reading process answers on: libraries may print to 1 and 2. */
export const ANSWER_FD = 3;

/** What one image may take of a reading process. */
export interface DecodeLimits {
  readonly timeMs: number;
  /** Over what the process holds when it has nothing to do. */
  readonly memoryBytes: number;
}

const natural = z.int().min(0);
const errorNames = Object.keys(ERROR_NUMBERS) as [ErrorName, ...ErrorName[]];

export const requestSchema = z.object({
  task: z.union([
    z.object({ what: z.enum(['size', 'rgb', 'rgba']) }),
    z.object({ what: z.literal('grid'), columns: natural, rows: natural }),
  ]),
  limits: z.object({ timeMs: natural, memoryBytes: natural }),
  length: natural.max(MAX_IMAGE_BYTES),
});

export const answerSchema = z.union([
  /** It is up, and takes images from now on. */
  z.object({ ready: z.literal(true), length: z.literal(0) }),
  z.object({ width: natural, height: natural, length: natural.max(4 * MAX_IMAGE_PIXELS) }),
  /** `note` says what an error was that nobody foresaw. `leaves`: a limit was passed, and this process is no more. */
  z.object({
    error: z.object({ name: z.enum(errorNames), message: z.string(), hint: z.string() }),
    note: z.string().optional(),
    leaves: z.boolean(),
    length: z.literal(0),
  }),
]);

export type DecodeRequest = z.infer<typeof requestSchema>;
export type DecodeAnswer = z.infer<typeof answerSchema>;

/** A line is some hundred characters long. */
const LONGEST_LINE = 4096;
const NEWLINE = 10;

/**
 * Takes a stream apart into messages.
 *
 * @param onMessage Gets the bytes in a buffer of their own.
 * @param onBegin Hears when a message's line has come and its bytes have not.
 * @param onGarbage Hears once when what came is no message; nothing else is heard after that.
 */
export function readMessages<H extends { readonly length: number }>(
  stream: Readable,
  schema: z.ZodType<H>,
  onMessage: (head: H, bytes: Uint8Array) => void,
  onGarbage: () => void,
  onBegin: () => void = () => undefined,
): void {
  let line = Buffer.alloc(0);
  let head: H | undefined;
  let bytes = new Uint8Array(0);
  let filled = 0;

  const take = (chunk: Buffer): Buffer => {
    if (!head) {
      const end = chunk.indexOf(NEWLINE);
      line = Buffer.concat([line, end < 0 ? chunk : chunk.subarray(0, end)]);
      if (line.length > LONGEST_LINE) throw new RangeError('The line does not end.');
      if (end < 0) return chunk.subarray(chunk.length);
      head = schema.parse(JSON.parse(line.toString()));
      line = Buffer.alloc(0);
      bytes = new Uint8Array(head.length);
      filled = 0;
      onBegin();
      chunk = chunk.subarray(end + 1);
    }
    const part = chunk.subarray(0, bytes.length - filled);
    bytes.set(part, filled);
    filled += part.length;
    if (filled === bytes.length) {
      const whole = head;
      head = undefined;
      onMessage(whole, bytes);
    }
    return chunk.subarray(part.length);
  };

  const hear = (chunk: Buffer) => {
    try {
      let rest = chunk;
      do rest = take(rest);
      while (rest.length > 0);
    } catch {
      stream.off('data', hear);
      // Read on, so that the end of the stream is noticed.
      stream.resume();
      onGarbage();
    }
  };
  stream.on('data', hear);
}

/** @param onSent Called when all of it has left this process. */
export function writeMessage(
  stream: Writable,
  head: DecodeRequest | DecodeAnswer,
  bytes: Uint8Array,
  onSent?: () => void,
): void {
  const line = `${JSON.stringify(head)}\n`;
  if (bytes.length === 0) return void stream.write(line, onSent);
  stream.write(line);
  stream.write(bytes, onSent);
}
