/** The `figma` global, as far as the plugin may use it under `documentAccess: dynamic-page`. */
import type { FigmaDocument } from './document.js';
import { deepFreeze, packMessage } from './checks.js';
import type { CallLog } from './faults.js';
import { createHandles } from './handles.js';
import { recordOf } from './properties.js';
import type { NodeRecord } from './tree.js';
import type { ExportJob, HostEvent, Launch } from './types.js';

type Listener = (...args: unknown[]) => void;

interface NoticeOptions {
  readonly error?: boolean;
  readonly timeout?: number;
}

/** What the pretended API needs from outside of its sandbox. */
export interface Native {
  emit(event: HostEvent): void;
  render(job: ExportJob): Promise<Uint8Array>;
  /** Runs a callback after everything that is under way. */
  defer(callback: () => void): void;
  /** Nothing of what was under way goes on. */
  stop(): void;
}

export interface FigmaApi {
  readonly figma: object;
  readonly storage: Map<string, unknown>;
  /** A message from the UI. */
  receive(message: unknown): void;
  selectionChanged(): void;
  pageChanged(): void;
  /** The plugin's code has run: Figma says what it was run for. */
  ran(launch: Launch): void;
  /** What a parameter's values are suggested to be while the person types. */
  suggest(key: string, query: string): unknown;
  /** As when the person closes the plugin, or it closes itself. */
  close(): void;
}

/** Makes the global and what the test needs to drive it. */
export function createFigmaApi(document: FigmaDocument, native: Native): FigmaApi {
  const mixed = Symbol('figma.mixed');
  const listeners = new Listeners();
  const messages = new Listeners();
  const storage = new Map<string, unknown>();
  const selectionChanged = (): void => native.defer(() => listeners.fire('selectionchange'));
  const records = new WeakMap<object, NodeRecord>();
  const handle = createHandles({
    document,
    mixed,
    records,
    render: (job) => native.render(job),
    selectionChanged,
  });
  const { log } = document;
  const window = new PluginWindow(native, messages, log);
  const inputs = new Listeners();
  let shownNotices = 0;
  const figma = {
    mixed,
    editorType: document.editor,
    command: '',
    viewport: Object.freeze({
      bounds: Object.freeze({ x: -500.5, y: -300.25, width: 1000, height: 600 }),
      center: Object.freeze({ x: 0, y: 0 }),
      zoom: 1,
      scrollAndZoomIntoView: (nodes: readonly unknown[]) =>
        log.make('scrollAndZoomIntoView', false, () =>
          native.emit({ type: 'viewed', ids: nodes.map((node) => recordOf({ records }, node).id) }),
        ),
    }),
    parameters: Object.freeze({
      on: (name: string, listener: Listener) => inputs.add(name, listener),
      off: (name: string, listener: Listener) => inputs.remove(name, listener),
    }),
    ui: window.api,
    clientStorage: createClientStorage(document, storage),
    get currentPage() {
      return handle(document.currentPage);
    },
    root: createRoot(document),
    set currentPage(_: unknown) {
      throw new Error(
        'in set_currentPage: Cannot call with documentAccess: dynamic-page. Use figma.setCurrentPageAsync instead.',
      );
    },
    on: (name: string, listener: Listener) => {
      if (name === 'documentchange') {
        throw new Error('in on: Cannot register a documentchange handler before figma.loadAllPagesAsync');
      }
      listeners.add(name, listener);
    },
    off: (name: string, listener: Listener) => listeners.remove(name, listener),
    showUI: (html: string, options: Record<string, unknown> = {}) =>
      log.make('showUI', false, () => window.show(html, options)),
    setCurrentPageAsync: async (page: unknown) =>
      log.make('setCurrentPageAsync', false, () => {
        document.currentPage = recordOf({ records }, page);
        native.defer(() => listeners.fire('currentpagechange'));
      }),
    closePlugin: (message?: string) =>
      log.make('closePlugin', false, () => {
        if (message !== undefined) notify(message);
        close();
      }),
    notify: (message: string, options: NoticeOptions = {}) => notify(message, options),
    commitUndo: () => log.make('commitUndo', true, () => document.commitUndo()),
    group: (nodes: readonly unknown[], parent: unknown, index?: number) =>
      log.make('group', true, () => {
        const home = recordOf({ records }, parent);
        const grouped = nodes.map((node) => recordOf({ records }, node));
        return handle(document.group(grouped, home, index));
      }),
    createFrame: () => log.make('createFrame', true, () => handle(document.create('FRAME'))),
    createRectangle: () => log.make('createRectangle', true, () => handle(document.create('RECTANGLE'))),
    createVector: () => log.make('createVector', true, () => handle(document.create('VECTOR'))),
    getNodeById: () => {
      throw new Error(
        'in getNodeById: Cannot call with documentAccess: dynamic-page. Use figma.getNodeByIdAsync instead.',
      );
    },
    getNodeByIdAsync: async (id: string) =>
      log.make('getNodeByIdAsync', false, () => {
        const record = document.find(id);
        return record ? handle(record) : null;
      }),
    getImageByHash: (hash: string) => log.make('getImageByHash', false, () => openImage(document, hash)),
    createImage: (bytes: Uint8Array) =>
      log.make('createImage', true, () => {
        checkImage(bytes);
        return Object.freeze({ hash: `created-${bytes.length}` });
      }),
  };
  const notify = (message: string, { error = false, timeout = 3000 }: NoticeOptions = {}): object =>
    log.make('notify', false, () => {
      if (message.length > 100) throw new Error('in notify: Figma would cut the message off');
      const id = ++shownNotices;
      native.emit({ type: 'notice', id, message, error, stays: timeout === Infinity });
      const cancel = (): void => native.emit({ type: 'notice-gone', id });
      return Object.freeze({ cancel: () => log.make('cancel', false, cancel) });
    });
  const close = (): void => {
    listeners.fire('close');
    window.close();
    native.stop();
  };
  return {
    figma: Object.preventExtensions(figma),
    storage,
    receive: (message) => messages.fire('message', message, { origin: 'null' }),
    selectionChanged,
    pageChanged: () => native.defer(() => listeners.fire('currentpagechange')),
    ran: ({ command, parameters }) => {
      figma.command = command;
      listeners.fire('run', { command, parameters });
    },
    suggest: (key, query) => {
      let suggested: unknown;
      const result = { setSuggestions: (suggestions: unknown) => (suggested = suggestions) };
      inputs.fire('input', { key, query, parameters: {}, result });
      return suggested;
    },
    close,
  };
}

class Listeners {
  private readonly byName = new Map<string, Set<Listener>>();

  add(name: string, listener: Listener): void {
    this.byName.set(name, (this.byName.get(name) ?? new Set<Listener>()).add(listener));
  }

  remove(name: string, listener: Listener): void {
    this.byName.get(name)?.delete(listener);
  }

  fire(name: string, ...args: unknown[]): void {
    for (const listener of this.byName.get(name) ?? []) listener(...args);
  }
}

class PluginWindow {
  private open = false;
  private onmessage: Listener | undefined;
  readonly api: object;

  constructor(
    private readonly native: Native,
    messages: Listeners,
    log: CallLog,
  ) {
    messages.add('message', (...args) => this.onmessage?.(...args));
    const accessor = {
      get: () => this.onmessage,
      set: (listener: Listener | undefined) => void (this.onmessage = listener),
    };
    this.api = Object.preventExtensions(
      Object.defineProperty(
        {
          postMessage: (message: unknown) => log.make('postMessage', false, () => this.post(message)),
          resize: (width: number, height: number) =>
            log.make('resize', false, () => this.resize(width, height)),
          show: () => log.make('show', false, () => this.setVisible('show', true)),
          hide: () => this.setVisible('hide', false),
          on: (name: string, listener: Listener) => messages.add(name, listener),
          off: (name: string, listener: Listener) => messages.remove(name, listener),
        },
        'onmessage',
        accessor,
      ),
    );
  }

  show(html: string, options: Record<string, unknown>): void {
    if (typeof html !== 'string') throw new TypeError('in showUI: Expected the HTML of the window');
    this.open = true;
    this.native.emit({ type: 'window', options: { width: 300, height: 200, visible: true, ...options } });
  }

  close(): void {
    this.open = false;
    this.native.emit({ type: 'closed' });
  }

  private post(message: unknown): void {
    if (!this.open) throw new Error('in postMessage: No UI to send a message to');
    packMessage(message);
    this.native.emit({ type: 'message', message });
  }

  private setVisible(call: string, visible: boolean): void {
    if (!this.open) throw new Error(`in ${call}: No UI to ${call}`);
    this.native.emit({ type: 'window', options: { visible } });
  }

  private resize(width: number, height: number): void {
    if (!this.open) throw new Error('in resize: No UI to resize');
    if (!(width >= 70 && height >= 0)) throw new Error('in resize: Expected a width of at least 70');
    this.native.emit({ type: 'window', options: { width, height } });
  }
}

function createClientStorage({ log }: FigmaDocument, storage: Map<string, unknown>): object {
  return Object.preventExtensions({
    getAsync: async (key: string) => log.make('getAsync', false, () => deepFreeze(storage.get(key))),
    setAsync: async (key: string, value: unknown) =>
      log.make('setAsync', false, () => {
        const { json } = packMessage(value);
        if (json.length > 5_000_000) throw new Error('in setAsync: exceeds the quota of 5 MB');
        storage.set(key, JSON.parse(json));
      }),
    deleteAsync: async (key: string) => void storage.delete(key),
    keysAsync: async () => [...storage.keys()],
  });
}

/** `figma.root`: no node that the plugin has to do with, but what keeps data for the file. */
function createRoot({ log, fileData }: FigmaDocument): object {
  return Object.freeze({
    getPluginData: (key: string) => log.make('getPluginData', false, () => fileData.get(key) ?? ''),
    setPluginData: (key: string, value: string) =>
      log.make('setPluginData', true, () => {
        if (value === '') fileData.delete(key);
        else fileData.set(key, value);
      }),
  });
}

function openImage({ images, log }: FigmaDocument, hash: string): object | null {
  const image = images.get(hash);
  if (!image) return null;
  const { width, height, bytes } = image;
  const readSize = (): object => {
    if (width === 0) throw new Error('in getSizeAsync: Image data is not available');
    return { width, height };
  };
  return Object.freeze({
    hash,
    getSizeAsync: async () => log.make('getSizeAsync', false, readSize),
    getBytesAsync: async () => log.make('getBytesAsync', false, () => bytes ?? new Uint8Array()),
  });
}

/** PNG alone carries its size where it can be read in a line. */
function checkImage(bytes: Uint8Array): void {
  if (!(bytes instanceof Uint8Array)) throw new TypeError('in createImage: Expected a Uint8Array');
  const side = (at: number): number =>
    ((bytes[at]! * 256 + bytes[at + 1]!) * 256 + bytes[at + 2]!) * 256 + bytes[at + 3]!;
  if (bytes[1] === 0x50 && Math.max(side(16), side(20)) > 4096) {
    throw new Error('in createImage: Image is too large');
  }
}
