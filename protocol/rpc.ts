/** Typed requests from the definitions in methods.ts: both ends validate, and every failure is a CodedError. */
import {
  CancellationToken,
  ConnectionError,
  CancellationTokenSource,
  ErrorCodes,
  ProgressType,
  ResponseError,
} from 'vscode-jsonrpc';
import type { Disposable, MessageConnection } from 'vscode-jsonrpc';
import type { z } from 'zod';
import { cancelledError, CodedError, throwIfCancelled } from './errors.js';
import type { MethodDefinition } from './method-parts.js';
import { errorFromWire, wireError } from './wire-error.js';

/** What a server's handler gets besides its parameters. */
export interface CallContext {
  /** Aborted when the client cancels the request or `cancel` is called. */
  readonly signal: AbortSignal;
  /** Cancels the request from this side; it is answered with CANCELLED. */
  cancel(): void;
  /** Sends `$/progress` when the request gave a progressToken. */
  progress(value: unknown): void;
}

/**
 * Client: sends a request and waits for its answer.
 *
 * @param token Cancels the request; it then rejects with CANCELLED as soon as the sidecar hears of it.
 * @throws CodedError by the answer's name; PARAMS_INVALID before sending; DISCONNECTED when the socket is gone.
 */
export async function callMethod<P extends z.ZodType, R extends z.ZodType>(
  connection: MessageConnection,
  definition: MethodDefinition<P, R>,
  params: z.input<P>,
  token: CancellationToken = CancellationToken.None,
): Promise<z.output<R>> {
  const checked = parseParams(definition, params);
  const answer = await send(connection, definition.method, checked, token);
  const result = definition.result.safeParse(answer);
  if (result.success) return result.data;
  const { path, message } = firstIssue(result.error);
  throw new CodedError(
    'INTERNAL',
    `The sidecar’s answer to ${definition.method} is not understood: ${path}: ${message}.`,
    'Update the sidecar and the plugin to the same version.',
  );
}

/** Follows one request from its arrival to its answer. */
export interface RequestWatch {
  /** Goes with an answer that is an error. */
  readonly id: string;
  /** @param error What it is answered with, in full; undefined when it went well. */
  finish(error?: unknown): void;
}

/**
 * Server: answers a method. The handler may return what the schema's input allows.
 *
 * @param begin Called with each request. What it returns hears of errors that the client is only told INTERNAL of.
 */
export function handleMethod<P extends z.ZodType, R extends z.ZodType>(
  connection: MessageConnection,
  definition: MethodDefinition<P, R>,
  handler: (params: z.output<P>, context: CallContext) => Promise<z.input<R>>,
  begin: () => RequestWatch,
): Disposable {
  return connection.onRequest(definition.method, async (params: unknown, token: CancellationToken) => {
    const { signal, cancel } = bridgeToken(token);
    const watch = begin();
    try {
      const checked = parseParams(definition, params);
      throwIfCancelled(signal);
      const progress = progressSender(connection, params);
      const result = await handler(checked, { signal, cancel, progress });
      throwIfCancelled(signal);
      const answer = definition.result.parse(result);
      watch.finish();
      return answer;
    } catch (error) {
      const told = signal.aborted ? cancelledError() : error;
      watch.finish(told);
      return responseError(told, watch.id);
    }
  });
}

/** Does work with a token that follows a signal, and stops listening to the signal when the work is over. */
export async function withToken<T>(
  signal: AbortSignal | undefined,
  work: (token: CancellationToken) => Promise<T>,
): Promise<T> {
  if (!signal) return work(CancellationToken.None);
  if (signal.aborted) return work(CancellationToken.Cancelled);
  const source = new CancellationTokenSource();
  const cancel = () => source.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return await work(source.token);
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

/** Any error → what a `vscode-jsonrpc` handler answers with. */
export function responseError(error: unknown, requestId?: string): ResponseError<unknown> {
  const { code, message, data } = wireError(error, requestId);
  return new ResponseError(code, message, data);
}

function bridgeToken(token: CancellationToken): { signal: AbortSignal; cancel: () => void } {
  const controller = new AbortController();
  const cancel = () => controller.abort();
  if (token.isCancellationRequested) cancel();
  token.onCancellationRequested(cancel);
  return { signal: controller.signal, cancel };
}

function progressSender(connection: MessageConnection, params: unknown): (value: unknown) => void {
  const { progressToken } = params as { progressToken?: string | number };
  if (progressToken === undefined) return () => undefined;
  return (value) => {
    // Progress to a socket that has just closed is nobody's loss, but vscode-jsonrpc may refuse it by throwing at once.
    try {
      connection.sendProgress(new ProgressType<unknown>(), progressToken, value).catch(() => undefined);
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
    }
  };
}

/** @throws CodedError PROMPTS_TOO_MANY, PROMPT_NOT_FINITE, or PARAMS_INVALID naming the path. */
function parseParams<P extends z.ZodType>(definition: MethodDefinition<P>, params: unknown): z.output<P> {
  const parsed = definition.params.safeParse(params, { reportInput: true });
  if (parsed.success) return parsed.data;
  const { path, message, input, code } = firstIssue(parsed.error);
  if (path === 'prompts' && code === 'too_big') {
    throw new CodedError('PROMPTS_TOO_MANY', `${message}.`, 'Clear some of them.');
  }
  // No engine can see these: a schema's number is finite, and JSON writes NaN and Infinity as null.
  const notFinite = input === null || (typeof input === 'number' && !Number.isFinite(input));
  if (path.startsWith('prompts.') && notFinite) {
    throw new CodedError(
      'PROMPT_NOT_FINITE',
      `${path} is not a finite number.`,
      'Give every coordinate as a number.',
    );
  }
  throw new CodedError(
    'PARAMS_INVALID',
    `${definition.method}: ${path}: ${message}.`,
    `protocol/README.md shows an example of ${definition.method}.`,
  );
}

interface Issue {
  readonly path: string;
  readonly message: string;
  readonly input: unknown;
  readonly code: string | undefined;
}

function firstIssue(error: z.ZodError): Issue {
  const issue = error.issues[0];
  const path = issue?.path.join('.') || 'params';
  return { path, message: issue?.message ?? 'invalid', input: issue?.input, code: issue?.code };
}

/** Error numbers that `vscode-jsonrpc` makes up itself when the socket is gone. */
const LOCAL_ERRORS: readonly number[] = [
  ErrorCodes.MessageWriteError,
  ErrorCodes.MessageReadError,
  ErrorCodes.PendingResponseRejected,
  ErrorCodes.ConnectionInactive,
];

async function send(
  connection: MessageConnection,
  method: string,
  params: unknown,
  token: CancellationToken,
): Promise<unknown> {
  let listening: Disposable | undefined;
  // `vscode-jsonrpc` itself leaves requests without an answer when the socket closes.
  const closed = new Promise<never>((_resolve, reject) => {
    listening = connection.onClose(() => reject(new Error('The socket has closed.')));
  });
  try {
    return await Promise.race([connection.sendRequest(method, params, token), closed]);
  } catch (error) {
    if (error instanceof ResponseError && !LOCAL_ERRORS.includes(error.code)) {
      throw errorFromWire(error.message, error.data);
    }
    const lost = 'The connection to the sidecar was lost.';
    throw new CodedError('DISCONNECTED', lost, 'Connect again and retry.', { cause: error });
  } finally {
    listening?.dispose();
  }
}
