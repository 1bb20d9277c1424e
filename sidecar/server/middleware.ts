/** What every HTTP request passes through before and after its route. */
import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import { CodedError, cancelledError } from '../../protocol/errors.js';
import { PROOF_AUTHORIZATION } from '../../protocol/proof.js';
import type { RequestWatch } from '../../protocol/rpc.js';
import { outcomeOf } from '../observe/requests.js';
import type { Requests } from '../observe/requests.js';
import { answerCors, guardRequest } from './guard.js';
import { sendError } from './http-error.js';
import type { Tickets } from './tickets.js';
import type { Client, TokenScope, TokenStore } from './tokens.js';

/** Lets through who may ask at all, and answers preflights. */
export const guard: RequestHandler = (request, response, next) => {
  // Refusals too: else a page that may not read an answer sees what it loads from one that it may not, and whether it loads.
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  guardRequest(request);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('Cache-Control', 'no-store');
  if (!answerCors(request, response)) next();
};

/** Says SHUTTING_DOWN to whatever comes after the server has begun to stop. */
export function refuseWhileStopping(stopping: AbortSignal): RequestHandler {
  return (_request, _response, next) => {
    if (!stopping.aborted) return next();
    throw new CodedError('SHUTTING_DOWN', 'The sidecar is stopping.', 'Try again when it has started anew.');
  };
}

/** What clients are known by. */
export interface Keys {
  readonly tokens: TokenStore;
  /** What clients are to answer, by client. */
  readonly challenges: Tickets<string>;
}

/**
 * Lets a request on when it carries a paired client's token, or its answer to a challenge; nothing of its body has been
 * read yet.
 *
 * @param scope Also let on who is good for this alone.
 */
export function requireClient(keys: Keys, scope?: TokenScope): RequestHandler {
  return async (request, response, next) => {
    const [header = '', ...more] = request.headersDistinct['authorization'] ?? [];
    const client = more.length === 0 ? await clientBy(header, keys, request.socket.localPort!) : undefined;
    if (!client || (client.only !== undefined && client.only !== scope)) {
      throw notPaired();
    }
    response.locals['client'] = client;
    next();
  };
}

async function clientBy(
  authorization: string,
  { tokens, challenges }: Keys,
  port: number,
): Promise<Client | undefined> {
  const token = /^Bearer ([\w-]{1,100})$/i.exec(authorization)?.[1];
  if (token !== undefined) return tokens.verify(token);
  const [, challenge, answer] = PROOF_AUTHORIZATION.exec(authorization) ?? [];
  const id = challenge === undefined ? undefined : challenges.redeem(challenge);
  return id === undefined ? undefined : tokens.verifyAnswer(id, answer!, challenge!, port);
}

/** What whoever is not known is told. */
export function notPaired(): CodedError {
  return new CodedError('PAIRING_NEEDED', 'This client is not paired.', 'Pair it with the code.');
}

/** The client that `requireClient` has let through. */
export function clientOf(response: Response): Client {
  return response.locals['client'] as Client;
}

/** Everything that can be asked for; whatever else is asked goes by one name, since it could be anything. */
const ROUTES: ReadonlySet<string> = new Set([
  'GET /',
  'GET /health',
  'GET /metrics',
  'POST /v1/prove',
  'POST /v1/pair',
  'POST /v1/pair/confirm',
  'POST /v1/launch',
  'POST /v1/ticket',
  'POST /v1/images',
]);

/** Follows each request by its route; never a header, a query or a body. */
export function followRequests(requests: Requests): RequestHandler {
  return (request, response, next) => {
    const route = `${request.method} ${request.path}`;
    const watch = requests.begin(ROUTES.has(route) ? route : 'unknown');
    response.locals['watch'] = watch;
    response.once('close', () => {
      const left = response.writableFinished ? undefined : cancelledError();
      watch.finish(response.locals['error'] ?? left);
    });
    next();
  };
}

/** Answers with an error, under the id by which the log knows the request. */
export function answerWith(response: Response, error: unknown, requests: Requests): void {
  response.locals['error'] = error;
  requests.refuse(outcomeOf(error));
  sendError(response, error, (response.locals['watch'] as RequestWatch).id);
}

/** Turns what was thrown into an answer; Express knows it from its four parameters. */
export function answerError(requests: Requests): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    // An answer that has begun can only be cut off.
    if (response.headersSent) return next(error);
    answerWith(response, codedFromExpress(error), requests);
  };
}

/** Body parsers throw errors with a `type` and a status of their own. */
function codedFromExpress(error: unknown): unknown {
  const { type, status } = (error ?? {}) as { type?: unknown; status?: unknown };
  if (error instanceof CodedError || typeof status !== 'number' || status >= 500) return error;
  return type === 'entity.too.large'
    ? new CodedError('MESSAGE_TOO_LARGE', 'The request’s body is too large.', 'Send a smaller file.')
    : new CodedError('PARSE', 'The request cannot be read.', 'protocol/README.md shows how to ask.');
}
