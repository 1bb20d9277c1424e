/**
 * Everything that happens around a batch: its images are worked through one after another, whatever becomes of one. What
 * was done stays, and what was not waits until it is gone on with.
 */
import type { Disposable } from 'vscode-jsonrpc';
import type { BatchTask, QuickAction } from '../../selection.js';
import { CodedError } from '../../../protocol/errors.js';
import type { ErrorName } from '../../../protocol/errors.js';
import type { Sidecar } from '../connection.js';
import type { DocumentHost } from '../document-host.js';
import { asFailure } from '../failure.js';
import type { Host, Offer, Settings } from '../host.js';
import { imageOf, modelOf } from '../situation.js';
import type { State } from '../state.js';
import type { Store } from '../store.js';
import { sameShares, sharesFromText, sharesOf, textFromShares } from './box-shares.js';
import { isAbout, itemsFor, readSelected } from './list.js';
import type { Selected } from './list.js';
import { fractionOf, tallyOf } from './state.js';
import type { Batch, BatchChange, BatchItem, BatchRun } from './state.js';
import { QuickRunner } from './quick.js';
import { ItemWorker } from './work-item.js';
import type { Job } from './work-item.js';

export interface BatchControllerOptions {
  readonly store: Store;
  readonly host: Host;
  hashBytes(bytes: Uint8Array): Promise<string | undefined>;
  /** Milliseconds since whenever; what is left is estimated by it. */
  now(): number;
  /** Resolves after a while, or at once when the signal is aborted. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
  /** Has an offer, kept back until now, dealt with. */
  release(offer: Offer): void;
}

/** The other side went away, or threw its work away: the image waits for it to come back. */
const LOST: readonly ErrorName[] = ['DISCONNECTED', 'SHUTTING_DOWN', 'CANCELLED'];

const TASKS: readonly Batch['task'][] = ['largest', 'box', 'everything'];

export class BatchController implements Disposable {
  private sidecar: Sidecar | undefined;
  private work: AbortController | undefined;
  /** What was selected while the list was not to be lost. */
  private keptBack: Offer | undefined;
  /** A style that was asked for this once. */
  private style: QuickAction['style'];

  private readonly quick: QuickRunner;
  private readonly quickBegun: Promise<void>;

  constructor(private readonly options: BatchControllerOptions) {
    this.quick = new QuickRunner({ ...options, start: this.start.bind(this) });
    this.quickBegun = this.quick.begin();
  }

  dispose(): void {
    this.work?.abort();
    this.quick.dispose();
  }

  restoreChoices({ batchTask, batchBox }: Settings): void {
    const task = TASKS.find((each) => each === batchTask);
    const box = sharesFromText(batchBox);
    if (task) this.change({ type: 'taskChosen', task });
    if (box) this.change({ type: 'boxDrawn', box });
  }

  /** Hears from the connection. */
  linkChanged(sidecar: Sidecar | undefined): void {
    this.sidecar = sidecar;
  }

  /** Hears of every change. */
  afterChange(state: State, previous: State): void {
    this.followBox(state, previous);
    this.quick.afterChange(state, previous);
    const [now, before] = [state.batch, previous.batch];
    if (now.task === before.task && now.box === before.box) return;
    this.options.host.settings.save({ batchTask: now.task, batchBox: textFromShares(now.box) });
  }

  /**
   * Looks at an offer before anybody else does. While a list is worked through, and while what became of its images is
   * shown, it is not lost to a selection.
   *
   * @returns What is to be dealt with now, if anything.
   */
  async take(offer: Offer): Promise<Offer | undefined> {
    await this.quickBegun;
    this.quick.offered(offer);
    const { run, wanted } = this.batch;
    if (run && (run.kind !== 'finished' || isAbout(run, offer))) {
      this.keptBack = offer;
      return undefined;
    }
    if (run) this.change({ type: 'closed' });
    this.keptBack = undefined;
    if (!wanted) return offer;
    const selected = readSelected(offer);
    // One image alone would be opened; an action of the menu means it as a list.
    return selected && offer.kind === 'image'
      ? { kind: 'several', count: 1, ...selected, others: [] }
      : offer;
  }

  /** @param style Where it is not to be as the person did it last. */
  start(task: BatchTask, selected: Selected, style?: QuickAction['style']): void {
    if (this.work) return;
    const items = itemsFor(task, selected);
    if (items.length === 0) return;
    this.style = style;
    this.change({ type: 'started', task, items });
    void this.workThrough();
  }

  /** Ends the run; what is inserted stays, and nothing comes to it. */
  stop(): void {
    this.work?.abort();
  }

  /** Goes on with the images that wait, and on demand with those that failed. */
  resume(retries: boolean): void {
    if (this.work || !this.batch.run) return;
    this.change({ type: 'resumed', retries });
    void this.workThrough();
  }

  /** Puts the list away. What was selected meanwhile is turned to. */
  close(): void {
    if (this.work) return;
    const { keptBack } = this;
    this.keptBack = undefined;
    this.change({ type: 'closed' });
    if (keptBack) this.options.release(keptBack);
  }

  /** Shows the layers of an image in the document. */
  select({ progress }: BatchItem): void {
    if (progress.kind === 'done')
      void this.options.host.document?.select(progress.layers).catch(() => undefined);
  }

  private get batch(): Batch {
    return this.options.store.state.batch;
  }

  private change(change: BatchChange): void {
    this.options.store.dispatch({ type: 'batch', change });
  }

  /** A box that is drawn on one image is the one that is meant on many. */
  private followBox(state: State, previous: State): void {
    const image = imageOf(state);
    if (!image || state.log.prompts === previous.log.prompts) return;
    const prompt = state.log.prompts.find(({ type }) => type === 'box');
    const box = prompt?.type === 'box' ? sharesOf(prompt.box, image) : undefined;
    if (box && !sameShares(box, state.batch.box)) this.change({ type: 'boxDrawn', box });
  }

  private async workThrough(): Promise<void> {
    const { document } = this.options.host;
    const { sidecar } = this;
    if (!document || !sidecar) return this.change({ type: 'ended', kind: 'lost' });
    const work = new AbortController();
    this.work = work;
    const worker = new ItemWorker({ document, sidecar, hashBytes: this.options.hashBytes });
    const outcome = await this.workAll(document, worker, work.signal);
    this.work = undefined;
    this.change({ type: 'ended', kind: outcome });
  }

  private async workAll(
    document: DocumentHost,
    worker: ItemWorker,
    signal: AbortSignal,
  ): Promise<'finished' | 'stopped' | 'lost'> {
    const job = this.makeJob();
    const clock = new Clock(this.batch.run!, this.options.now);
    for (;;) {
      const index = this.batch.run!.items.findIndex(({ progress }) => progress.kind === 'waiting');
      if (index < 0) return 'finished';
      if (signal.aborted) return 'stopped';
      const outcome = await this.workOn(index, job, worker, signal);
      if (outcome === 'lost') return signal.aborted ? 'stopped' : 'lost';
      this.change({ type: 'estimated', remainingMs: clock.remainingMs(this.batch.run!) });
    }
  }

  /** @returns lost when the image has to wait: nothing of it was inserted. */
  private async workOn(
    index: number,
    job: Job,
    worker: ItemWorker,
    signal: AbortSignal,
  ): Promise<'settled' | 'lost'> {
    const tell = (progress: BatchItem['progress']) => this.change({ type: 'progressed', index, progress });
    const step = {
      signal,
      onStage: (stage: 'reading' | 'preparing' | 'looking' | 'inserting', fraction: number) =>
        tell({ kind: 'working', stage, fraction }),
    };
    try {
      // What is inserted is inserted, even where it was called off a moment before.
      tell({ kind: 'done', layers: await worker.work(this.batch.run!.items[index]!, job, step) });
      return 'settled';
    } catch (error) {
      const isLost = signal.aborted || (error instanceof CodedError && LOST.includes(error.code));
      tell(isLost ? { kind: 'waiting' } : { kind: 'failed', failure: asFailure(error) });
      return isLost ? 'lost' : 'settled';
    }
  }

  private makeJob(): Job {
    const { state } = this.options.store;
    const { batch, everything, toleranceFactor, refine } = state;
    const { task } = batch.run!;
    return {
      task,
      toleranceFactor,
      refine,
      style: this.style ?? everything.style,
      box: batch.box,
      sharedEdges: everything.sharedEdges,
      defaultModel: modelOf(state),
      ...(task === 'again' && batch.model !== undefined && { model: batch.model }),
    };
  }
}

/** Estimates what is left by what was done since it was started. */
class Clock {
  private readonly startMs: number;
  private readonly before: number;

  constructor(
    run: BatchRun,
    private readonly now: () => number,
  ) {
    this.startMs = now();
    this.before = fractionOf(run);
  }

  /** @returns undefined while nothing has been done. */
  remainingMs(run: BatchRun): number | undefined {
    const done = fractionOf(run) - this.before;
    if (done <= 0 || tallyOf(run).waiting === 0) return undefined;
    return ((this.now() - this.startMs) / done) * (1 - fractionOf(run));
  }
}
