/** Answers the UI's requests, one reply each, and cancels by id. */
import type { BridgeFailure, BridgeMethod, BridgeMethods, MainMessage, UiRequest } from '../bridge.js';
import { cancelledError, CodedError } from '../../protocol/errors.js';
import { parseUiMessage } from './parse-message.js';

/** What a running request may do besides its work. */
export interface RequestContext {
  /** Call after every await. @throws CodedError CANCELLED. */
  throwIfCancelled(): void;
  progress(done: number, total: number): void;
}

export type Handlers = {
  readonly [M in BridgeMethod]: (
    params: BridgeMethods[M]['params'],
    context: RequestContext,
  ) => BridgeMethods[M]['result'] | Promise<BridgeMethods[M]['result']>;
};

export class RequestRouter {
  private readonly running = new Set<number>();

  constructor(
    private readonly handlers: Handlers,
    private readonly post: (message: MainMessage) => void,
  ) {}

  /** Takes one message of the UI. What cannot be read is answered too, as far as it carries an id. */
  async receive(raw: unknown): Promise<void> {
    let id: unknown;
    try {
      id = (raw as { id?: unknown } | null)?.id;
      const message = parseUiMessage(raw);
      if (message.type === 'cancel') this.running.delete(message.id);
      else await this.answer(message);
    } catch (error) {
      if (typeof id === 'number') this.post({ type: 'failure', id, error: toFailure(error) });
    }
  }

  private async answer({ id, method, params }: UiRequest): Promise<void> {
    this.running.add(id);
    const throwIfCancelled = (): void => {
      if (!this.running.has(id)) throw cancelledError();
    };
    const progress = (done: number, total: number): void => this.post({ type: 'progress', id, done, total });
    try {
      const handle = this.handlers[method] as Handlers[BridgeMethod] as (
        params: unknown,
        context: RequestContext,
      ) => ReturnType<Handlers[BridgeMethod]>;
      const result = await handle(params, { throwIfCancelled, progress });
      this.post({ type: 'result', id, result });
    } finally {
      this.running.delete(id);
    }
  }
}

function toFailure(error: unknown): BridgeFailure {
  if (error instanceof CodedError) {
    if (error.cause !== undefined) console.error(error.cause);
    return { code: error.code, message: error.message, hint: error.hint };
  }
  console.error(error);
  return {
    code: 'INTERNAL',
    message: 'Something unexpected happened inside Figma.',
    hint: 'Try again; if it happens again, close the plugin and open it anew.',
  };
}
