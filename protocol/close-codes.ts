/** Why a socket was closed, with the WebSocket standard's numbers (RFC 6455) used as it means them. */

export const CLOSE_CODES = {
  NORMAL: { code: 1000, meaning: 'The client is done.' },
  GOING_AWAY: { code: 1001, meaning: 'The sidecar is stopping. Connect again later.' },
  PROTOCOL_ERROR: { code: 1002, meaning: 'The client broke the WebSocket protocol.' },
  NOT_UTF8: { code: 1007, meaning: 'A text message was not UTF-8.' },
  POLICY: { code: 1008, meaning: 'The token was revoked, or a message came in too many fragments.' },
  TOO_LARGE: { code: 1009, meaning: 'A message was larger than `limits.messageBytes`.' },
  TRY_LATER: {
    code: 1013,
    meaning: 'The client reads too slowly, or its messages take too much memory. Connect again.',
  },
} as const;
