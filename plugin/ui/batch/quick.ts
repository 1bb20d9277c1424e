/**
 * An action of Figma's menu, done without a window where that is possible: its progress and its end are told in Figma's
 * own notices. Where something has to be done first, the window is shown and says what.
 */
import type { Disposable } from 'vscode-jsonrpc';
import type { BatchTask, QuickAction } from '../../selection.js';
import { wordsOf } from '../failure.js';
import type { Host, Offer } from '../host.js';
import type { Link } from '../situation.js';
import type { State } from '../state.js';
import type { Store } from '../store.js';
import { strings } from '../strings.js';
import { readSelected } from './list.js';
import type { Selected } from './list.js';
import { tallyOf } from './state.js';
import type { BatchItem, BatchRun } from './state.js';

export interface QuickRunnerOptions {
  readonly store: Store;
  readonly host: Host;
  start(task: BatchTask, selected: Selected, style: QuickAction['style']): void;
  /** Resolves after a while, or at once when the signal is aborted. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

/** By then a sidecar has answered if it is there. */
const PATIENCE_MS = 4_000;

export class QuickRunner implements Disposable {
  private quick: QuickAction | undefined;
  /** What was selected when the action was asked for; nothing else is taken for it unasked. */
  private selected: Selected | undefined;
  private isHidden = false;
  private readonly ended = new AbortController();

  constructor(private readonly options: QuickRunnerOptions) {}

  dispose(): void {
    this.ended.abort();
  }

  /** Finds out whether there is an action to be done. */
  async begin(): Promise<void> {
    const quick = await this.options.host.document?.quickAction();
    if (!quick) return;
    this.quick = quick;
    this.isHidden = true;
    this.options.store.dispatch({ type: 'batch', change: { type: 'wanted', quick } });
    void this.loseThePatience();
  }

  /** Hears of what is selected. */
  offered(offer: Offer): void {
    if (!this.quick || !this.isHidden || this.selected) return;
    this.selected = readSelected(offer);
    if (this.selected) this.startIfReady();
    else this.show();
  }

  /** Hears of every change. */
  afterChange(state: State, previous: State): void {
    if (!this.quick) return;
    if (state.link !== previous.link) this.followLink(state.link);
    const { run } = state.batch;
    if (this.isHidden && run && run !== previous.batch.run) this.tellOf(run, previous.batch.run);
  }

  private followLink(link: Link): void {
    if (link.kind === 'online') this.startIfReady();
    else if (link.kind !== 'searching' && !this.options.store.state.batch.run) this.show();
  }

  /** Once only, and only with what was selected from the beginning. */
  private startIfReady(): void {
    const { store, start } = this.options;
    const { link, batch: state } = store.state;
    if (!this.quick || !this.selected || !state.wanted || link.kind !== 'online') return;
    start(this.quick.task, this.selected, this.quick.style);
  }

  private async loseThePatience(): Promise<void> {
    await this.options.wait(PATIENCE_MS, this.ended.signal);
    if (!this.ended.signal.aborted && !this.options.store.state.batch.run) this.show();
  }

  private show(): void {
    if (!this.isHidden) return;
    this.isHidden = false;
    this.options.host.document?.show();
  }

  private tellOf(run: BatchRun, before: BatchRun | undefined): void {
    if (run.kind === 'running') this.tellProgress(run, before);
    else if (run.kind === 'finished') void this.leave(run);
    else this.show();
  }

  private async leave(run: BatchRun): Promise<void> {
    const { host } = this.options;
    const { done } = tallyOf(run);
    host.document?.notify(summaryOf(this.quick!, run), { error: done === 0 });
    try {
      await host.document?.select(run.items.flatMap(layersOf));
    } finally {
      // Closed any earlier, the plugin would not get to selecting.
      host.close?.();
    }
  }

  private tellProgress({ items }: BatchRun, before: BatchRun | undefined): void {
    const index = items.findIndex(({ progress }) => progress.kind === 'working');
    const item = items[index];
    if (!item || before?.items[index]?.progress.kind === 'working') return;
    const message = strings.batch.notices.working(item.name, index + 1, items.length);
    this.options.host.document?.notify(message, { stays: true });
  }
}

function layersOf({ progress }: BatchItem) {
  return progress.kind === 'done' ? progress.layers : [];
}

/** "Cut out 2 of 3 images. Lake: …" */
function summaryOf({ name }: QuickAction, run: BatchRun): string {
  const { all, done } = tallyOf(run);
  const words = strings.batch.notices;
  const failed = run.items.find(({ progress }) => progress.kind === 'failed');
  const why =
    failed?.progress.kind === 'failed'
      ? ` ${words.failed(failed.name, wordsOf(failed.progress.failure).message)}`
      : '';
  return words.done[name](done, all) + why;
}
