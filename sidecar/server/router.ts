/** Methods → engine calls, each with a signal of its own. */
import type { Logger } from 'pino';
import type { Disposable, MessageConnection } from 'vscode-jsonrpc';
import type { z } from 'zod';
import packageJson from '../../package.json' with { type: 'json' };
import { CodedError } from '../../protocol/errors.js';
import { exportAll, maskAll } from '../../protocol/everything-methods.js';
import {
  exportObject,
  imageOpen,
  imagePrepare,
  imageUpload,
  initialize,
  maskPredict,
  maskTrace,
  shutdown,
} from '../../protocol/methods.js';
import type { MethodDefinition, ResultOf } from '../../protocol/method-parts.js';
import { MAX_PROMPTS } from '../../protocol/prompt.js';
import { handleMethod, responseError } from '../../protocol/rpc.js';
import type { CallContext } from '../../protocol/rpc.js';
import { agreeOnProtocol } from '../../protocol/version.js';
import type { Engine, EngineCall } from '../engine/engine.js';
import type { Requests } from '../observe/requests.js';
import { untilAborted } from '../until-aborted.js';
import type { Limits } from './limits.js';

export interface RouterContext {
  readonly engine: Engine;
  readonly limits: Limits;
  readonly requests: Requests;
}

/** Serves any number of connections. */
export class Router {
  /** Cancels the latest prediction of each view, by client and view. */
  private readonly views = new Map<string, () => void>();
  /** How much work of each client has not ended, whether or not it is answered. */
  private readonly loads = new Map<string, number>();

  constructor(private readonly context: RouterContext) {}

  /**
   * Answers a connection's requests until the session is disposed.
   *
   * @param client Id of the paired client at the other end.
   * @param logger Names the connection in each line.
   */
  serve(connection: MessageConnection, client: string, logger: Logger): Session {
    return new Session(
      { ...this.context, logger },
      { views: this.views, loads: this.loads },
      connection,
      client,
    );
  }
}

/** What the sessions have in common. */
interface Shared {
  readonly views: Map<string, () => void>;
  readonly loads: Map<string, number>;
}

/** One connection, from `initialize` to `shutdown`. Disposing it cancels its work. */
export class Session implements Disposable {
  private phase: 'new' | 'ready' | 'ended' = 'new';
  /** The work under way, by what cancels it. */
  private readonly running = new Map<() => void, Promise<unknown>>();

  constructor(
    private readonly context: RouterContext & { readonly logger: Logger },
    private readonly shared: Shared,
    private readonly connection: MessageConnection,
    private readonly client: string,
  ) {
    const { engine } = context;
    this.answer(initialize, async ({ protocol }) => this.initialize(protocol));
    this.answer(shutdown, () => this.end());
    this.work(imageOpen, (params, call) => engine.openImage(params, call));
    this.work(imageUpload, (params, call) => engine.uploadImage(params, call));
    this.work(imagePrepare, (params, call, { progress }) =>
      engine.prepare(params, { ...call, onProgress: progress }),
    );
    this.work(maskPredict, (params, call, { cancel, progress }) =>
      this.replaceView(params.view, cancel, () => engine.predict(params, { ...call, onChosen: progress })),
    );
    this.work(maskTrace, (params, call) => engine.trace(params, call));
    this.work(exportObject, (params, call) => engine.exportObject(params, call));
    this.work(maskAll, (params, call, { progress }) =>
      engine.findEverything(params, { ...call, onProgress: progress }),
    );
    this.work(exportAll, (params, call) => engine.exportTree(params, call));
    connection.onRequest((method: string) => {
      const unknown = `There is no method ${method.slice(0, 100)}.`;
      const error = new CodedError('METHOD_UNKNOWN', unknown, 'protocol/README.md lists the methods.');
      const watch = context.requests.begin('unknown', context.logger);
      watch.finish(error);
      return responseError(error, watch.id);
    });
  }

  /** Cancels what is under way and waits until it has let go. */
  async cancelAll(): Promise<void> {
    for (const cancel of this.running.keys()) cancel();
    await Promise.allSettled(this.running.values());
  }

  dispose(): void {
    this.phase = 'ended';
    void this.cancelAll();
  }

  private answer<P extends z.ZodType, R extends z.ZodType>(
    definition: MethodDefinition<P, R>,
    handler: (params: z.output<P>, context: CallContext) => Promise<z.input<R>>,
  ): void {
    const { requests, logger } = this.context;
    handleMethod(this.connection, definition, handler, () => requests.begin(definition.method, logger));
  }

  /**
   * Answers a method that needs the engine: only between `initialize` and `shutdown`, and cancelled with them. Whoever
   * cancels is answered at once; that the work may take longer to let go is for `start` to count.
   */
  private work<P extends z.ZodType, R extends z.ZodType>(
    definition: MethodDefinition<P, R>,
    handler: (params: z.output<P>, call: EngineCall, context: CallContext) => Promise<z.input<R>>,
  ): void {
    this.answer(definition, async (params, context) => {
      this.requireReady();
      const { cancel, signal } = context;
      // Nothing more is said of a request that has its answer.
      const progress = (value: unknown) => void (signal.aborted || context.progress(value));
      const work = () => handler(params, { signal, client: this.client }, { ...context, progress });
      return await untilAborted(signal, this.start(cancel, work));
    });
  }

  /**
   * Starts work, which counts against its client until it has ended: cancelling must not make room for more than the
   * client may have waiting.
   *
   * @throws CodedError BUSY
   */
  private start<T>(cancel: () => void, work: () => Promise<T>): Promise<T> {
    const { loads } = this.shared;
    const load = loads.get(this.client) ?? 0;
    if (load >= this.context.limits.pendingPerClient) {
      const many = `${load} requests of this client have not ended yet.`;
      throw new CodedError('BUSY', many, 'Wait until what was cancelled has let go.');
    }
    loads.set(this.client, load + 1);
    const result = work();
    this.running.set(cancel, result);
    const end = () => {
      this.running.delete(cancel);
      const left = loads.get(this.client)! - 1;
      if (left > 0) loads.set(this.client, left);
      else loads.delete(this.client);
    };
    void result.then(end, end);
    return result;
  }

  private initialize(clientProtocol: number): ResultOf<typeof initialize> {
    if (this.phase !== 'new') {
      const twice = 'This connection has been initialized already.';
      throw new CodedError('REQUEST_INVALID', twice, 'Send initialize once, or open another connection.');
    }
    const protocol = agreeOnProtocol(clientProtocol);
    this.phase = 'ready';
    const { engine, limits } = this.context;
    const { models, exports, imagePixels } = engine.describe();
    return {
      protocol,
      server: { name: packageJson.name, version: packageJson.version },
      capabilities: { exports: [...exports], encodings: ['json', 'msgpack'] },
      models,
      limits: {
        imageBytes: limits.imageBytes,
        imagePixels,
        messageBytes: limits.messageBytes,
        prompts: MAX_PROMPTS,
      },
    };
  }

  private async end(): Promise<null> {
    this.requireReady();
    this.phase = 'ended';
    await this.cancelAll();
    return null;
  }

  private requireReady(): void {
    if (this.phase === 'new') {
      const early = 'The connection has not been initialized.';
      throw new CodedError('NOT_INITIALIZED', early, 'Send initialize first.');
    }
    if (this.phase === 'ended') {
      throw new CodedError('SHUTTING_DOWN', 'The connection is being closed.', 'Open another one.');
    }
  }

  /** Runs a prediction; one that is still running for the same client and view is answered with CANCELLED. */
  private async replaceView<T>(
    view: string | undefined,
    cancel: () => void,
    predict: () => Promise<T>,
  ): Promise<T> {
    if (view === undefined) return predict();
    const key = `${this.client} ${view}`;
    this.shared.views.get(key)?.();
    this.shared.views.set(key, cancel);
    try {
      return await predict();
    } finally {
      if (this.shared.views.get(key) === cancel) this.shared.views.delete(key);
    }
  }
}
