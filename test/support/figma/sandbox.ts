/**
 * Runs inside QuickJS before the plugin's code: puts the globals of Figma's sandbox in place and lets the test
 * outside reach the document. Strings and ArrayBuffers are all that crosses.
 */
import { createFigmaApi } from './api.js';
import { packMessage, unpackMessage } from './checks.js';
import { FigmaDocument } from './document.js';
import { dumpDocument } from './history.js';
import type { ApiCall, Fault } from './faults.js';
import { dump } from './tree.js';
import type {
  BoundsMode,
  DocumentDump,
  EditorType,
  ExportJob,
  FoundNode,
  HostEvent,
  Launch,
  NodeDump,
  NodeSpec,
  StoredImage,
} from './types.js';

/** Functions of the host outside. */
interface Outside {
  emit(json: string, ...buffers: ArrayBuffer[]): void;
  render(ticket: number, job: string): void;
  setTimeout(ticket: number, ms: number): void;
  readonly bounds: BoundsMode;
  readonly editor: EditorType;
}

/** What the outside may ask, by name. */
export interface SandboxCommands {
  build(specs: readonly NodeSpec[], page?: string): Record<string, string>;
  addImage(hash: string, image: StoredImage): void;
  select(ids: readonly string[]): void;
  goToPage(name: string): void;
  remove(id: string): void;
  duplicate(id: string): string;
  clear(): void;
  change(id: string, fields: Record<string, unknown>): void;
  receive(message: unknown): void;
  ran(launch: Launch): void;
  suggest(key: string, query: string): unknown;
  store(key: string, value: unknown): void;
  arrange(fault?: Fault): void;
  calls(): readonly ApiCall[];
  setMark(): void;
  goToMark(): void;
  undo(): void;
  close(): void;
  node(id: string): NodeDump;
  find(id: string): FoundNode;
  document(): DocumentDump;
  state(): unknown;
}

const global_ = globalThis as unknown as Record<string, unknown>;
const outside = global_['__outside'] as Outside;
delete global_['__outside'];

const waiting = new Map<number, { callback: (...args: never[]) => void; repeat: boolean }>();
let tickets = 0;

function startTimer(callback: () => void, ms: number, repeat: boolean): number {
  const ticket = ++tickets;
  waiting.set(ticket, { callback, repeat });
  outside.setTimeout(ticket, ms);
  return ticket;
}

const document = new FigmaDocument(outside.bounds, outside.editor);
const api = createFigmaApi(document, {
  emit: (event: HostEvent) => {
    const { json, bytes } = packMessage(event);
    outside.emit(json, ...bytes.map((part) => part.slice().buffer as ArrayBuffer));
  },
  render: (job: ExportJob) =>
    new Promise((resolve, reject) => {
      const ticket = ++tickets;
      const callback = (error: string, bytes: ArrayBuffer): void =>
        error === '' ? resolve(new Uint8Array(bytes)) : reject(new Error(`in exportAsync: ${error}`));
      waiting.set(ticket, { callback, repeat: false });
      outside.render(ticket, JSON.stringify(job));
    }),
  defer: (callback) => void startTimer(callback, 0, false),
  stop: () => waiting.clear(),
});

function find(id: string) {
  const record = document.find(id);
  if (!record) throw new Error(`The document has no node ${id}`);
  return record;
}

const commands: SandboxCommands = {
  build: (specs, page) => {
    const parent = page ? document.addPage(page) : document.currentPage;
    const ids: Record<string, string> = {};
    for (const spec of specs) document.build(spec, parent, ids);
    return ids;
  },
  addImage: (hash, image) => void document.images.set(hash, image),
  select: (ids) => {
    document.selections.set(document.currentPage, ids.map(find));
    api.selectionChanged();
  },
  goToPage: (name) => {
    document.currentPage = document.pages.find((page) => page.name === name)!;
    api.pageChanged();
  },
  remove: (id) => document.remove(find(id)),
  duplicate: (id) => document.duplicate(find(id)).id,
  clear: () => document.clear(),
  change: (id, fields) => void Object.assign(find(id), fields),
  receive: (message) => api.receive(message),
  ran: (launch) => api.ran(launch),
  suggest: (key, query) => api.suggest(key, query),
  store: (key, value) => void api.storage.set(key, value),
  arrange: (fault) => document.log.arrange(fault),
  calls: () => document.log.calls,
  setMark: () => document.setMark(),
  goToMark: () => document.goToMark(),
  undo: () => document.undo(),
  close: () => api.close(),
  node: (id) => dump(find(id)),
  find: (id) => {
    const record = find(id);
    const parent = record.parent!;
    return {
      node: dump(record),
      parent: parent.type === 'PAGE' ? undefined : parent.id,
      siblings: parent.children.map((sibling) => sibling.id),
    };
  },
  document: () => dumpDocument(document),
  state: () => ({
    ...dumpDocument(document),
    commits: document.commits,
    storage: Object.fromEntries(api.storage),
  }),
};

Object.assign(globalThis, {
  figma: api.figma,
  setTimeout: (callback: () => void, ms = 0) => startTimer(callback, ms, false),
  setInterval: (callback: () => void, ms = 0) => startTimer(callback, ms, true),
  clearTimeout: (ticket: number) => void waiting.delete(ticket),
  clearInterval: (ticket: number) => void waiting.delete(ticket),
  console: Object.fromEntries(
    ['log', 'info', 'warn', 'error'].map((level) => [
      level,
      (...args: unknown[]) =>
        outside.emit(JSON.stringify({ type: 'console', level, text: args.map(String).join(' ') })),
    ]),
  ),
  /** @returns What happens in here next: the host's way in, taken away before the plugin's code runs. */
  __inside: {
    command: (name: keyof SandboxCommands, json: string, ...buffers: ArrayBuffer[]): string => {
      const args = unpackMessage(
        json,
        buffers.map((buffer) => new Uint8Array(buffer)),
      ) as never[];
      return JSON.stringify((commands[name] as (...args: never[]) => unknown)(...args) ?? null);
    },
    resume: (ticket: number, ...args: never[]): void => {
      const entry = waiting.get(ticket);
      if (!entry?.repeat) waiting.delete(ticket);
      entry?.callback(...args);
    },
  },
});
