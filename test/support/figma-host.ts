/**
 * Figma as far as a plugin's main thread can tell: the built code.js in QuickJS, as Figma runs it, over a
 * pretended document that is strict where Figma is strict.
 */
import { getQuickJS } from 'quickjs-emscripten';
import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten';
import type { Bundles } from './build-code.js';
import { packMessage, unpackMessage } from './figma/checks.js';
import type { ApiCall, Fault } from './figma/faults.js';
import type { SandboxCommands } from './figma/sandbox.js';
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
} from './figma/types.js';

/** More than any test needs at once; taken and given back. */
const RESERVED_BYTES = 64 * 1024 * 1024;

export interface FigmaHostOptions {
  readonly bounds?: BoundsMode;
  readonly editor?: EditorType;
  /** Renders what `exportAsync` is asked for as an encoded image. */
  readonly render?: (job: ExportJob) => Uint8Array | Promise<Uint8Array>;
  readonly html?: string;
  /** Longest that code in the sandbox may run without giving control back. */
  readonly runLimitMs?: number;
  /** What the plugin is run for; just so, unless it says otherwise. */
  readonly launch?: Launch;
}

/** The whole state of the pretended Figma. */
export interface HostState extends DocumentDump {
  /** The current page as it was at each `commitUndo`. */
  readonly commits: readonly NodeDump[];
  readonly storage: Readonly<Record<string, unknown>>;
}

/** One running Figma. Dispose of it after the test. */
export class FigmaHost {
  private readonly listeners = new Set<(event: HostEvent) => void>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly inside: QuickJSHandle;
  private disposed = false;
  private deadline = Infinity;

  private constructor(
    private readonly vm: QuickJSContext,
    private readonly bundles: Bundles,
    private readonly options: FigmaHostOptions,
  ) {
    vm.runtime.setMemoryLimit(512 * 1024 * 1024);
    vm.runtime.setInterruptHandler(() => Date.now() > this.deadline);
    // quickjs-emscripten loses track of a runtime whose memory grows while promises are settled: it grows here.
    this.evaluate(`new ArrayBuffer(${RESERVED_BYTES})`, 'sandbox.js');
    this.defineOutside();
    this.evaluate(bundles.sandbox, 'sandbox.js');
    this.inside = vm.getProp(vm.global, '__inside');
    this.evaluate('delete globalThis.__inside', 'sandbox.js');
  }

  static async create(bundles: Bundles, options: FigmaHostOptions = {}): Promise<FigmaHost> {
    const quickJs = await getQuickJS();
    return new FigmaHost(quickJs.newContext(), bundles, options);
  }

  /** Runs the plugin as Figma does, or other code in its place. */
  run(code?: string): void {
    const html = this.vm.newString(this.options.html ?? '<!doctype html>');
    this.vm.setProp(this.vm.global, '__html__', html);
    html.dispose();
    this.evaluate(code ?? this.bundles.code, 'code.js');
    if (code === undefined) this.command('ran', this.options.launch ?? { command: 'open' });
  }

  /** What the plugin suggests for a parameter while this much of it is typed. */
  suggest(key: string, query: string): unknown {
    return this.command('suggest', key, query);
  }

  /** Hears everything that comes out of the sandbox. @returns Stops listening. */
  onEvent(listener: (event: HostEvent) => void): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }

  /** Sends a message as the UI does with `parent.postMessage({ pluginMessage }, '*')`. */
  post(message: unknown): void {
    this.command('receive', message);
  }

  /**
   * Builds nodes on top of the current page, or on a new page that is not loaded.
   *
   * @returns Node ids by name.
   */
  build(specs: readonly NodeSpec[], page?: string): Record<string, string> {
    return this.command('build', specs, page) as Record<string, string>;
  }

  addImage(hash: string, image: StoredImage): void {
    this.command('addImage', hash, image);
  }

  select(...ids: readonly string[]): void {
    this.command('select', ids);
  }

  goToPage(name: string): void {
    this.command('goToPage', name);
  }

  /** As if the person deleted it. */
  remove(id: string): void {
    this.command('remove', id);
  }

  /** As if the person duplicated it. @returns The copy's id. */
  duplicate(id: string): string {
    return this.command('duplicate', id) as string;
  }

  /** Empties the current page and forgets the undo history. */
  clear(): void {
    this.command('clear');
  }

  /** Overwrites fields of a node, as if the person had changed them. */
  change(id: string, fields: Readonly<Record<string, unknown>>): void {
    this.command('change', id, fields);
  }

  /** Puts something into `clientStorage` before the plugin starts. */
  store(key: string, value: unknown): void {
    this.command('store', key, value);
  }

  /** Counts the calls of Figma's API from now on, and lets some of them fail. */
  arrange(fault?: Fault): void {
    this.command('arrange', fault);
  }

  /** The calls since the latest `arrange`. */
  get calls(): readonly ApiCall[] {
    return this.command('calls') as readonly ApiCall[];
  }

  /** Remembers the document, for `goToMark` to put it back as often as wanted. */
  setMark(): void {
    this.command('setMark');
  }

  goToMark(): void {
    this.command('goToMark');
  }

  /** As if the person undid once. */
  undo(): void {
    this.command('undo');
  }

  /** What can be compared of the file. */
  get document(): DocumentDump {
    return this.command('document') as DocumentDump;
  }

  /** As if the person closed the plugin: nothing of it runs from then on. */
  close(): void {
    this.command('close');
  }

  get state(): HostState {
    return this.command('state') as HostState;
  }

  /** @throws Error when there is no such node. */
  node(id: string): NodeDump {
    return this.command('node', id) as NodeDump;
  }

  /** A node, and where it hangs: the ids of its parent, unless that is a page, and of what is in there. */
  find(id: string): FoundNode {
    return this.command('find', id) as FoundNode;
  }

  /** Frees the sandbox; whatever was under way in it is dropped. */
  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    for (const timer of this.timers) clearTimeout(timer);
    this.inside.dispose();
    this.vm.dispose();
  }

  private defineOutside(): void {
    const { vm } = this;
    const outside = vm.newObject();
    const define = (name: string, run: (...args: QuickJSHandle[]) => void): void =>
      vm.newFunction(name, (...args) => run(...args)).consume((handle) => vm.setProp(outside, name, handle));
    define('emit', (json, ...buffers) => {
      const bytes = buffers.map((buffer) => vm.getArrayBuffer(buffer).consume(({ value }) => value.slice()));
      const event = unpackMessage(vm.getString(json!), bytes) as HostEvent;
      for (const listener of this.listeners) listener(event);
    });
    define('setTimeout', (ticket, ms) => this.startTimer(vm.getNumber(ticket!), vm.getNumber(ms!)));
    define('render', (ticket, job) => {
      void this.render(vm.getNumber(ticket!), JSON.parse(vm.getString(job!)) as ExportJob);
    });
    vm.newString(this.options.bounds ?? 'curve').consume((text) => vm.setProp(outside, 'bounds', text));
    vm.newString(this.options.editor ?? 'figma').consume((text) => vm.setProp(outside, 'editor', text));
    vm.setProp(vm.global, '__outside', outside);
    outside.dispose();
  }

  private startTimer(ticket: number, ms: number): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.resume(ticket);
    }, ms);
    this.timers.add(timer);
  }

  private async render(ticket: number, job: ExportJob): Promise<void> {
    let error = '';
    let bytes = new Uint8Array();
    try {
      bytes = new Uint8Array((await this.options.render?.(job)) ?? []);
    } catch (cause) {
      error = String(cause);
    }
    if (this.disposed) return;
    const args = [this.vm.newString(error), this.vm.newArrayBuffer(bytes.buffer)];
    this.resume(ticket, ...args);
  }

  /** Calls back into the sandbox, for a timer or a finished export. */
  private resume(ticket: number, ...args: QuickJSHandle[]): void {
    if (!this.disposed) this.call('resume', this.vm.newNumber(ticket), ...args)?.dispose();
  }

  private command<K extends keyof SandboxCommands>(
    name: K,
    ...args: Parameters<SandboxCommands[K]>
  ): unknown {
    const { json, bytes } = packMessage(args);
    const { vm } = this;
    const buffers = bytes.map((part) => vm.newArrayBuffer(part.slice().buffer));
    const result = this.call('command', vm.newString(name), vm.newString(json), ...buffers);
    return JSON.parse(result.consume((handle) => vm.getString(handle)));
  }

  private call(name: 'command' | 'resume', ...args: QuickJSHandle[]): QuickJSHandle {
    this.startClock();
    const called = this.vm.callMethod(this.inside, name, args);
    for (const arg of args) arg.dispose();
    const result = this.vm.unwrapResult(called);
    this.runJobs();
    return result;
  }

  private evaluate(code: string, fileName: string): void {
    this.startClock();
    this.vm.unwrapResult(this.vm.evalCode(code, fileName)).dispose();
    this.runJobs();
  }

  private startClock(): void {
    this.deadline = Date.now() + (this.options.runLimitMs ?? 10_000);
  }

  private runJobs(): void {
    this.vm.unwrapResult(this.vm.runtime.executePendingJobs());
  }
}
