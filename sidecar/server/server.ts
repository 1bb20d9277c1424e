/** The sidecar's server: loopback only, HTTP and one WebSocket. */
import { setMaxListeners } from 'node:events';
import { createServer, STATUS_CODES } from 'node:http';
import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Event } from 'vscode-jsonrpc/node';
import { SIDECAR_PORTS } from '../../protocol/version.js';
import type { Engine } from '../engine/engine.js';
import { Metrics } from '../observe/metrics.js';
import { Requests } from '../observe/requests.js';
import { sinceBootMs } from '../since-boot.js';
import { Connections } from './connections.js';
import { createHttpApp } from './http.js';
import { LIMITS } from './limits.js';
import type { Limits } from './limits.js';
import { listenOnLoopback } from './listen.js';
import { PairingDesk } from './pairing.js';
import type { PairingRequest } from './pairing.js';
import { Router } from './router.js';
import { SocketServer } from './socket.js';
import { Tickets } from './tickets.js';
import { TokenStore } from './tokens.js';

export interface ServerOptions {
  /** Stays the caller's: disposing the server does not dispose it. */
  readonly engine: Engine;
  /** CUTLINE_HOME; clients.json lives here. */
  readonly home: string;
  /** Tried in this order; 0 lets the system choose. */
  readonly ports?: readonly number[];
  /** The built workbench page. */
  readonly pageFile?: string;
  readonly logger: Logger;
  /** Follows the requests, and knows the numbers for /metrics. */
  readonly requests?: Requests;
  readonly limits?: Partial<Limits>;
  /** Clock for codes and tickets, in milliseconds. */
  readonly now?: () => number;
}

export interface RunningServer {
  readonly port: number;
  /** `http://localhost:PORT` */
  readonly origin: string;
  /** A client asks to be paired: show the code. */
  readonly onDidRequestPairing: Event<PairingRequest>;
  readonly tokens: TokenStore;
  /** A one-time ticket that lets the workbench page pair by itself. */
  createLaunchTicket(): string;
  /** Stops accepting, cancels work, closes sockets with 1001; takes at most 5 s. */
  dispose(): Promise<void>;
}

/**
 * Starts the server.
 *
 * @throws CodedError PORT_BUSY when none of the ports is free.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { engine, logger, now = sinceBootMs } = options;
  const limits: Limits = { ...LIMITS, ...options.limits };
  const stopping = new AbortController();
  // Each upload under way listens; Node would warn of more than ten.
  setMaxListeners(0, stopping.signal);
  const tokens = new TokenStore(options.home, logger, limits.launchedClients);
  const desk = new PairingDesk(limits, now);
  const ticketOptions = { max: limits.tickets, maxPerValue: limits.ticketsPerClient, now };
  const launchTickets = new Tickets<'workbench'>({ ...ticketOptions, lifetimeMs: limits.launchTicketMs });
  const socketTickets = new Tickets<string>({ ...ticketOptions, lifetimeMs: limits.ticketMs });
  const challenges = new Tickets<string>({ ...ticketOptions, lifetimeMs: limits.ticketMs });
  const requests = options.requests ?? new Requests(new Metrics(), logger);
  const router = new Router({ engine, limits, requests });
  const sockets = new SocketServer({
    ...{ router, tokens, tickets: socketTickets, limits, requests, logger },
    retryAfterMs: () => engine.retryAfterMs,
  });
  const app = createHttpApp({
    ...{ engine, tokens, desk, launchTickets, socketTickets, challenges, limits, requests },
    beginUpload: (...upload) => sockets.beginUpload(...upload),
    pageFile: options.pageFile,
    stopping: stopping.signal,
  });

  const connections = new Connections();
  watchLoad(requests.metrics, sockets, connections);
  const makeServer = () => createHttpServer(app, sockets, connections, limits);
  const { port, servers } = await listenOnLoopback(options.ports ?? SIDECAR_PORTS, makeServer, logger).catch(
    (error: unknown) => {
      sockets.dispose();
      throw error;
    },
  );
  logger.info({ port }, 'listening');

  let disposed: Promise<void> | undefined;
  return {
    port,
    origin: `http://localhost:${port}`,
    onDidRequestPairing: desk.onDidRequestPairing,
    tokens,
    createLaunchTicket: () => launchTickets.issue('workbench'),
    dispose() {
      stopping.abort();
      disposed ??= stop(servers, sockets, connections, limits.graceMs);
      return disposed;
    },
  };
}

function watchLoad(metrics: Metrics, sockets: SocketServer, connections: Connections): void {
  metrics.watch('cutline_sockets', 'Open WebSockets.', () => sockets.load.sockets);
  metrics.watch('cutline_clients', 'Clients with a socket open.', () => sockets.load.clients);
  metrics.watch('cutline_pending_requests', 'Requests on sockets that wait for an answer.', () => {
    return sockets.load.pending;
  });
  metrics.watch('cutline_connections', 'Open TCP connections.', () => connections.count);
}

function createHttpServer(
  app: Parameters<typeof createServer>[1],
  sockets: SocketServer,
  connections: Connections,
  limits: Limits,
): Server {
  const server = createServer(
    {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.bodyMs,
      connectionsCheckingInterval: limits.headersMs / 2,
      // The guard answers a missing Host itself, with an error that says what to do.
      requireHostHeader: false,
    },
    app,
  );
  server.maxConnections = limits.connections;
  connections.watch(server);
  server.on('clientError', answerNonsense);
  server.on('upgrade', (request, socket, head) => void sockets.handleUpgrade(request, socket, head));
  return server;
}

/** As Node would by itself, but so that no page learns from it that anybody answers here. */
function answerNonsense(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const status = NONSENSE[error.code ?? ''] ?? 400;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Cross-Origin-Resource-Policy: same-origin',
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n`);
}

const NONSENSE: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** First in good order; after the grace period whatever is left is cut. */
async function stop(
  servers: readonly Server[],
  sockets: SocketServer,
  connections: Connections,
  graceMs: number,
): Promise<void> {
  const closed = Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  const timer = new AbortController();
  const grace = delay(graceMs, undefined, { signal: timer.signal }).catch(() => undefined);
  connections.closeIdle();
  void sockets.stop();
  await Promise.race([closed, grace]);
  timer.abort();
  sockets.dispose();
  connections.destroy();
  await closed;
}
