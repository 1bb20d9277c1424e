/** What the sidecar says no to, each time in another way. */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { imagePrepare, imageUpload, maskPredict } from '../../protocol/methods.js';
import { callMethod } from '../../protocol/rpc.js';
import { SOCKET_PATH, SUBPROTOCOL, TICKET_PREFIX } from '../../protocol/version.js';
import { connect } from '../sidecar.js';
import type { Site } from './site.js';

const UNKNOWN = 'f'.repeat(64);
const PROMPTS = [{ type: 'point' as const, x: 5, y: 5, label: 'inside' as const }];

/** Asks for something that must be refused, and counts it as surprising where it is not. */
export async function askInVain(site: Site): Promise<void> {
  const attempts = [...ON_SOCKETS.map(onSocket), ...OVER_HTTP.map(overHttp), withBadTicket];
  await attempts[Math.floor(site.random() * attempts.length)]!(site);
}

type Connection = Awaited<ReturnType<typeof connect>>;

const ON_SOCKETS: readonly { readonly ask: (to: Connection) => Promise<unknown>; readonly ends: string }[] = [
  { ask: (to) => callMethod(to, imagePrepare, { image: UNKNOWN }), ends: 'IMAGE_UNKNOWN' },
  { ask: (to) => callMethod(to, maskPredict, { image: UNKNOWN, prompts: PROMPTS }), ends: 'IMAGE_UNKNOWN' },
  { ask: (to) => callMethod(to, imageUpload, { bytes: new Uint8Array(5000) }), ends: 'IMAGE_UNREADABLE' },
];

function onSocket({ ask, ends }: (typeof ON_SOCKETS)[number]) {
  return async ({ origin, token, tally }: Site): Promise<void> => {
    const connection = await connect(origin, token);
    const refused = await tally.count('refused on a socket', () => ask(connection), [ends]);
    if (refused !== undefined) await tally.count('let through', () => Promise.reject(new Error(ends)));
    connection.dispose();
    connection.end();
  };
}

const OVER_HTTP: readonly {
  readonly path: string;
  readonly init?: RequestInit;
  readonly status: number;
}[] = [
  { path: '/metrics', status: 401 },
  { path: '/v1/ticket', init: { method: 'POST', headers: { Authorization: 'Bearer wrong' } }, status: 401 },
  { path: '/health', init: { headers: { Origin: 'http://evil.test' } }, status: 403 },
  { path: '/v1/images', init: { method: 'POST', body: new Uint8Array(100_000) }, status: 401 },
  { path: '/nothing', status: 404 },
];

function overHttp({ path, init, status }: (typeof OVER_HTTP)[number]) {
  return async ({ origin, tally }: Site): Promise<void> => {
    await tally.count('refused over HTTP', async () => {
      const answer = await fetch(`${origin}${path}`, init);
      await answer.arrayBuffer();
      if (answer.status !== status) throw new Error(`${path} answered ${answer.status}`);
    });
  };
}

async function withBadTicket({ origin, tally }: Site): Promise<void> {
  await tally.count('refused upgrade', async () => {
    const address = `${origin.replace('http', 'ws')}${SOCKET_PATH}`;
    const socket = new WebSocket(address, [SUBPROTOCOL, `${TICKET_PREFIX}worthless`]);
    const opened = once(socket, 'open').then(() => true);
    const refused = once(socket, 'unexpected-response').then(() => false);
    const isLetIn = await Promise.race([opened, refused]).finally(() => socket.terminate());
    if (isLetIn) throw new Error('let in without a ticket');
  });
}
