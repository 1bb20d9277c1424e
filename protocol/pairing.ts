/**
 * How a client comes to be trusted, over HTTP and before any socket exists.
 *
 * 1. `POST /v1/pair` asks; the sidecar shows an eight-letter code in its terminal, with who asks.
 * 2. `POST /v1/pair/confirm` brings the code and takes away a token, which the client keeps.
 * 3. `POST /v1/ticket` with `Authorization: Bearer TOKEN` gives a ticket for one socket, valid for 30 s.
 *
 * The workbench page that `npm start` opens skips the first two: `POST /v1/launch` trades the one-time launch
 * ticket in its address fragment for a token.
 */
import { z } from 'zod';

export const pairRequestSchema = z.object({
  client: z.string().min(1).max(100),
  /** A pairing of this client's own that is given up for the new one. */
  renews: z.string().max(100).optional(),
});
export const pairResponseSchema = z.object({ pairing: z.string(), expiresInMs: z.number() });

export const confirmRequestSchema = z.object({ pairing: z.string().max(100), code: z.string().max(20) });
export const launchRequestSchema = z.object({ ticket: z.string().max(100) });
export const tokenResponseSchema = z.object({ token: z.string() });

export const ticketResponseSchema = z.object({ ticket: z.string(), expiresInMs: z.number() });

/** How every HTTP route but /health says no; the same content a JSON-RPC error carries. */
export const httpErrorSchema = z.object({
  error: z.object({
    code: z.number(),
    message: z.string(),
    data: z.object({
      name: z.string(),
      hint: z.string(),
      requestId: z.string().optional(),
      retryAfterMs: z.number().optional(),
    }),
  }),
});

/** What /health answers: enough to tell a sidecar from whatever else may listen there, and no data. */
export const HEALTH_BODY = 'cutline';
