/** What the server needs of whoever does the work: one method for each protocol method that needs some. */
import type { EverythingProgress } from '../../protocol/everything.js';
import type { exportAll, maskAll } from '../../protocol/everything-methods.js';
import type { ParamsOf, ResultOf } from '../../protocol/method-parts.js';
import type {
  ExportFormat,
  exportObject,
  imageOpen,
  imagePrepare,
  imageUpload,
  initialize,
  maskPredict,
  maskTrace,
  PredictProgress,
  PrepareProgress,
} from '../../protocol/methods.js';

/** What comes with every request besides its parameters. */
export interface EngineCall {
  /** Aborted when the client cancels, goes away, or asks anew for the same view. Reject with CANCELLED then. */
  readonly signal: AbortSignal;
  /** Id of the paired client that asks; only so many requests of one client may wait in a queue. */
  readonly client: string;
}

export interface PrepareCall extends EngineCall {
  readonly onProgress?: (progress: PrepareProgress) => void;
}

export interface PredictCall extends EngineCall {
  /** Hears of the chosen candidate before the others are traced. */
  readonly onChosen?: (first: PredictProgress) => void;
}

export interface EverythingEngineCall extends EngineCall {
  readonly onProgress?: (progress: EverythingProgress) => void;
}

/** What `initialize` says about the engine. */
export interface EngineDescription {
  readonly models: ResultOf<typeof initialize>['models'];
  readonly exports: readonly ExportFormat[];
  /** Most pixels an image may have. */
  readonly imagePixels: number;
}

/** Every method rejects with a CodedError from its definition's list, or with CANCELLED. */
export interface Engine {
  /** When whoever is refused now had better ask again. */
  readonly retryAfterMs: number;
  describe(): EngineDescription;
  openImage(params: ParamsOf<typeof imageOpen>, call: EngineCall): Promise<ResultOf<typeof imageOpen>>;
  uploadImage(params: ParamsOf<typeof imageUpload>, call: EngineCall): Promise<ResultOf<typeof imageUpload>>;
  prepare(params: ParamsOf<typeof imagePrepare>, call: PrepareCall): Promise<ResultOf<typeof imagePrepare>>;
  predict(params: ParamsOf<typeof maskPredict>, call: PredictCall): Promise<ResultOf<typeof maskPredict>>;
  trace(params: ParamsOf<typeof maskTrace>, call: EngineCall): Promise<ResultOf<typeof maskTrace>>;
  exportObject(
    params: ParamsOf<typeof exportObject>,
    call: EngineCall,
  ): Promise<ResultOf<typeof exportObject>>;
  findEverything(
    params: ParamsOf<typeof maskAll>,
    call: EverythingEngineCall,
  ): Promise<ResultOf<typeof maskAll>>;
  exportTree(params: ParamsOf<typeof exportAll>, call: EngineCall): Promise<ResultOf<typeof exportAll>>;
}
