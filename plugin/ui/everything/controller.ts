/**
 * Everything that happens around found objects: they are looked for, compared with the layers that there are, and
 * inserted or saved. What was found stays, whatever breaks; a run that was cut off goes on where it was.
 */
import type { Disposable } from 'vscode-jsonrpc';
import { treeFormatSchema } from '../../../protocol/everything.js';
import type { Point } from '../../../protocol/geometry.js';
import { CodedError } from '../../../protocol/errors.js';
import type { ErrorName } from '../../../protocol/errors.js';
import { exportAll } from '../../../protocol/everything-methods.js';
import { asFailure, isCancelled } from '../failure.js';
import { askWithImage } from '../forgotten.js';
import type { Host, Settings, TreeResult } from '../host.js';
import { requirePrepared } from '../prepared.js';
import type { Prepared } from '../prepared.js';
import type { SourceImage } from '../situation.js';
import { toleranceOf } from '../question.js';
import { imageOf, modelOf } from '../situation.js';
import type { State } from '../state.js';
import type { Store } from '../store.js';
import { strings } from '../strings.js';
import type { ShownObject } from './arrange.js';
import { objectsWithLayer } from './existing-layers.js';
import { findAll } from './find-all.js';
import { hoverOn, ObjectFinder, walkHover } from './find-object.js';
import { chosenObjects, isRunning } from './state.js';
import type { Everything, EverythingChange, Hover } from './state.js';
import { withinChosen } from './within-chosen.js';

export interface EverythingControllerOptions {
  readonly store: Store;
  readonly host: Host;
  /** The image that can be asked about now, if any. */
  prepared(): Prepared | undefined;
}

/** The other side went away, or threw its work away: what was found is kept, and the rest is asked for later. */
const LOST: readonly ErrorName[] = ['DISCONNECTED', 'SHUTTING_DOWN', 'CANCELLED'];

export class EverythingController implements Disposable {
  private run: AbortController | undefined;
  private delivery: AbortController | undefined;
  private listing = new AbortController();
  private readonly finder = new ObjectFinder();

  constructor(private readonly options: EverythingControllerOptions) {}

  dispose(): void {
    this.abandon();
  }

  /** Goes on with the choices of the last time. */
  restoreChoices({ treeStyle, treeFormat, sharedEdges }: Settings): void {
    // What an earlier version kept may not be a format any more.
    const format = treeFormatSchema.safeParse(treeFormat);
    const choices = {
      ...(treeStyle && { style: treeStyle }),
      ...(format.success && { format: format.data }),
      ...(sharedEdges !== undefined && { sharedEdges }),
    };
    this.change({ type: 'chose', choices });
  }

  /** Hears of every change. */
  afterChange(state: State, previous: State): void {
    const [now, before] = [state.everything, previous.everything];
    if (imageOf(state) !== imageOf(previous)) {
      this.abandon();
      // Of an image that is back, layers may have come or gone.
      void this.listLayers();
    }
    if (now.shown !== before.shown) this.finder.prepare(now.shown);
    if (
      now.style !== before.style ||
      now.format !== before.format ||
      now.sharedEdges !== before.sharedEdges
    ) {
      const { style, format, sharedEdges } = now;
      this.options.host.settings.save({ treeStyle: style, treeFormat: format, sharedEdges });
    }
    const prepared = this.options.prepared();
    if (now.run.kind === 'wanted' && !this.run && prepared?.image === imageOf(state))
      void this.look(prepared!);
  }

  /** Looks for everything, from the beginning or where the last run was cut off. */
  find(resumes: boolean): void {
    const { everything } = this.options.store.state;
    if (isRunning(everything)) return;
    const goesOn = resumes && everything.cursor !== undefined && everything.runOptions !== undefined;
    const options = goesOn
      ? everything.runOptions!
      : { tolerancePx: toleranceOf(this.options.store.state), sharedEdges: everything.sharedEdges };
    this.change({ type: 'wanted', options, resumes: goesOn });
  }

  /** Ends the run; what was found stays. */
  stop(): void {
    if (!isRunning(this.everything)) return;
    this.run?.abort();
    this.run = undefined;
    this.change({ type: 'stopped', why: 'person' });
    void this.listLayers();
  }

  /** Points at what is there; undefined when the pointer has left. */
  pointAt(at: Point | undefined): void {
    const object = at && this.finder.objectAt(at);
    this.change({ type: 'hovered', hover: hoverOn(object, 'canvas', this.everything.hover) });
  }

  /** Points at an object in the list. */
  pointAtObject(object: ShownObject | undefined): void {
    this.change({ type: 'hovered', hover: hoverOn(object, 'list') });
  }

  /** @returns false at either end, and when nothing is pointed at. */
  walk(step: 1 | -1): boolean {
    const { hover } = this.everything;
    const next: Hover | undefined = hover && walkHover(hover, step);
    if (next) this.change({ type: 'hovered', hover: next });
    return next !== undefined;
  }

  /** Inserts or saves the chosen objects. */
  async deliver(): Promise<void> {
    const { store } = this.options;
    const image = imageOf(store.state);
    const count = chosenObjects(this.everything).length;
    if (!image || this.everything.delivery.kind === 'busy' || count === 0) return;
    const delivery = new AbortController();
    this.delivery = delivery;
    this.showBusy(0, count);
    try {
      const message = await this.handOver(image, delivery.signal);
      if (this.delivery === delivery)
        this.change({ type: 'deliveryChanged', delivery: { kind: 'done', message } });
    } catch (error) {
      if (this.delivery !== delivery) return;
      if (isCancelled(error)) this.change({ type: 'deliveryChanged', delivery: { kind: 'idle' } });
      else this.change({ type: 'deliveryChanged', delivery: { kind: 'failed', failure: asFailure(error) } });
    }
  }

  /** Calls the insertion off; nothing of it stays behind. */
  stopDelivery(): void {
    this.delivery?.abort();
  }

  private get everything(): Everything {
    return this.options.store.state.everything;
  }

  private change(change: EverythingChange): void {
    this.options.store.dispatch({ type: 'everything', change });
  }

  /** Another image is open: nothing that goes on is wanted any more. */
  private abandon(): void {
    this.run?.abort();
    this.run = undefined;
    this.delivery?.abort();
    this.delivery = undefined;
    this.listing.abort();
  }

  private async look(prepared: Prepared): Promise<void> {
    const run = new AbortController();
    this.run = run;
    const { signal } = run;
    this.change({ type: 'began' });
    try {
      const { masks } = await this.ask(prepared, signal);
      if (signal.aborted) return;
      this.run = undefined;
      this.change({ type: 'finished', masks });
    } catch (error) {
      if (signal.aborted) return;
      this.run = undefined;
      const isLost = error instanceof CodedError && LOST.includes(error.code);
      this.change(isLost ? { type: 'stopped', why: 'lost' } : { type: 'failed', failure: asFailure(error) });
    }
    await this.listLayers();
  }

  private ask(prepared: Prepared, signal: AbortSignal) {
    const { masks, cursor, runOptions } = this.everything;
    const resume = cursor === undefined ? undefined : { cursor, masks: [...masks] };
    const params = { ...(runOptions && { options: runOptions }), ...(resume && { resume }) };
    return findAll(prepared, params, signal, (progress) => this.change({ type: 'progressed', progress }));
  }

  /** Marks the objects that have a layer. Without an answer none is marked: inserting asks again, and says so. */
  private async listLayers(): Promise<void> {
    const image = imageOf(this.options.store.state);
    if (!image || this.everything.masks.length === 0) return;
    this.listing.abort();
    this.listing = new AbortController();
    const { signal } = this.listing;
    await this.markLayered(image, signal).catch(() => undefined);
  }

  private async markLayered(image: SourceImage, signal: AbortSignal): Promise<void> {
    const layers = await this.options.host.listLayers?.(image, signal);
    if (!layers || signal.aborted || imageOf(this.options.store.state) !== image) return;
    this.change({ type: 'layersListed', ids: objectsWithLayer(this.everything.masks, layers, image) });
  }

  private async handOver(image: SourceImage, signal: AbortSignal): Promise<string> {
    const { host, store } = this.options;
    const before = chosenObjects(this.everything).length;
    await this.markLayered(image, signal);
    const tree = this.chosenTree(image, signal);
    if (tree.masks.length === 0) return strings.everything.allLayered(before);
    const { style, format } = this.everything;
    if (!host.insertTree) return host.saveTree?.(format, tree) ?? '';
    const onProgress = (done: number, total: number) => {
      if (!signal.aborted) this.showBusy(done, total);
    };
    const message = await host.insertTree(style, tree, { signal, onProgress });
    const ids = new Set([...this.everything.layered, ...tree.masks.map((mask) => mask.id)]);
    if (imageOf(store.state) === image) this.change({ type: 'layersListed', ids });
    const skipped = before - tree.masks.length;
    return skipped === 0 ? message : `${message} ${strings.everything.layered(skipped)}.`;
  }

  private chosenTree(image: SourceImage, signal: AbortSignal): TreeResult {
    const chosen = new Set(chosenObjects(this.everything).map(({ mask }) => mask.id));
    const masks = withinChosen(this.everything.masks, ({ id }) => chosen.has(id));
    return {
      image,
      masks,
      model: modelOf(this.options.store.state),
      exportAs: async (format) => {
        const prepared = requirePrepared(this.options.prepared(), image);
        const { sidecar, id } = prepared;
        return askWithImage(prepared, signal, () =>
          sidecar.call(exportAll, { image: id, masks: [...masks], format }, { signal }),
        );
      },
    };
  }

  private showBusy(done: number, total: number): void {
    this.change({ type: 'deliveryChanged', delivery: { kind: 'busy', done, total } });
  }
}
