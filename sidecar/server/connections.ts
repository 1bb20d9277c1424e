/** The server's open TCP connections, so that a stop waits for answers under way and for nothing else. */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

export class Connections {
  /** True while a request is being answered, or for good once upgraded to a WebSocket. */
  private readonly busy = new Map<Socket, boolean>();
  private closing = false;

  get count(): number {
    return this.busy.size;
  }

  watch(server: Server): void {
    server.on('connection', (socket: Socket) => {
      this.busy.set(socket, false);
      socket.once('close', () => this.busy.delete(socket));
    });
    server.on('upgrade', ({ socket }) => this.busy.set(socket, true));
    server.on('request', ({ socket }, response) => {
      this.busy.set(socket, true);
      response.once('close', () => this.rest(socket));
    });
  }

  /** Cuts every connection without a request, half-sent ones too, and the others once they are answered. */
  closeIdle(): void {
    this.closing = true;
    for (const [socket, busy] of this.busy) if (!busy) socket.destroy();
  }

  destroy(): void {
    for (const socket of this.busy.keys()) socket.destroy();
  }

  private rest(socket: Socket): void {
    if (this.closing) socket.destroySoon();
    else if (this.busy.has(socket)) this.busy.set(socket, false);
  }
}
