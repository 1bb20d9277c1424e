/** A sidecar inside the page: it knows what is in the image, and tells it piece by piece. */
import { cancelledError, CodedError } from '../../../../../protocol/errors.js';
import type { FoundMask, Resume } from '../../../../../protocol/everything.js';
import type { ExportFormat } from '../../../../../protocol/methods.js';
import type { Sidecar } from '../../../../../plugin/ui/connection.js';
import type { CallOptions } from '../../../../../plugin/ui/sidecar-client.js';
import { streamFound } from '../../../../support/fake-everything.js';

interface Call {
  readonly method: string;
  readonly params: Record<string, unknown>;
}

export class FakeSidecar implements Sidecar {
  readonly calls: Call[] = [];
  /** Messages of a run come one at a call of `step`, or as fast as they can. */
  manual = false;
  perMessage = 4;
  /** Thrown by the next run instead of an answer. */
  failure: CodedError | undefined;
  private readonly waiting = new Set<() => void>();
  private readonly broken = new AbortController();

  constructor(private readonly masks: readonly FoundMask[]) {}

  readonly call = (async (
    { method }: { method: string },
    params: Record<string, unknown>,
    options: CallOptions = {},
  ) => {
    this.calls.push({ method, params });
    const gone = new Promise<never>((_resolve, reject) => {
      const disconnected = new CodedError('DISCONNECTED', 'Lost.', 'Wait.');
      this.broken.signal.addEventListener('abort', () => reject(disconnected));
      options.signal?.addEventListener('abort', () => reject(cancelledError()));
    });
    return Promise.race([this.answer(method, params, options), gone]);
  }) as unknown as Sidecar['call'];

  upload(): Promise<{ id: string; width: number; height: number }> {
    return Promise.resolve({ id: 'a'.repeat(64), width: 1, height: 1 });
  }

  /** Lets the next message of a run come. */
  step(): void {
    for (const go of this.waiting) go();
    this.waiting.clear();
  }

  /** The socket closes, as when the sidecar is killed. */
  breakOff(): void {
    this.broken.abort();
  }

  private async answer(
    method: string,
    params: Record<string, unknown>,
    options: CallOptions,
  ): Promise<unknown> {
    switch (method) {
      case 'image/open':
        return { known: true };
      case 'image/prepare':
        return { device: 'cpu' };
      case 'mask/all':
        return { masks: await this.find(params['resume'] as Resume | undefined, options) };
      case 'export/all':
        return {
          bytes: new Uint8Array([60]),
          mimeType: 'text/plain',
          extension: params['format'] as ExportFormat,
        };
      default:
        return this.predict();
    }
  }

  private find(resume: Resume | undefined, { signal, onProgress }: CallOptions): Promise<FoundMask[]> {
    const { failure } = this;
    this.failure = undefined;
    if (failure) return Promise.reject(failure);
    return streamFound(this.masks, {
      signal: AbortSignal.any([signal!, this.broken.signal]),
      resume,
      perMessage: this.perMessage,
      onProgress: (progress) => onProgress?.(progress),
      pause: () => (this.manual ? new Promise((resolve) => this.waiting.add(resolve)) : Promise.resolve()),
    });
  }

  private predict() {
    const [mask] = this.masks;
    return { candidates: [{ ...mask, rank: 1 }], chosen: 1, state: 'state', cache: 'hit' };
  }
}
