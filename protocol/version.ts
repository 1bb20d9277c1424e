/** Which clients and servers understand each other, and where they meet. */

/** Raised when an older peer would misread a message; additions do not raise it. */
export const PROTOCOL_VERSION = 1;

/** The oldest client protocol this side still answers. */
export const OLDEST_PROTOCOL = 1;

/** Ports the sidecar tries in this order; the plugin's manifest lists the same ones. */
export const SIDECAR_PORTS = [47130, 47131, 47132, 47133, 47134] as const;

/** Path of the one WebSocket. */
export const SOCKET_PATH = '/v1/socket';

/** Subprotocol name; the one-time ticket travels as a second subprotocol with this prefix, never in the URL. */
export const SUBPROTOCOL = 'cutline.v1';
export const TICKET_PREFIX = 'ticket.';
