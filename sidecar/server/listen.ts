/** Finding a port that is free on both loopback addresses. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { CodedError } from '../../protocol/errors.js';

const IPV4 = '127.0.0.1';
const IPV6 = '::1';

/** How often a port that the system chose may turn out to be taken on the other address. */
const MAX_CHOICES = 10;

/**
 * Binds 127.0.0.1 and ::1 on one port, since `localhost` may mean either. A port that somebody else holds on one
 * of them counts as busy: half of the requests would go to them.
 *
 * @param ports Tried in this order; 0 lets the system choose.
 * @param createServer Called once an address.
 * @throws CodedError PORT_BUSY when none is free.
 */
export async function listenOnLoopback(
  ports: readonly number[],
  createServer: () => Server,
  logger: Logger,
): Promise<{ readonly port: number; readonly servers: readonly Server[] }> {
  for (const port of ports.flatMap((port) => (port === 0 ? Array<number>(MAX_CHOICES).fill(0) : [port]))) {
    const servers = await bindBoth(port, createServer, logger);
    if (servers) return { port: portOf(servers[0]!), servers };
    logger.info({ port }, 'port is busy');
  }
  throw new CodedError(
    'PORT_BUSY',
    `No port is free: ${ports.join(', ')}.`,
    'Stop the other sidecar, or choose a port with --port.',
  );
}

/** @returns The listening servers; undefined when the port is taken. */
async function bindBoth(
  port: number,
  createServer: () => Server,
  logger: Logger,
): Promise<Server[] | undefined> {
  const first = createServer();
  if ((await tryListen(first, port, IPV4)) !== undefined) return undefined;
  const second = createServer();
  const failure = await tryListen(second, portOf(first), IPV6);
  if (failure === undefined) return [first, second];
  if (failure !== 'EADDRINUSE') {
    logger.info({ reason: failure }, 'no IPv6 on this machine: listening on 127.0.0.1 only');
    return [first];
  }
  await new Promise((resolve) => first.close(resolve));
  return undefined;
}

/** @returns The error's code; undefined when the server listens. */
function tryListen(server: Server, port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const fail = (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message);
    server.once('error', fail);
    server.listen({ port, host }, () => {
      server.off('error', fail);
      resolve(undefined);
    });
  });
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
