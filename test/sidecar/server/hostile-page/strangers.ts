/** The web as an attacker has it: a server for pages, for a worker's script and for redirects, under any name. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tryRequests, trySockets } from './ways.js';

/** Names that lead to this machine in the tests' browser. */
const STRANGER = 'stranger.test';
const ACCOMPLICE = 'accomplice.test';
/** Led to the attacker's server once, and leads to the sidecar now. */
export const REBOUND = 'rebound.test';

/** For dedicated, shared and service workers alike: asked through a port, whichever way that comes. */
const WORKER = `
const ways = { trySockets: ${trySockets}, tryRequests: ${tryRequests} };
const answer = (event) => {
  const [port] = event.ports;
  const done = ways[event.data.way](event.data.target).then((attempts) => port.postMessage(attempts));
  event.waitUntil?.(done);
};
self.onmessage = answer;
self.onconnect = ({ ports }) => (ports[0].onmessage = answer);`;

export class Strangers {
  private constructor(
    private readonly server: ReturnType<typeof createServer>,
    readonly port: number,
  ) {}

  static async start(): Promise<Strangers> {
    const server = createServer(answer);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return new Strangers(server, (server.address() as AddressInfo).port);
  }

  get page(): string {
    return `http://${STRANGER}:${this.port}/`;
  }

  get accomplice(): string {
    return `http://${ACCOMPLICE}:${this.port}`;
  }

  /** For a browser that takes these names for this machine, and lets the stranger have a service worker without TLS. */
  get browserFlags(): string[] {
    const names = [STRANGER, ACCOMPLICE, REBOUND].map((name) => `MAP ${name} 127.0.0.1`);
    return [
      `--host-resolver-rules=${names.join(', ')}`,
      `--unsafely-treat-insecure-origin-as-secure=http://${STRANGER}:${this.port}`,
    ];
  }

  dispose(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url!, 'http://here');
  // As accommodating as can be, so that nothing is stopped before it reaches the sidecar.
  response.setHeader('Access-Control-Allow-Origin', request.headers.origin ?? '*');
  response.setHeader('Access-Control-Allow-Headers', 'Authorization, Content-Type');
  if (request.method === 'OPTIONS') {
    response.writeHead(204).end();
  } else if (url.pathname === '/redirect') {
    response
      .writeHead(Number(url.searchParams.get('status')), { Location: url.searchParams.get('to')! })
      .end();
  } else if (url.pathname === '/worker.js') {
    response.setHeader('Content-Type', 'text/javascript').end(WORKER);
  } else {
    response.setHeader('Content-Type', 'text/html').end('<!doctype html><body></body>');
  }
}
