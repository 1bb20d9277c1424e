/** One connection to the sidecar, as the rest of the interface uses it. */
import type { Disposable } from 'vscode-jsonrpc';
import type { z } from 'zod';
import type { MethodDefinition } from '../../protocol/method-parts.js';

export interface CallOptions {
  /** Aborting cancels the request on the other side too. */
  readonly signal?: AbortSignal;
  /** Hears the values of `$/progress` for this request. */
  readonly onProgress?: (value: unknown) => void;
}

export interface SidecarClient extends Disposable {
  /** Settles when the connection is over, for whatever reason. */
  readonly closed: Promise<void>;
  /**
   * Calls a method; parameters and result are validated.
   *
   * @throws CodedError whatever the sidecar answered, CANCELLED, or DISCONNECTED when the socket closed.
   */
  call<P extends z.ZodType, R extends z.ZodType>(
    method: MethodDefinition<P, R>,
    params: z.input<P>,
    options?: CallOptions,
  ): Promise<z.output<R>>;
}

/** Opens a socket with a one-time ticket. */
export type Dial = (origin: string, ticket: string, signal: AbortSignal) => Promise<SidecarClient>;
