/** The compute thread has images read by the server: it asks over the connection that it is asked by. */
import { MessageChannel } from 'node:worker_threads';
import type { MessagePort, Worker } from 'node:worker_threads';
import { PortMessageWriter, ResponseError } from 'vscode-jsonrpc/node';
import type { CancellationToken, Message, MessageConnection, ResponseMessage } from 'vscode-jsonrpc/node';
import { responseError, withToken } from '../../protocol/rpc.js';
import { errorFromWire } from '../../protocol/wire-error.js';
import { createImageReader } from '../image-reader.js';
import type { ImageReader, Read, ReadResult, ReadTask } from '../image-reader.js';

/** Request: read an image. */
const READ_IMAGE = 'readImage';

interface ReadParams {
  readonly task: ReadTask;
  readonly bytes: Uint8Array;
}

/** The thread's side. */
export function remoteImages(connection: MessageConnection): ImageReader {
  const read: Read = async (task, bytes, { signal } = {}) => {
    try {
      const params: ReadParams = { task, bytes };
      return await withToken(signal, (token) =>
        connection.sendRequest<ReadResult>(READ_IMAGE, params, token),
      );
    } catch (error) {
      if (error instanceof ResponseError && error.data) throw errorFromWire(error.message, error.data);
      throw error;
    }
  };
  return createImageReader(read, ({ data }) => discard(data.buffer as ArrayBuffer));
}

/** Frees memory at once, by sending it where nothing arrives any more. */
function discard(buffer: ArrayBuffer): void {
  const { port1 } = new MessageChannel();
  port1.close();
  port1.postMessage(undefined, [buffer]);
}

/** The server's side. Its connection should write with a PixelWriter. */
export function serveImages(connection: MessageConnection, read: Read): void {
  connection.onRequest(READ_IMAGE, async ({ task, bytes }: ReadParams, token: CancellationToken) => {
    const controller = new AbortController();
    token.onCancellationRequested(() => controller.abort());
    try {
      return await read(task, bytes, { signal: controller.signal });
    } catch (error) {
      return responseError(error);
    }
  });
}

/** Writes to a thread, and hands the pixels that it asked for over instead of copying them. */
export class PixelWriter extends PortMessageWriter {
  readonly #thread: Worker | MessagePort;

  constructor(thread: Worker | MessagePort) {
    super(thread);
    this.#thread = thread;
  }

  override async write(message: Message): Promise<void> {
    const pixels = pixelsOf(message);
    if (pixels) this.#thread.postMessage(message, [pixels]);
    else await super.write(message);
  }
}

/** The only answers that the server gives its thread are images. */
function pixelsOf(message: Message): ArrayBuffer | undefined {
  const { result } = message as Partial<ResponseMessage>;
  const buffer = (result as Partial<ReadResult> | undefined)?.data?.buffer;
  return buffer instanceof ArrayBuffer ? buffer : undefined;
}
