/** Every limit of the server, with its default. Sizes in bytes, times in milliseconds. */

const MIB = 1024 * 1024;

export const LIMITS = {
  /** One WebSocket message, and the fragments it may come in. */
  messageBytes: 16 * MIB,
  messageFragments: 1_024,
  /** What may wait to be sent to one socket before it is closed as too slow. */
  bufferedBytes: 8 * MIB,
  /** What all requests without an answer, messages that are still coming and uploads take together, and all answers. */
  inboundBytes: 64 * MIB,
  outboundBytes: 64 * MIB,
  /** What may wait to be sent to one socket before nothing more is read from it. */
  unreadBytes: 1 * MIB,
  /** A socket that has not answered a ping by the next one is dropped. */
  pingMs: 30_000,
  closeTimeoutMs: 5_000,
  socketsPerClient: 64,
  /** Requests of one client, over all its sockets, and uploads that wait for an answer. */
  pendingPerClient: 128,

  imageBytes: 25 * MIB,
  jsonBytes: 1 * MIB,
  headersMs: 10_000,
  bodyMs: 30_000,
  /** TCP connections on each of the two addresses. */
  connections: 2_048,

  pairingCodeMs: 120_000,
  pairingTries: 5,
  /** Pairings that wait for their code, over all askers of one class of origin. */
  pairingsOutstanding: 8,
  /** New pairings over all of those in any such window. */
  pairingsPerWindow: 20,
  pairingWindowMs: 60_000,
  /** Tokens of workbench pages that are kept; each launch makes one. */
  launchedClients: 8,

  ticketMs: 30_000,
  launchTicketMs: 300_000,
  /** Tickets that wait to be used; the oldest goes first. */
  tickets: 1_024,
  ticketsPerClient: 64,

  /** Time that work gets to let go when the server stops. */
  cancelMs: 1_000,
  /** Time from dispose to the moment when open connections are cut; dispose itself takes at most 5 s. */
  graceMs: 3_000,
} as const;

export type Limits = { readonly [Name in keyof typeof LIMITS]: number };
