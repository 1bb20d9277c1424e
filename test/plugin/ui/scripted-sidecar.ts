/** A controller whose sidecar answers when the test says so. */
import { Controller, type ControllerOptions } from '../../../plugin/ui/controller.js';
import type { Sidecar } from '../../../plugin/ui/connection.js';
import type { Host, Offer, OutlineResult } from '../../../plugin/ui/host.js';
import { INITIAL_STATE } from '../../../plugin/ui/state.js';
import { Store } from '../../../plugin/ui/store.js';
import { answerTo, NO_PIXELS, ONLINE, settle } from './support.js';

/** One request to the sidecar, for the test to answer when it likes. */
interface Request {
  readonly method: string;
  readonly params: Record<string, unknown>;
  readonly signal: AbortSignal | undefined;
  /** Sends `$/progress`. */
  progress(value: unknown): void;
  answer(result: unknown): Promise<void>;
  fail(error: Error): Promise<void>;
}

export class ScriptedSidecar implements Sidecar {
  readonly requests: Request[] = [];
  readonly uploads: Uint8Array[] = [];

  readonly call = ((
    { method }: { method: string },
    params: Record<string, unknown>,
    options?: { signal?: AbortSignal; onProgress?: (value: unknown) => void },
  ) =>
    new Promise((resolve, reject) => {
      this.requests.push({
        method,
        params,
        signal: options?.signal,
        progress: (value) => options?.onProgress?.(value),
        answer: (result) => (resolve(result), settle()),
        fail: (error) => (reject(error), settle()),
      });
    })) as unknown as Sidecar['call'];

  async upload(bytes: Uint8Array) {
    this.uploads.push(bytes);
    return { id: 'uploaded', width: 100, height: 80 };
  }

  get last(): Request {
    return this.requests.at(-1)!;
  }

  get methods(): string[] {
    return this.requests.map(({ method }) => method);
  }
}

/** Answers image/prepare. */
export const PREPARED = { device: 'cpu' };

/** Answers mask/predict with three candidates, the second suggested. */
export function predicted() {
  const { candidates, suggested } = answerTo([]);
  return { candidates, chosen: suggested, state: 'state' };
}

/** What mask/predict tells before it answers: the suggested candidate. */
export function outlined() {
  const { candidates, suggested } = answerTo([]);
  return { candidate: candidates[suggested - 1]!, offered: candidates.length };
}

/** A controller in a page that takes every outline and keeps it in `delivered`. */
export function createController(
  extras: Partial<Host> = {},
  pixels = NO_PIXELS,
  beforeRefining: ControllerOptions['beforeRefining'] = () => Promise.resolve(),
  {
    wait = () => new Promise<void>(() => undefined),
    now = () => 0,
  }: Partial<Pick<ControllerOptions, 'wait' | 'now'>> = {},
) {
  const store = new Store(INITIAL_STATE);
  const delivered: OutlineResult[] = [];
  const hashed: Uint8Array[] = [];
  const host: Host = {
    kind: 'workbench',
    clientName: 'Test',
    deliveries: ['svg'],
    settings: { load: () => Promise.resolve({ toleranceFactor: 2 }), save: () => undefined },
    onOffer: () => ({ dispose: () => undefined }),
    deliver(_kind, result) {
      delivered.push(result);
      return Promise.resolve('Saved.');
    },
    openFile: () => undefined,
    ...extras,
  };
  const controller = new Controller({
    store,
    host,
    view: 'view',
    beforeRefining,
    now,
    wait,
    decodePixels: () => Promise.resolve(pixels),
    hashBytes(bytes) {
      hashed.push(bytes);
      return Promise.resolve('hash');
    },
  });
  return { store, controller, host, delivered, hashed };
}

export function imageOffer(key: string): Offer {
  return { kind: 'image', key, name: key, read: () => Promise.resolve(new Uint8Array([1])) };
}

/** Opens an image that the sidecar knows and prepares it. */
export async function openKnownImage(controller: Controller, sidecar: ScriptedSidecar): Promise<void> {
  controller.linkChanged(ONLINE, sidecar);
  await controller.offer(imageOffer('photo.jpg'));
  await settle();
  await sidecar.last.answer({ known: true });
  await sidecar.last.answer(PREPARED);
}

/** Loses the sidecar and finds another one, which has the open image ready. */
export async function reconnect(controller: Controller): Promise<ScriptedSidecar> {
  controller.linkChanged({ kind: 'searching' });
  const sidecar = new ScriptedSidecar();
  controller.linkChanged(ONLINE, sidecar);
  await settle();
  await sidecar.last.answer({ known: true });
  await sidecar.last.answer(PREPARED);
  return sidecar;
}
