/**
 * Entry point of a process that reads images, one at a time, for decode-process.ts. It watches itself: libvips works in
 * threads of its own, so this one stays free to notice that an image takes too much. It ends with whoever started it.
 */
import { Socket } from 'node:net';
import sharp from 'sharp';
import { CodedError } from '../../protocol/errors.js';
import { wireError } from '../../protocol/wire-error.js';
import { blockOtherLoaders } from '../image.js';
import type { ReadTask } from '../image-reader.js';
import { readHere } from '../read-here.js';
import { ANSWER_FD, readMessages, requestSchema, writeMessage } from './decode-wire.js';
import type { DecodeLimits } from './decode-wire.js';

const WATCH_EVERY_MS = 5;
const NOTHING = new Uint8Array(0);

blockOtherLoaders();

const answers = new Socket({ fd: ANSWER_FD, readable: false, writable: true });
answers.on('error', leave);
// In a terminal, Ctrl-C reaches this process too; the server stops it when it needs it no more.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
process.stdin.on('end', leave).on('error', leave);

// What the library takes for good with its first image, no image should be blamed for.
await sharp({ create: { width: 8, height: 8, channels: 3, background: 'black' } })
  .raw()
  .toBuffer();
const idleBytes = process.memoryUsage.rss();

readMessages(
  process.stdin,
  requestSchema,
  ({ task, limits }, bytes) => void answer(task, bytes, limits),
  leave,
);
writeMessage(answers, { ready: true, length: 0 }, NOTHING);

async function answer(task: ReadTask, bytes: Uint8Array, limits: DecodeLimits): Promise<void> {
  const watch = watchLimits(limits);
  try {
    const { data, width, height } = await readHere(task, bytes).finally(() => clearInterval(watch));
    await new Promise<void>((resolve) =>
      writeMessage(answers, { width, height, length: data.length }, data, resolve),
    );
  } catch (error) {
    const note = error instanceof CodedError ? undefined : String(error);
    sendError(error, { note, leaves: false });
  }
  // Pixels lie outside of the heap, whose collector would not be in a hurry.
  setImmediate(() => globalThis.gc?.());
}

function watchLimits({ timeMs, memoryBytes }: DecodeLimits): NodeJS.Timeout {
  const deadline = performance.now() + timeMs;
  const watch = setInterval(() => {
    const takesMemory = process.memoryUsage.rss() - idleBytes > memoryBytes;
    if (!takesMemory && performance.now() < deadline) return;
    clearInterval(watch);
    const what = takesMemory ? `${Math.round(memoryBytes / 2 ** 20)} MB of memory` : `${timeMs / 1000} s`;
    const message = `Reading the image takes more than ${what}.`;
    const error = new CodedError('IMAGE_TOO_LARGE', message, 'Save it smaller, or as PNG or JPEG.');
    sendError(error, { leaves: true }, leave);
  }, WATCH_EVERY_MS);
  return watch;
}

function sendError(
  error: unknown,
  about: { readonly note?: string | undefined; readonly leaves: boolean },
  onSent?: () => void,
): void {
  const { message, data } = wireError(error);
  writeMessage(answers, { error: { ...data, message }, ...about, length: 0 }, NOTHING, onSent);
}

/** An ordinary exit would wait for what libvips is doing. */
function leave(): void {
  process.kill(process.pid, 'SIGKILL');
}
