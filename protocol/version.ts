/** Which clients and servers understand each other, and where they meet. */
import { CodedError } from './errors.js';

/** Raised when an older peer would misread a message; additions do not raise it. */
export const PROTOCOL_VERSION = 1;

/** The oldest client protocol this side still answers. */
export const OLDEST_PROTOCOL = 1;

/**
 * The version that a client and this sidecar both speak.
 *
 * @param client The client's protocol number.
 * @param server This side's range, oldest to newest.
 * @returns The client's own number, which this side still answers.
 * @throws CodedError PROTOCOL_MISMATCH, saying which side to update.
 */
export function agreeOnProtocol(
  client: number,
  server: { readonly oldest: number; readonly newest: number } = {
    oldest: OLDEST_PROTOCOL,
    newest: PROTOCOL_VERSION,
  },
): number {
  if (client >= server.oldest && client <= server.newest) return client;
  const tooOld = client < server.oldest;
  throw new CodedError(
    'PROTOCOL_MISMATCH',
    `The client speaks protocol ${client}, this sidecar ${server.oldest} to ${server.newest}.`,
    tooOld ? 'Update the client (the plugin).' : 'Update the sidecar.',
  );
}

/** Ports the sidecar tries in this order; the plugin's manifest lists the same ones. */
export const SIDECAR_PORTS = [47130, 47131, 47132, 47133, 47134] as const;

/** Path of the one WebSocket. */
export const SOCKET_PATH = '/v1/socket';

/** Subprotocol name; the one-time ticket travels as a second subprotocol with this prefix, never in the URL. */
export const SUBPROTOCOL = 'cutline.v1';
export const TICKET_PREFIX = 'ticket.';
