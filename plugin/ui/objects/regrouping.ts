/** Merges the objects that were marked into one, and splits one into its parts. */
import type { Rle } from '../../../protocol/outline.js';
import type { Prompt } from '../../../protocol/prompt.js';
import { askBeside } from '../ask-beside.js';
import type { Delivery } from '../delivery.js';
import { asFailure, isCancelled } from '../failure.js';
import { outlinedObjects } from './outlined.js';
import { requirePrepared } from '../prepared.js';
import type { Prepared } from '../prepared.js';
import { awaitsAnswer, chosenCandidate, toleranceOf } from '../question.js';
import type { Answer } from '../question.js';
import { imageOf } from '../situation.js';
import type { Store } from '../store.js';
import { strings } from '../strings.js';
import { splitPath, unitePaths } from './parts.js';

export interface RegroupingOptions {
  readonly store: Store;
  /** What can be asked about now, if anything. */
  prepared(): Prepared | undefined;
}

export class Regrouping {
  private running = new AbortController();

  constructor(private readonly options: RegroupingOptions) {}

  /** Calls off what is under way. */
  stop(): void {
    this.running.abort();
  }

  /** Makes one object of all that are marked and have an outline. */
  async merge(): Promise<void> {
    const { state } = this.options.store;
    const outlined = outlinedObjects(state);
    const image = imageOf(state);
    // What is still being looked for would be lost among the others.
    if (!image || outlined.length < 2 || awaitsAnswer(state) || this.isDelivering()) return;
    const paths = outlined.map(({ path }) => path);
    await this.regroup(
      outlined.map(({ id }) => id),
      [unitePaths(paths, image)],
    );
  }

  /** Makes an object of each part of the one that is worked on. */
  async split(): Promise<void> {
    const { state } = this.options.store;
    const image = imageOf(state);
    const chosen = chosenCandidate(state);
    if (!image || !chosen || awaitsAnswer(state) || this.isDelivering()) return;
    const parts = splitPath(chosen.outline.path, image);
    if (parts.length < 2) {
      this.show({ kind: 'done', message: strings.objects.inOnePiece });
      return;
    }
    await this.regroup([state.shelf.currentId], parts);
  }

  private async regroup(gone: readonly number[], masks: readonly Rle[]): Promise<void> {
    this.stop();
    const running = new AbortController();
    this.running = running;
    const { store } = this.options;
    const before = store.state;
    const busy: Delivery = { kind: 'busy' };
    this.show(busy);
    try {
      const prepared = requirePrepared(this.options.prepared(), imageOf(before));
      const made: Answer[] = [];
      for (const rle of masks) {
        const prompts: Prompt[] = [{ type: 'mask', rle }];
        made.push(await askBeside(prepared, { prompts, tolerancePx: toleranceOf(before) }, running.signal));
      }
      const isUnchanged = store.state.log === before.log && store.state.shelf === before.shelf;
      // Whoever has marked something else meanwhile does not want it any more.
      if (isUnchanged) store.dispatch({ type: 'regrouped', gone, made });
      this.finish(busy, { kind: 'idle' });
    } catch (error) {
      const isOver = isCancelled(error) || running.signal.aborted;
      this.finish(busy, isOver ? { kind: 'idle' } : { kind: 'failed', failure: asFailure(error) });
    }
  }

  private isDelivering(): boolean {
    const { kind } = this.options.store.state.delivery;
    return kind === 'waiting' || kind === 'busy';
  }

  /** The outcome does not take the place of anything newer. */
  private finish(busy: Delivery, outcome: Delivery): void {
    if (this.options.store.state.delivery === busy) this.show(outcome);
  }

  private show(delivery: Delivery): void {
    this.options.store.dispatch({ type: 'deliveryChanged', delivery });
  }
}
