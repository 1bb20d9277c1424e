/** The real connection: JSON-RPC as MessagePack over the browser's WebSocket. */
import { createMessageConnection, ProgressType } from 'vscode-jsonrpc/browser';
import type { MessageConnection } from 'vscode-jsonrpc/browser';
import type { z } from 'zod';
import { SocketMessageReader, SocketMessageWriter } from '../../protocol/codec.js';
import { CodedError } from '../../protocol/errors.js';
import type { MethodDefinition } from '../../protocol/method-parts.js';
import { callMethod, withToken } from '../../protocol/rpc.js';
import { SOCKET_PATH, SUBPROTOCOL, TICKET_PREFIX } from '../../protocol/version.js';
import { askAgainWhenTold } from './ask-again.js';
import type { CallOptions, SidecarClient } from './sidecar-client.js';

/**
 * Opens a socket to the sidecar.
 *
 * @param ticket From `POST /v1/ticket`; it travels as a subprotocol, never in the address.
 * @throws CodedError DISCONNECTED when the socket does not open.
 */
export async function dialSidecar(
  origin: string,
  ticket: string,
  signal: AbortSignal,
): Promise<SidecarClient> {
  const url = origin.replace(/^http/, 'ws') + SOCKET_PATH;
  const socket = new WebSocket(url, [SUBPROTOCOL, TICKET_PREFIX + ticket]);
  const closed = new Promise<void>((resolve) => socket.addEventListener('close', () => resolve()));
  const opened = new Promise<boolean>((resolve) => socket.addEventListener('open', () => resolve(true)));
  signal.addEventListener('abort', () => socket.close(), { once: true });
  if (!(await Promise.race([opened, closed.then(() => false)]))) {
    throw new CodedError('DISCONNECTED', 'The connection to the sidecar did not open.', 'Try again.');
  }
  return new SocketClient(socket, closed);
}

class SocketClient implements SidecarClient {
  private readonly connection: MessageConnection;
  private lastProgressToken = 0;

  constructor(
    private readonly socket: WebSocket,
    readonly closed: Promise<void>,
  ) {
    const reader = new SocketMessageReader(socket);
    this.connection = createMessageConnection(
      reader,
      new SocketMessageWriter(socket, { encoding: 'msgpack' }),
    );
    this.connection.listen();
  }

  async call<P extends z.ZodType, R extends z.ZodType>(
    method: MethodDefinition<P, R>,
    params: z.input<P>,
    { signal, onProgress }: CallOptions = {},
  ): Promise<z.output<R>> {
    const call = (wanted: z.input<P>) =>
      askAgainWhenTold(
        () => withToken(signal, (token) => callMethod(this.connection, method, wanted, token)),
        signal,
      );
    if (!onProgress) return call(params);
    const progressToken = ++this.lastProgressToken;
    const listening = this.connection.onProgress(new ProgressType<unknown>(), progressToken, onProgress);
    try {
      return await call(Object.assign({ progressToken }, params));
    } finally {
      listening.dispose();
    }
  }

  dispose(): void {
    this.connection.dispose();
    this.socket.close();
  }
}
