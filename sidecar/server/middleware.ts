/** What every HTTP request passes through before and after its route. */
import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { CodedError } from '../../protocol/errors.js';
import { answerCors, guardRequest } from './guard.js';
import { sendError } from './http-error.js';
import type { Client, TokenStore } from './tokens.js';

/** Lets through who may ask at all, and answers preflights. */
export const guard: RequestHandler = (request, response, next) => {
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

/** Lets a request on when it carries a paired client's token; nothing of its body has been read yet. */
export function requireToken(tokens: TokenStore): RequestHandler {
  return async (request, response, next) => {
    const [header, ...more] = request.headersDistinct['authorization'] ?? [];
    const token = /^Bearer ([\w-]{1,100})$/i.exec(header ?? '')?.[1];
    const client = token !== undefined && more.length === 0 ? await tokens.verify(token) : undefined;
    if (!client) {
      throw new CodedError('PAIRING_NEEDED', 'This client is not paired.', 'Pair it with the code.');
    }
    response.locals['client'] = client;
    next();
  };
}

/** The client that `requireToken` has let through. */
export function clientOf(response: Response): Client {
  return response.locals['client'] as Client;
}

/** Method, path and status of each request; never a header, a query or a body. */
export function logRequests(logger: Logger): RequestHandler {
  let count = 0;
  return (request, response, next) => {
    const entry = { http: ++count, method: request.method, path: request.path };
    response.once('close', () => logger.debug({ ...entry, status: response.statusCode }, 'answered'));
    next();
  };
}

/** Turns what was thrown into an answer; Express knows it from its four parameters. */
export function answerError(logger: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    // An answer that has begun can only be cut off.
    if (response.headersSent) return next(error);
    const coded = codedFromExpress(error);
    if (!(coded instanceof CodedError)) logger.error({ err: coded }, 'request failed');
    sendError(response, coded);
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
