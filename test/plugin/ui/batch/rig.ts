/** A controller over a document and a sidecar that answer by themselves, but for what a test holds up or breaks. */
import type { ImageSource, LayerRef, OpenedLayer } from '../../../../plugin/bridge.js';
import type { QuickAction, SelectedImage, SeveralSelection } from '../../../../plugin/selection.js';
import type { Sidecar } from '../../../../plugin/ui/connection.js';
import type { DocumentHost } from '../../../../plugin/ui/document-host.js';
import type { Host } from '../../../../plugin/ui/host.js';
import { cancelledError } from '../../../../protocol/errors.js';
import type { CodedError } from '../../../../protocol/errors.js';
import { SCENE } from '../everything/support.js';
import { createController, predicted, PREPARED } from '../scripted-sidecar.js';
import { candidate, point, settle } from '../support.js';

/** Something that is asked for: a method of the sidecar, `image/upload`, or a verb of the document. */
type Name = string;

/** Lets each thing asked for go through, wait or fail. */
class Gate {
  /** What was asked, in order. */
  readonly log: string[] = [];
  private readonly faults = new Map<Name, CodedError[]>();
  private readonly held = new Set<Name>();
  private letGo: () => void = () => undefined;

  /** The next of these fail. */
  break(name: Name, ...errors: CodedError[]): void {
    this.faults.set(name, errors);
  }

  /** The next one waits for `release`, or until it is called off. */
  hold(name: Name): void {
    this.held.add(name);
  }

  async release(): Promise<void> {
    this.letGo();
    await flush();
  }

  async pass(name: Name, signal?: AbortSignal): Promise<void> {
    this.log.push(name);
    if (this.held.delete(name)) {
      await new Promise<void>((resolve, reject) => {
        this.letGo = resolve;
        signal?.addEventListener('abort', () => reject(cancelledError()));
      });
    }
    const fault = this.faults.get(name)?.shift();
    if (fault) throw fault;
  }
}

const SIZE = { width: 100, height: 80 };

export class AnsweringSidecar implements Sidecar {
  readonly params: Record<string, Record<string, unknown>[]> = {};

  constructor(private readonly gate: Gate) {}

  readonly call = (async (
    { method }: { method: string },
    params: Record<string, unknown>,
    { signal }: { signal?: AbortSignal } = {},
  ) => {
    (this.params[method] ??= []).push(params);
    await this.gate.pass(method, signal);
    return this.answer(method, params);
  }) as unknown as Sidecar['call'];

  async upload(_bytes: Uint8Array, signal: AbortSignal) {
    await this.gate.pass('image/upload', signal);
    return { id: 'uploaded', ...SIZE };
  }

  private answer(method: string, params: Record<string, unknown>): unknown {
    switch (method) {
      case 'image/open':
        return { known: true };
      case 'image/prepare':
        return { ...PREPARED, image: { id: 'hash', ...SIZE } };
      case 'mask/all':
        return { masks: SCENE };
      default: {
        const { candidates, ...answer } = predicted();
        // The third is the house, which is the largest object of the scene.
        const rles = [SCENE[1], SCENE[3], SCENE[0]].map((mask) => mask!.rle);
        return {
          ...answer,
          candidates: candidates.map((each, i) => ({
            ...each,
            ...(params['rle'] === true && { rle: rles[i]! }),
          })),
        };
      }
    }
  }
}

class FakeDocument implements DocumentHost {
  quick: QuickAction | undefined;
  readonly inserted: { nodeId: string; style: string; made: unknown }[] = [];
  readonly updated: { nodeId: string; outline: unknown }[] = [];
  readonly notices: { message: string; error?: boolean; stays?: boolean }[] = [];
  readonly selected: string[][] = [];
  shown = 0;
  existing: readonly (LayerRef & { found?: unknown })[] = [];

  constructor(private readonly gate: Gate) {}

  quickAction = () => Promise.resolve(this.quick);

  async readImage({ nodeId, revision }: SelectedImage, { signal }: { signal: AbortSignal }) {
    await this.gate.pass(`read ${nodeId}`, signal);
    const source: ImageSource = { nodeId, imageHash: 'h', pixelsPerUnit: 1, revision };
    return { source, bytes: Uint8Array.of(1) };
  }

  async insertOutline(
    { nodeId }: ImageSource,
    style: string,
    outline: unknown,
    { signal }: { signal: AbortSignal },
  ) {
    await this.gate.pass('insert', signal);
    this.inserted.push({ nodeId, style, made: outline });
    return [{ nodeId: `new ${this.inserted.length}`, name: `Outline of ${nodeId}` }];
  }

  async insertTree(
    { nodeId }: ImageSource,
    style: string,
    layers: readonly unknown[],
    { signal }: { signal: AbortSignal },
  ) {
    await this.gate.pass('insert', signal);
    this.inserted.push({ nodeId, style, made: layers });
    return layers.map((_, i) => ({ nodeId: `${nodeId} ${i}`, name: `Region ${i}` }));
  }

  async listLayers() {
    await this.gate.pass('list');
    return this.existing as never;
  }

  async openLayer(_source: ImageSource, nodeId: string): Promise<OpenedLayer> {
    await this.gate.pass('open');
    return { nodeId, name: nodeId, prompts: [point(3, 4)], model: 'old', tolerancePx: 1.5, refine: false };
  }

  async updateOutline(
    _source: ImageSource,
    nodeId: string,
    outline: unknown,
    { signal }: { signal: AbortSignal },
  ) {
    await this.gate.pass('update', signal);
    this.updated.push({ nodeId, outline });
    return [{ nodeId, name: nodeId }];
  }

  select = async (layers: readonly LayerRef[]) => {
    this.selected.push(layers.map(({ nodeId }) => nodeId));
  };
  notify = (message: string, options: object = {}) => void this.notices.push({ message, ...options });
  show = () => void this.shown++;
}

export const image = (nodeId: string): SelectedImage => ({
  nodeId,
  name: nodeId,
  revision: 'r',
  pixels: SIZE,
});

export const several = (...names: readonly string[]): SeveralSelection => ({
  kind: 'several',
  count: names.length,
  images: names.map(image),
  layers: [],
  others: [],
});

/** Outline path that the sidecar answers with. */
export const PATH = candidate(1).outline.path;

export function openBatch(
  more: Partial<Host> = {},
  quick?: QuickAction,
  time: { readonly wait?: () => Promise<void>; readonly now?: () => number } = {},
) {
  const gate = new Gate();
  const document = new FakeDocument(gate);
  document.quick = quick;
  const sidecar = new AnsweringSidecar(gate);
  const { store, controller } = createController({ document, ...more }, undefined, undefined, time);
  return { store, controller, gate, document, sidecar, run: () => store.state.batch.run! };
}

/** Lets all that can go on go on. */
export async function flush(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await settle();
}
