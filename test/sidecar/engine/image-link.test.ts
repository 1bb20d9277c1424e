import { MessageChannel } from 'node:worker_threads';
import { createMessageConnection, PortMessageReader, PortMessageWriter } from 'vscode-jsonrpc/node';
import { onTestFinished, describe, expect, it } from 'vitest';
import { cancelledError, CodedError } from '../../../protocol/errors.js';
import { PixelWriter, remoteImages, serveImages } from '../../../sidecar/engine/image-link.js';
import type { Read } from '../../../sidecar/image-reader.js';

/** The thread's images, read by a server that does as it is told. */
function connect(read: Read) {
  const { port1, port2 } = new MessageChannel();
  const server = createMessageConnection(new PortMessageReader(port1), new PixelWriter(port1));
  serveImages(server, read);
  server.listen();
  const thread = createMessageConnection(new PortMessageReader(port2), new PortMessageWriter(port2));
  thread.listen();
  onTestFinished(() => {
    port1.close();
    port2.close();
  });
  return remoteImages(thread);
}

const FILE = Uint8Array.of(1, 2);

describe('images that the server reads for its thread', () => {
  it('are handed over rather than copied, and let go at once', async () => {
    const data = new Uint8Array(12).fill(7);
    const images = connect(async () => ({ width: 2, height: 2, data }));
    const image = await images.decode(FILE);
    expect(image).toEqual({ width: 2, height: 2, data: new Uint8Array(12).fill(7) });
    expect(data).toHaveLength(0);
    images.letGo(image);
    expect(image.data).toHaveLength(0);
  });

  it('are asked for by what is wanted of them', async () => {
    const tasks: unknown[] = [];
    const images = connect(async (task, bytes) => {
      tasks.push([task, bytes]);
      return { width: 3, height: 1, data: new Uint8Array(9) };
    });
    expect(await images.inspect(FILE)).toEqual({ width: 3, height: 1 });
    expect(await images.shrink(FILE, { columns: 3, rows: 1 })).toEqual(new Uint8Array(9));
    expect(tasks).toEqual([
      [{ what: 'size' }, FILE],
      [{ what: 'grid', columns: 3, rows: 1 }, FILE],
    ]);
  });

  it('fail in the thread as they failed in the server', async () => {
    const images = connect(() => Promise.reject(new CodedError('IMAGE_UNREADABLE', 'No.', 'Save it anew.')));
    const failure = { code: 'IMAGE_UNREADABLE', message: 'No.', hint: 'Save it anew.' };
    await expect(images.decodeRgba(FILE)).rejects.toMatchObject(failure);
  });

  it('are given up in the server when the thread gives them up', async () => {
    const abort = new AbortController();
    const images = connect(
      (_task, _bytes, { signal } = {}) =>
        new Promise((_resolve, reject) => {
          signal!.addEventListener('abort', () => reject(cancelledError()));
          abort.abort();
        }),
    );
    await expect(images.decode(FILE, { signal: abort.signal })).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
