/** The HTTP routes: health, the workbench page, pairing, tickets, large images and metrics. */
import { basename, dirname } from 'node:path';
import express from 'express';
import type { Express, Request, RequestHandler, Response } from 'express';
import type { Disposable } from 'vscode-jsonrpc';
import type { z } from 'zod';
import { CodedError } from '../../protocol/errors.js';
import {
  confirmRequestSchema,
  HEALTH_BODY,
  launchRequestSchema,
  pairRequestSchema,
} from '../../protocol/pairing.js';
import { proofOf, proveRequestSchema } from '../../protocol/proof.js';
import type { Engine } from '../engine/engine.js';
import type { Metrics } from '../observe/metrics.js';
import type { Requests } from '../observe/requests.js';
import type { Limits } from './limits.js';
import {
  answerError,
  answerWith,
  clientOf,
  followRequests,
  guard,
  notPaired,
  refuseWhileStopping,
  requireClient,
} from './middleware.js';
import type { PairingDesk } from './pairing.js';
import type { Tickets } from './tickets.js';
import type { TokenStore } from './tokens.js';

export interface HttpContext {
  readonly engine: Engine;
  readonly tokens: TokenStore;
  readonly desk: PairingDesk;
  /** Each worth a token for the workbench. */
  readonly launchTickets: Tickets<'workbench'>;
  /** Each worth a socket for the client with this id. */
  readonly socketTickets: Tickets<string>;
  /** What a client is to answer that does not send its token. */
  readonly challenges: Tickets<string>;
  /** The workbench: one HTML file with everything inlined. */
  readonly pageFile: string | undefined;
  readonly requests: Requests;
  readonly limits: Limits;
  /** Counts an upload against its client and against the memory for all; throws BUSY when it is too much. */
  readonly beginUpload: (client: string, bytes: number, evict: (error: CodedError) => void) => Disposable;
  /** Aborted when the server stops. */
  readonly stopping: AbortSignal;
}

/** The page is one file with inline script and style; it talks to sidecars on this machine and nobody else. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'unsafe-inline' 'wasm-unsafe-eval'",
  "style-src 'unsafe-inline'",
  'img-src data: blob:',
  'font-src data:',
  'worker-src blob:',
  "connect-src 'self' http://localhost:* ws://localhost:* data: blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Builds the app. Host and Origin are judged first, tokens before a body is read. */
export function createHttpApp(context: HttpContext): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', false);
  const { requests } = context;
  app.use(followRequests(requests), guard, refuseWhileStopping(context.stopping));

  app.get('/health', (_request, response) => {
    response.type('text/plain').send(HEALTH_BODY);
  });
  app.get('/', (_request, response) => sendPage(context, response));

  const json = express.json({ limit: context.limits.jsonBytes, inflate: false });
  const trusted = requireClient(context);
  addPairingRoutes(app, context, json);
  app.post('/v1/ticket', trusted, (_request, response) => {
    const ticket = context.socketTickets.issue(clientOf(response).id);
    response.json({ ticket, expiresInMs: context.limits.ticketMs });
  });
  const bytes = express.raw({
    type: 'application/octet-stream',
    limit: context.limits.imageBytes,
    inflate: false,
  });
  app.post('/v1/images', trusted, countUploads(context), bytes, (request, response) =>
    uploadImage(context, request, response),
  );
  app.get('/metrics', requireClient(context, 'metrics'), (request, response) =>
    sendMetrics(requests.metrics, request, response),
  );

  app.use((request) => {
    throw new CodedError(
      'METHOD_UNKNOWN',
      `There is no ${request.method} ${request.path} here.`,
      'protocol/README.md lists the routes.',
    );
  });
  app.use(answerError(requests));
  return app;
}

function addPairingRoutes(app: Express, context: HttpContext, json: RequestHandler): void {
  const { desk, tokens, launchTickets, challenges } = context;
  app.post('/v1/prove', json, async (request, response) => {
    const { client: name, nonce } = parseBody(proveRequestSchema, request);
    const client = await tokens.named(name);
    if (!client) throw notPaired();
    // The port that this is, whatever the request calls it.
    const proof = proofOf(client.tokenHash, nonce, request.socket.localPort!);
    response.json({ proof, challenge: challenges.issue(client.id) });
  });
  app.post('/v1/pair', json, (request, response) => {
    const { client, renews } = parseBody(pairRequestSchema, request);
    response.json(desk.request(client, request.headers.origin, renews));
  });
  app.post('/v1/pair/confirm', json, async (request, response) => {
    const { pairing, code } = parseBody(confirmRequestSchema, request);
    response.json({ token: await desk.trade(pairing, code, (client) => tokens.issue(client)) });
  });
  app.post('/v1/launch', json, async (request, response) => {
    const { ticket } = parseBody(launchRequestSchema, request);
    const token = await launchTickets.spend(ticket, (name) => tokens.issue(name, { launched: true }));
    if (token === undefined) {
      throw new CodedError(
        'PAIRING_EXPIRED',
        'The address that opened this page has been used already.',
        'Pair with a code, or run npm start again.',
      );
    }
    response.json({ token });
  });
}

/** Nothing of an upload is read before there is memory for all of it. */
function countUploads({ beginUpload, limits }: HttpContext): RequestHandler {
  return (request, response, next) => {
    const announced = Number(request.headers['content-length'] ?? limits.imageBytes);
    const bytes = Math.min(announced, limits.imageBytes);
    const upload = beginUpload(clientOf(response).id, bytes, (error) => {
      response.once('finish', () => request.destroy());
      next(error);
    });
    response.once('close', () => upload.dispose());
    next();
  };
}

async function uploadImage(context: HttpContext, request: Request, response: Response): Promise<void> {
  if (!(request.body instanceof Uint8Array)) {
    throw new CodedError(
      'PARAMS_INVALID',
      'The request carries no image.',
      'Send the file with Content-Type: application/octet-stream.',
    );
  }
  const { signal } = untilGone(response, context.stopping);
  const call = { signal, client: clientOf(response).id };
  response.json(await context.engine.uploadImage({ bytes: request.body }, call));
}

/**
 * Aborted when nobody waits for the answer any more, or when the server stops. Not by AbortSignal.any: of each signal made
 * so, those that it was made of keep a note for as long as they live.
 */
function untilGone(response: Response, stopping: AbortSignal): AbortController {
  const gone = new AbortController();
  const leave = () => gone.abort();
  stopping.addEventListener('abort', leave, { once: true });
  response.once('close', () => {
    stopping.removeEventListener('abort', leave);
    leave();
  });
  if (stopping.aborted) leave();
  return gone;
}

function parseBody<S extends z.ZodType>(schema: S, request: Request): z.output<S> {
  const parsed = schema.safeParse(request.body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new CodedError(
    'PARAMS_INVALID',
    `${request.path}: ${issue?.path.join('.') || 'body'}: ${issue?.message}.`,
    'Send JSON with Content-Type: application/json; protocol/README.md shows it.',
  );
}

function sendPage({ pageFile, requests }: HttpContext, response: Response): void {
  const missing = new CodedError('METHOD_UNKNOWN', 'The workbench has not been built.', 'Run npm run build.');
  if (pageFile === undefined) throw missing;
  response.setHeader('Content-Security-Policy', PAGE_POLICY);
  // A page that opens this one gets no handle on its window.
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  // With a root, folders above it may begin with a dot.
  response.sendFile(basename(pageFile), { root: dirname(pageFile), cacheControl: false }, (error) => {
    if (error && !response.headersSent) answerWith(response, missing, requests);
  });
}

/** For Prometheus as text, for programs that would have to take that apart as JSON. */
async function sendMetrics(metrics: Metrics, request: Request, response: Response): Promise<void> {
  if (request.accepts(['text/plain', 'application/json']) === 'application/json') {
    response.json(await metrics.toJson());
  } else {
    response.type(metrics.contentType).send(await metrics.toText());
  }
}
