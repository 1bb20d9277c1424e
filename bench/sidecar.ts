/** A whole sidecar for benchmarks: server, compute thread, disk cache, and a client on a real socket. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import pino from 'pino';
import { createMessageConnection } from 'vscode-jsonrpc/node';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import { WebSocket } from 'ws';
import { SocketMessageReader, SocketMessageWriter } from '../protocol/codec.js';
import { initialize } from '../protocol/methods.js';
import { callMethod } from '../protocol/rpc.js';
import { PROTOCOL_VERSION, SOCKET_PATH, SUBPROTOCOL, TICKET_PREFIX } from '../protocol/version.js';
import { createEngine } from '../sidecar/engine/create-engine.js';
import { startServer } from '../sidecar/server/server.js';

export interface BenchSidecar {
  /** Opens another socket, as another window would. */
  connect(): Promise<MessageConnection>;
  dispose(): Promise<void>;
}

export async function startBenchSidecar(home: string): Promise<BenchSidecar> {
  const engine = createEngine({
    home,
    device: 'cpu',
    // Benchmarks are built beside the sidecar.
    scripts: {
      compute: new URL('../sidecar/compute-worker.js', import.meta.url),
      decode: new URL('../sidecar/decode-worker.js', import.meta.url),
    },
    onNote: (note) => console.error(note),
  });
  await engine.warmUp();
  await engine.rehearse();
  const server = await startServer({ engine, home, ports: [0], logger: pino({ level: 'silent' }) });
  const { token } = await postJson<{ token: string }>(server.origin, '/v1/launch', {
    ticket: server.createLaunchTicket(),
  });
  return {
    connect: () => connect(server.origin, token),
    async dispose() {
      await server.dispose();
      await engine.dispose();
    },
  };
}

/** A sidecar in a process of its own, as a person starts it. */
export interface SpawnedSidecar {
  readonly pid: number;
  readonly origin: string;
  readonly token: string;
  /** Resolves with how it ended, whoever ended it. */
  readonly ended: Promise<string>;
  dispose(): Promise<void>;
}

export async function spawnSidecar(home: string): Promise<SpawnedSidecar> {
  const script = ['dist/sidecar/main.js', 'serve', '--no-open', '--port', '0'];
  const environment = { ...process.env, CUTLINE_HOME: home, CUTLINE_DEVICE: 'cpu' };
  const child = spawn(process.execPath, script, { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit').then(([status, signal]) => String(signal ?? status));
  const lines = createInterface(child.stdout);
  const printed = (pattern: RegExp) =>
    new Promise<string>((resolve) => lines.on('line', (line) => pattern.test(line) && resolve(line)));
  const ready = printed(/http:/);
  const computing = printed(/Computing on/);
  const origin = (await ready).match(/http:\S+/)![0];
  await computing;
  const code = printed(/^ +\w{4}-\w{4}$/);
  const { pairing } = await postJson<{ pairing: string }>(origin, '/v1/pair', { client: 'bench' });
  const { token } = await postJson<{ token: string }>(origin, '/v1/pair/confirm', {
    pairing,
    code: (await code).trim(),
  });
  return {
    pid: child.pid!,
    origin,
    token,
    ended,
    async dispose() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Resident memory of a process. */
export function residentMb(pid: number): number {
  return Math.round(Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)])) / 1024);
}

/** Opens a socket to a sidecar and greets it. */
export async function connect(origin: string, token: string): Promise<MessageConnection> {
  return greet(await openSocket(origin, token));
}

export async function openSocket(origin: string, token: string): Promise<WebSocket> {
  const authorization = { Authorization: `Bearer ${token}` };
  const { ticket } = await postJson<{ ticket: string }>(origin, '/v1/ticket', {}, authorization);
  const address = `${origin.replace('http', 'ws')}${SOCKET_PATH}`;
  const socket = new WebSocket(address, [SUBPROTOCOL, TICKET_PREFIX + ticket]);
  await once(socket, 'open');
  return socket;
}

export async function greet(socket: WebSocket): Promise<MessageConnection> {
  const connection = createMessageConnection(
    new SocketMessageReader(socket),
    new SocketMessageWriter(socket, { encoding: 'msgpack' }),
  );
  connection.listen();
  const client = { name: 'bench', version: '1' };
  await callMethod(connection, initialize, { protocol: PROTOCOL_VERSION, client });
  return connection;
}

export async function postJson<T>(
  origin: string,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<T> {
  const response = await fetch(`${origin}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}.`);
  return (await response.json()) as T;
}
