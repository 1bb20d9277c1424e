/** The whole interface in a page, with a sidecar and a document that the test holds the strings of: `openStand`. */
import '@create-figma-plugin/ui/css/base.css';
import '../../../../../plugin/ui/theme.css';
import '../../../../../plugin/ui/app.css';
import '../../../../../plugin/ui/everything/everything.css';
import '../../../../../plugin/ui/batch/batch.css';
import { render } from 'preact';
import type { ExistingLayer } from '../../../../../plugin/bridge.js';
import { App } from '../../../../../plugin/ui/app.js';
import { createCommands } from '../../../../../plugin/ui/commands.js';
import { Controller } from '../../../../../plugin/ui/controller.js';
import { decodePixels } from '../../../../../plugin/ui/decode-pixels.js';
import type { Host, Offer, TreeResult } from '../../../../../plugin/ui/host.js';
import { INITIAL_STATE } from '../../../../../plugin/ui/state.js';
import { Store } from '../../../../../plugin/ui/store.js';
import { cancelledError } from '../../../../../protocol/errors.js';
import type { FoundMask } from '../../../../../protocol/everything.js';
import { decodeBase64 } from '../../../../../protocol/base64.js';
import { foundScene } from '../../../../support/found-scene.js';
import { ONLINE } from '../../support.js';
import { FakeSidecar } from './fake-sidecar.js';

/** What a test asks for. */
export interface StandOptions {
  readonly host: 'figma' | 'workbench';
  readonly name?: string;
  /** An image file as base64, with what is in it; otherwise a grid of shapes is made. */
  readonly image?: string;
  readonly masks?: readonly FoundMask[];
  readonly size?: { readonly width: number; readonly height: number };
  readonly cells?: { readonly columns: number; readonly rows: number };
  readonly manual?: boolean;
  readonly perMessage?: number;
}

export class Stand {
  readonly inserted: { style: string; tree: TreeResult }[] = [];
  readonly saved: { format: string; tree: TreeResult }[] = [];
  layers: readonly ExistingLayer[] = [];
  /** Insertions wait for `finishInsertion`. */
  slowInsertion = false;
  finishInsertion: () => void = () => undefined;
  readonly store = new Store(INITIAL_STATE);
  readonly controller: Controller;
  sidecar: FakeSidecar;
  private readonly masks: readonly FoundMask[];
  private offer: (offer: Offer) => void = () => undefined;

  constructor(readonly options: StandOptions) {
    const { size = { width: 1200, height: 800 }, cells = { columns: 4, rows: 3 } } = options;
    this.masks = options.masks ?? foundScene(size, cells);
    this.sidecar = this.makeSidecar();
    const host = this.makeHost();
    this.controller = new Controller({
      store: this.store,
      host,
      decodePixels,
      hashBytes: () => Promise.resolve('a'.repeat(64)),
      view: 'stand',
      beforeRefining: () => Promise.resolve(),
      now: () => 0,
      wait: () => Promise.resolve(),
    });
    const commands = createCommands(this.store, this.controller, host);
    const nothing = () => undefined;
    const connection = { submitCode: nothing, renewCode: nothing, retryNow: nothing, forget: nothing };
    host.onOffer((offer) => void this.controller.offer(offer));
    render(<App store={this.store} host={host} commands={commands} connection={connection} />, document.body);
    this.controller.linkChanged(ONLINE, this.sidecar);
  }

  async open(name = this.options.name ?? 'photo.jpg'): Promise<void> {
    const { image, size = { width: 1200, height: 800 } } = this.options;
    const bytes = image === undefined ? await paint(size) : decodeBase64(image);
    this.offer({ kind: 'image', key: name, name, read: () => Promise.resolve(bytes) });
  }

  breakOff(): void {
    this.sidecar.breakOff();
    this.controller.linkChanged({ kind: 'searching' });
  }

  comeBack(): void {
    this.sidecar = this.makeSidecar();
    this.controller.linkChanged(ONLINE, this.sidecar);
  }

  private makeSidecar(): FakeSidecar {
    const sidecar = new FakeSidecar(this.masks);
    sidecar.manual = this.options.manual ?? false;
    sidecar.perMessage = this.options.perMessage ?? 4;
    return sidecar;
  }

  private makeHost(): Host {
    const common = {
      clientName: 'Stand',
      settings: { load: () => Promise.resolve({}), save: () => undefined },
      onOffer: (listener: (offer: Offer) => void) => {
        this.offer = listener;
        return { dispose: () => undefined };
      },
      deliver: () => Promise.resolve('Done.'),
    };
    if (this.options.host === 'workbench') {
      return {
        ...common,
        kind: 'workbench',
        deliveries: ['svg', 'cutout', 'copySvg', 'geojson'],
        openFile: () => undefined,
        saveTree: async (format, tree) => {
          await tree.exportAs(format);
          this.saved.push({ format, tree });
          return 'Saved photo layers.';
        },
      };
    }
    return {
      ...common,
      kind: 'figma',
      deliveries: ['insert'],
      resize: () => undefined,
      listLayers: () => Promise.resolve(this.layers),
      insertTree: async (style, tree, { signal, onProgress }) => {
        onProgress(1, tree.masks.length);
        if (this.slowInsertion) {
          await new Promise<void>((resolve, reject) => {
            this.finishInsertion = resolve;
            signal.addEventListener('abort', () => reject(cancelledError()));
          });
        }
        this.inserted.push({ style, tree });
        return `Inserted ${tree.masks.length} layers.`;
      },
    };
  }
}

/** A photograph's worth of colours, as a file. */
async function paint({ width, height }: { width: number; height: number }): Promise<Uint8Array> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d')!;
  const ground = context.createLinearGradient(0, 0, width, height);
  ground.addColorStop(0, '#6b8f71');
  ground.addColorStop(1, '#c8a060');
  context.fillStyle = ground;
  context.fillRect(0, 0, width, height);
  const blob = await canvas.convertToBlob({ type: 'image/jpeg' });
  return new Uint8Array(await blob.arrayBuffer());
}

Object.assign(window, {
  openStand: async (options: StandOptions) => {
    render(null, document.body);
    const stand = new Stand(options);
    Object.assign(window, { stand });
    await stand.open();
  },
});
