/** The one WebSocket: who gets in, what holds while they are in, and how they are shown out. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { createMessageConnection, Message } from 'vscode-jsonrpc/node';
import type { Disposable, ResponseMessage } from 'vscode-jsonrpc/node';
import { WebSocketServer } from 'ws';
import type { ServerOptions, WebSocket } from 'ws';
import { CLOSE_CODES } from '../../protocol/close-codes.js';
import { SocketMessageReader, SocketMessageWriter } from '../../protocol/codec.js';
import { CodedError } from '../../protocol/errors.js';
import { SOCKET_PATH, SUBPROTOCOL, TICKET_PREFIX } from '../../protocol/version.js';
import type { WireError } from '../../protocol/wire-error.js';
import { newRequestId, outcomeOf } from '../observe/requests.js';
import type { Requests } from '../observe/requests.js';
import { ByteBudget } from './byte-budget.js';
import type { Share } from './byte-budget.js';
import { guardRequest } from './guard.js';
import { refuseUpgrade } from './http-error.js';
import type { Limits } from './limits.js';
import { PendingRequests } from './pending.js';
import type { PendingCount } from './pending.js';
import type { Router, Session } from './router.js';
import type { Tickets } from './tickets.js';
import type { Client, TokenStore } from './tokens.js';

export interface SocketContext {
  readonly router: Router;
  readonly tokens: TokenStore;
  readonly tickets: Tickets<string>;
  readonly requests: Requests;
  readonly limits: Limits;
  /** When whoever is refused had better ask again. */
  readonly retryAfterMs: () => number;
  readonly logger: Logger;
}

/** One client's sockets, and its requests over all of them. */
interface ClientSockets extends PendingCount {
  readonly sockets: Set<WebSocket>;
}

/** Accepts upgrades and keeps the sockets that come of them. */
export class SocketServer implements Disposable {
  private readonly server: WebSocketServer;
  private readonly clients = new Map<string, ClientSockets>();
  private readonly sessions = new Map<WebSocket, Session>();
  private readonly unanswered = new WeakSet<WebSocket>();
  private readonly disposables: Disposable[] = [];
  private readonly inbound: ByteBudget;
  private readonly outbound: ByteBudget;
  private count = 0;
  private stopped = false;

  constructor(private readonly context: SocketContext) {
    const { limits, tokens } = context;
    this.inbound = new ByteBudget(limits.inboundBytes);
    this.outbound = new ByteBudget(limits.outboundBytes);
    // closeTimeout is missing from the published types.
    const options: ServerOptions & { closeTimeout: number } = {
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: limits.messageBytes,
      maxFragments: limits.messageFragments,
      closeTimeout: limits.closeTimeoutMs,
      // One message of a socket a turn: thousands that arrive together would keep all other sockets waiting.
      allowSynchronousEvents: false,
      // Without this, ws would echo the first subprotocol, and that may be the ticket.
      handleProtocols: () => SUBPROTOCOL,
    };
    this.server = new WebSocketServer(options);
    const heartbeat = setInterval(() => {
      this.ping();
      void this.closeRevoked();
    }, limits.pingMs).unref();
    this.disposables.push(
      { dispose: () => clearInterval(heartbeat) },
      tokens.onDidRevoke(({ id }) => this.closeClient(id)),
    );
  }

  /** How many sockets are open, of how many clients, and how many requests wait on them. */
  get load(): { readonly sockets: number; readonly clients: number; readonly pending: number } {
    let pending = 0;
    for (const client of this.clients.values()) pending += client.pending;
    return { sockets: this.sessions.size, clients: this.clients.size, pending };
  }

  /** Answers an HTTP upgrade: nothing of a socket exists before Host, Origin and ticket are found good. */
  async handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    // A peer that resets its connection meanwhile is no error of ours.
    socket.on('error', () => socket.destroy());
    const watch = this.context.requests.begin('GET /v1/socket');
    try {
      guardRequest(request);
      const client = await this.admit(request);
      this.server.handleUpgrade(request, socket, head, (opened) => this.open(opened, client, socket));
      watch.finish();
    } catch (error) {
      watch.finish(error);
      this.context.requests.refuse(outcomeOf(error));
      refuseUpgrade(socket, error, watch.id);
    }
  }

  /** Cancels all work, so that clients hear of it, and closes every socket with 1001. */
  async stop(): Promise<void> {
    this.stopped = true;
    const cancelled = [...this.sessions.values()].map((session) => session.cancelAll());
    // Work that does not let go must not keep the others from a proper goodbye.
    await Promise.race([
      Promise.all(cancelled),
      delay(this.context.limits.cancelMs, undefined, { ref: false }),
    ]);
    for (const socket of this.sessions.keys()) socket.close(CLOSE_CODES.GOING_AWAY.code, 'shutting down');
  }

  dispose(): void {
    this.stopped = true;
    for (const disposable of this.disposables.splice(0)) disposable.dispose();
    for (const socket of this.sessions.keys()) socket.terminate();
  }

  /** @throws CodedError METHOD_UNKNOWN, PAIRING_NEEDED, BUSY or SHUTTING_DOWN. */
  private async admit(request: IncomingMessage): Promise<Client> {
    if (request.url !== SOCKET_PATH) {
      throw new CodedError('METHOD_UNKNOWN', 'There is no socket here.', `Use ${SOCKET_PATH}.`);
    }
    const ticket = ticketOf(request);
    const id = ticket === undefined ? undefined : this.context.tickets.redeem(ticket);
    const client = id === undefined ? undefined : await this.find(id);
    if (!client) {
      const needed = 'The socket needs a fresh ticket.';
      throw new CodedError('PAIRING_NEEDED', needed, 'Get one from POST /v1/ticket with your token.');
    }
    const { socketsPerClient } = this.context.limits;
    if ((this.clients.get(client.id)?.sockets.size ?? 0) >= socketsPerClient) {
      const many = `This client has ${socketsPerClient} sockets open.`;
      throw new CodedError('BUSY', many, 'Close some of them first.');
    }
    if (this.stopped) {
      throw new CodedError(
        'SHUTTING_DOWN',
        'The sidecar is stopping.',
        'Try again when it has started anew.',
      );
    }
    return client;
  }

  /** A client revoked since its ticket was issued is no longer there. */
  private async find(id: string): Promise<Client | undefined> {
    return (await this.context.tokens.list()).find((client) => client.id === id);
  }

  private open(socket: WebSocket, { id, name }: Client, stream: Duplex): void {
    const { limits, router } = this.context;
    const logger = this.context.logger.child({ socket: ++this.count, client: id });
    const client = this.clientOf(id);
    client.sockets.add(socket);
    const closeForMemory = () => closeAtOnce(socket, CLOSE_CODES.TRY_LATER.code, 'too much memory');
    const arriving = this.inbound.open(id, closeForMemory);
    const leaving = this.outbound.open(id, closeForMemory, () => socket.bufferedAmount);
    countArriving(socket, stream, arriving);

    const writer = new SocketMessageWriter(socket, {
      encoding: 'json',
      maxBufferedBytes: limits.bufferedBytes,
      onWillWrite: (message) => {
        pending.settle(message);
        if (Message.isResponse(message)) this.noteAnswer(message, logger);
      },
      onDidWrite: () => leaving.resize(socket.bufferedAmount),
    });
    const pending = new PendingRequests({
      total: client,
      max: limits.pendingPerClient,
      openShare: (bytes, evict) => this.inbound.tryOpen(id, bytes, evict),
      close: closeForMemory,
      retryAfterMs: this.context.retryAfterMs,
      refuse: (answer) => {
        writer.write(answer).catch((error: unknown) => logger.debug({ err: error }, 'not sent'));
      },
    });
    const reader = new SocketMessageReader(socket, {
      answerThrough: writer,
      admit: (message, bytes) => pending.admit(message, bytes),
    });
    const connection = createMessageConnection(reader, writer, connectionLogger(logger));
    const session = router.serve(connection, id, logger);
    this.sessions.set(socket, session);

    socket.on('pong', () => this.unanswered.delete(socket));
    socket.on('error', (error) => logger.debug({ err: error }, 'socket error'));
    socket.on('close', (closeCode) => {
      logger.debug({ closeCode }, 'closed');
      this.sessions.delete(socket);
      client.sockets.delete(socket);
      for (const disposable of [session, pending, connection, arriving, leaving]) disposable.dispose();
      this.forget(id);
    });
    connection.listen();
    // After the reader, so that it sees what a message was answered with.
    holdBack(socket, stream, limits.unreadBytes);
    logger.debug({ name }, 'opened');
  }

  /** Counts the errors that go out, and gives those an id that no handler has seen: malformed, or one too many. */
  private noteAnswer({ error }: ResponseMessage, logger: Logger): void {
    if (!error) return;
    const { name = 'INTERNAL', requestId } = (error.data ?? {}) as Partial<WireError['data']>;
    this.context.requests.refuse(name);
    if (requestId !== undefined) return;
    const given = newRequestId();
    error.data = { ...(error.data as object), requestId: given };
    logger.debug({ request: given, outcome: name }, 'refused');
  }

  /**
   * Counts an HTTP upload as a request that waits, before anything of it is read.
   *
   * @param bytes At most what it takes.
   * @param evict Called when it has to go before it is done.
   * @throws CodedError BUSY.
   */
  beginUpload(id: string, bytes: number, evict: (error: CodedError) => void): Disposable {
    const client = this.clientOf(id);
    const retry = { retryAfterMs: this.context.retryAfterMs() };
    const busy = new CodedError('BUSY', 'Too much waits already.', 'Wait for an answer first.', retry);
    const hasRoom = client.pending < this.context.limits.pendingPerClient;
    const share = hasRoom ? this.inbound.tryOpen(id, bytes, () => evict(busy)) : undefined;
    if (!share) {
      this.forget(id);
      throw busy;
    }
    client.pending++;
    return {
      dispose: () => {
        share.dispose();
        client.pending--;
        this.forget(id);
      },
    };
  }

  private clientOf(id: string): ClientSockets {
    const client = this.clients.get(id) ?? { sockets: new Set<WebSocket>(), pending: 0 };
    this.clients.set(id, client);
    return client;
  }

  private forget(id: string): void {
    const client = this.clients.get(id);
    if (client?.sockets.size === 0 && client.pending === 0) this.clients.delete(id);
  }

  /** Says why and cuts the connection: whoever lost our trust gets no time for a closing handshake. */
  private closeClient(id: string): void {
    for (const socket of this.clients.get(id)?.sockets ?? []) {
      // What has arrived already is refused, and what is under way is cancelled.
      this.sessions.get(socket)?.dispose();
      closeAtOnce(socket, CLOSE_CODES.POLICY.code, 'revoked');
    }
  }

  /** Another process may have revoked a client; only the file says so. */
  private async closeRevoked(): Promise<void> {
    const connected = [...this.clients.keys()];
    if (connected.length === 0) return;
    try {
      const trusted = new Set((await this.context.tokens.list()).map(({ id }) => id));
      for (const id of connected) if (!trusted.has(id)) this.closeClient(id);
    } catch (error) {
      // A list that cannot be read says nothing against anybody; the next heartbeat asks again.
      this.context.logger.warn({ err: error }, 'cannot tell whether a client was revoked');
    }
  }

  /** Drops the sockets that have been silent since the last round, and asks the others. */
  private ping(): void {
    for (const socket of this.sessions.keys()) {
      if (this.unanswered.has(socket)) socket.terminate();
      this.unanswered.add(socket);
      socket.ping();
    }
  }
}

/** The ticket among the subprotocols; undefined unless exactly ours and one ticket are offered. */
function ticketOf(request: IncomingMessage): string | undefined {
  const headers = request.headersDistinct['sec-websocket-protocol'] ?? [];
  const offered = headers.flatMap((header) => header.split(',')).map((name) => name.trim());
  const tickets = offered.filter((name) => name.startsWith(TICKET_PREFIX));
  if (!offered.includes(SUBPROTOCOL) || tickets.length !== 1) return undefined;
  return tickets[0]!.slice(TICKET_PREFIX.length);
}

/** What `vscode-jsonrpc` has to say is about answers to sockets that have closed, hence worth no more. */
function connectionLogger(logger: Logger) {
  const log = (message: string) => logger.debug(message);
  return { error: log, warn: log, info: log, log };
}

/** Says why without waiting for an answer: nothing more is read of this peer, and nothing sent to it. */
function closeAtOnce(socket: WebSocket, code: number, reason: string): void {
  socket.close(code, reason);
  socket.terminate();
}

/** What has come of a message that is not all here: `ws` keeps it in pieces and does not say how much it is. */
function countArriving(socket: WebSocket, stream: Duplex, share: Share): void {
  let bytes = 0;
  const count = (chunk: Buffer) => share.resize((bytes += chunk.length));
  // Before ws reads the chunk, with which the message may be complete.
  stream.prependListener('data', count);
  socket.on('message', () => share.resize((bytes = 0)));
  socket.once('close', () => stream.off('data', count));
}

/** Reads nothing more from a peer while it leaves its answers unread, so that these do not pile up. */
function holdBack(socket: WebSocket, stream: Duplex, unreadBytes: number): void {
  socket.on('message', () => {
    if (socket.bufferedAmount > unreadBytes) socket.pause();
  });
  stream.on('drain', () => socket.resume());
}
