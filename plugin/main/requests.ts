/** Answers the UI's requests, one reply each, and cancels by id. */
import type { BridgeFailure, BridgeMethod, BridgeMethods, MainMessage, UiRequest } from '../bridge.js';
import { cancelledError, CodedError } from '../../protocol/errors.js';
import { failedInFigma } from './figma-errors.js';
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

  /**
   * Takes one message of the UI. What cannot be read is answered too, as far as it carries an id.
   *
   * @throws Error when Figma lets nothing through to the window any more.
   */
  async receive(raw: unknown): Promise<void> {
    let id: unknown;
    try {
      id = (raw as { id?: unknown } | null)?.id;
      const message = parseUiMessage(raw);
      if (message.type === 'cancel') this.running.delete(message.id);
      else this.deliver(await this.answer(message));
    } catch (error) {
      if (typeof id === 'number') this.deliver({ type: 'failure', id, error: toFailure(error) });
    }
  }

  private async answer({ id, method, params }: UiRequest): Promise<Answer> {
    this.running.add(id);
    const throwIfCancelled = (): void => {
      if (!this.running.has(id)) throw cancelledError();
    };
    try {
      const handle = this.handlers[method] as Handlers[BridgeMethod] as (
        params: unknown,
        context: RequestContext,
      ) => ReturnType<Handlers[BridgeMethod]>;
      const progress = (done: number, total: number): void =>
        this.tell({ type: 'progress', id, done, total });
      return { type: 'result', id, result: await handle(params, { throwIfCancelled, progress }) };
    } catch (error) {
      return { type: 'failure', id, error: toFailure(error, WORK[method]) };
    } finally {
      this.running.delete(id);
    }
  }

  /** An answer that does not get through is not worth the work that it is about, which is done. */
  private deliver(answer: Answer): void {
    try {
      this.post(answer);
    } catch (cause) {
      console.error(cause);
      const error = answer.type === 'failure' ? answer.error : ANSWER_LOST;
      this.post({ type: 'failure', id: answer.id, error });
    }
  }

  /** Nobody waits for it. */
  private tell(message: MainMessage): void {
    try {
      this.post(message);
    } catch (error) {
      console.warn(error);
    }
  }
}

type Answer = Extract<MainMessage, { readonly type: 'result' | 'failure' }>;

const ANSWER_LOST: BridgeFailure = {
  code: 'FIGMA_FAILED',
  message: 'Figma did not let the plugin’s answer through.',
  hint: 'What you asked for may be done: look at the canvas before you try again.',
};

/** What each request does, to follow "did not let the plugin". */
const WORK: Readonly<Record<BridgeMethod, string>> = {
  'ui-ready': 'look at what is selected',
  'read-image': 'read the image',
  'insert-outlines': 'insert the outlines',
  'insert-image': 'insert the picture',
  'separate-object': 'separate the object',
  'insert-tree': 'insert the objects',
  'list-layers': 'look for the layers of the image',
  'open-layer': 'open the layer',
  'update-outline': 'change the layer',
  'set-settings': 'keep its settings',
  'resize-window': 'resize its window',
  'select-nodes': 'select the layers',
  'show-window': 'show its window',
  notify: 'show a notice',
  close: 'close its window',
};

/** @param work As in `WORK`. */
function toFailure(error: unknown, work = 'do that'): BridgeFailure {
  const coded = error instanceof CodedError ? error : failedInFigma(error, work);
  if (coded) {
    if (coded.cause !== undefined) console.error(coded.cause);
    return { code: coded.code, message: coded.message, hint: coded.hint };
  }
  console.error(error);
  return {
    code: 'INTERNAL',
    message: 'Something unexpected happened inside Figma.',
    hint: 'Try again; if it happens again, close the plugin and open it anew.',
  };
}
