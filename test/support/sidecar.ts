/** A real server on a port of its own, with a fake engine, and clients to talk to it. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { createMessageConnection } from 'vscode-jsonrpc/node';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import { WebSocket } from 'ws';
import { SocketMessageReader, SocketMessageWriter } from '../../protocol/codec.js';
import type { Encoding } from '../../protocol/codec.js';
import { initialize } from '../../protocol/methods.js';
import { callMethod } from '../../protocol/rpc.js';
import { SOCKET_PATH, SUBPROTOCOL, TICKET_PREFIX } from '../../protocol/version.js';
import { Metrics } from '../../sidecar/observe/metrics.js';
import { Requests } from '../../sidecar/observe/requests.js';
import type { PairingRequest } from '../../sidecar/server/pairing.js';
import { startServer } from '../../sidecar/server/server.js';
import type { RunningServer, ServerOptions } from '../../sidecar/server/server.js';
import { FakeEngine } from './fake-engine.js';

/** A folder that is removed when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cutline-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export interface TestClient {
  readonly socket: WebSocket;
  readonly connection: MessageConnection;
}

/** The server under test and shortcuts through its front door. */
export class TestSidecar {
  private readonly pairingRequests: PairingRequest[] = [];

  private constructor(
    readonly server: RunningServer,
    readonly engine: FakeEngine,
    readonly home: string,
    readonly requests: Requests,
    /** Everything logged so far. */
    readonly logs: readonly string[],
  ) {
    server.onDidRequestPairing((request) => this.pairingRequests.push(request));
  }

  /** Starts on port 0 with a home of its own; disposed when the test ends. */
  static async start(options: Partial<ServerOptions> = {}): Promise<TestSidecar> {
    const logs: string[] = [];
    const logger = pino({ level: 'trace' }, { write: (line: string) => logs.push(line) });
    const engine = new FakeEngine();
    const home = options.home ?? (await temporaryFolder());
    const requests = new Requests(new Metrics(), logger);
    const server = await startServer({ engine, home, ports: [0], logger, requests, ...options });
    onTestFinished(() => server.dispose());
    return new TestSidecar(server, engine, home, requests, logs);
  }

  get latestPairing(): PairingRequest {
    return this.pairingRequests.at(-1)!;
  }

  get pairingCount(): number {
    return this.pairingRequests.length;
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.server.port}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }

  /** Pairs as a person would. */
  async pair(client = 'test'): Promise<string> {
    const { pairing } = (await (await this.post('/v1/pair', { client })).json()) as { pairing: string };
    const answer = await this.post('/v1/pair/confirm', { pairing, code: this.latestPairing.code });
    return ((await answer.json()) as { token: string }).token;
  }

  async ticket(token: string): Promise<string> {
    const answer = await this.post('/v1/ticket', {}, { Authorization: `Bearer ${token}` });
    return ((await answer.json()) as { ticket: string }).ticket;
  }

  /** Opens a socket without a word said on it. */
  async openSocket(token: string): Promise<WebSocket> {
    const ticket = TICKET_PREFIX + (await this.ticket(token));
    const socket = new WebSocket(`ws://127.0.0.1:${this.server.port}${SOCKET_PATH}`, [SUBPROTOCOL, ticket]);
    await once(socket, 'open');
    onTestFinished(() => socket.terminate());
    return socket;
  }

  /** Opens a socket with JSON-RPC on it, initialized unless told otherwise. */
  async connect(
    token: string,
    { encoding = 'msgpack', greet = true }: { encoding?: Encoding; greet?: boolean } = {},
  ): Promise<TestClient> {
    const socket = await this.openSocket(token);
    const connection = createMessageConnection(
      new SocketMessageReader(socket),
      new SocketMessageWriter(socket, { encoding }),
    );
    connection.listen();
    if (greet) await callMethod(connection, initialize, initialize.example.params);
    return { socket, connection };
  }
}

/**
 * Sends exactly these header lines, which no HTTP client would.
 *
 * @returns The status, and the body as far as it came with the first packet's end or the connection's.
 */
export async function rawRequest(
  port: number,
  lines: readonly string[],
  body = '',
): Promise<{ status: number; head: string; body: string }> {
  const socket = connectTcp(port, '127.0.0.1');
  socket.write([...lines, 'Connection: close', '', body].join('\r\n'));
  return readAnswer(socket);
}

/** As `rawRequest`, for a WebSocket handshake with these extra header lines. */
export async function rawUpgrade(
  port: number,
  lines: readonly string[],
  path: string = SOCKET_PATH,
): Promise<{ status: number; head: string; body: string }> {
  const socket = connectTcp(port, '127.0.0.1');
  const handshake = [
    `GET ${path} HTTP/1.1`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  ];
  socket.write([...handshake, ...lines, '', ''].join('\r\n'));
  return readAnswer(socket);
}

async function readAnswer(socket: ReturnType<typeof connectTcp>) {
  let text = '';
  for await (const chunk of socket) {
    text += String(chunk);
    // An accepted upgrade stays open: its head is all there is.
    if (text.startsWith('HTTP/1.1 101') && text.includes('\r\n\r\n')) break;
  }
  socket.destroy();
  const [head = '', ...rest] = text.split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), head, body: rest.join('\r\n\r\n') };
}
