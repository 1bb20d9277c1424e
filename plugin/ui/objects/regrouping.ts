/** Merges the objects that were marked into one, and splits one into its parts. */
import type { Rle } from '../../../protocol/outline.js';
import type { Prompt } from '../../../protocol/prompt.js';
import { maskPredict } from '../../../protocol/methods.js';
import { asFailure, isCancelled } from '../failure.js';
import { askWithImage } from '../forgotten.js';
import { requirePrepared } from '../prepared.js';
import type { Prepared } from '../prepared.js';
import { chosenCandidate, toleranceOf, wireQuestion } from '../question.js';
import type { Answer, Question } from '../question.js';
import { imageOf } from '../situation.js';
import type { State } from '../state.js';
import type { Store } from '../store.js';
import { strings } from '../strings.js';
import { splitPath, unitePaths } from './parts.js';
import { objectIds } from './shelf.js';

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
    if (!image || outlined.length < 2) return;
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
    if (!image || !chosen) return;
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
    this.show({ kind: 'busy' });
    try {
      const made: Answer[] = [];
      for (const rle of masks) {
        const prompts: Prompt[] = [{ type: 'mask', rle }];
        made.push(await this.ask({ prompts, tolerancePx: toleranceOf(before) }, running.signal));
      }
      const isUnchanged = store.state.log === before.log && store.state.shelf === before.shelf;
      // Whoever has marked something else meanwhile does not want it any more.
      if (isUnchanged) store.dispatch({ type: 'regrouped', gone, made });
      this.show({ kind: 'idle' });
    } catch (error) {
      if (isCancelled(error)) this.show({ kind: 'idle' });
      else this.show({ kind: 'failed', failure: asFailure(error) });
    }
  }

  /** Beside what is on the screen: neither calls off the other. */
  private async ask(question: Question, signal: AbortSignal): Promise<Answer> {
    const prepared = requirePrepared(this.options.prepared(), imageOf(this.options.store.state));
    const { candidates, chosen } = await askWithImage(prepared, signal, () =>
      prepared.sidecar.call(maskPredict, { image: prepared.id, ...wireQuestion(question) }, { signal }),
    );
    return { ...question, candidates, suggested: chosen };
  }

  private show(delivery: State['delivery']): void {
    this.options.store.dispatch({ type: 'deliveryChanged', delivery });
  }
}

/** Every object that has something to see, the one that is worked on among them, in the order of their ids. */
export function outlinedObjects(state: State): { readonly id: number; readonly path: string }[] {
  return objectIds(state.shelf).flatMap((id) => {
    const path = chosenCandidate(withObject(state, id))?.outline.path;
    return path === undefined ? [] : [{ id, path }];
  });
}

/** The state as it would be with another object worked on. */
export function withObject(state: State, id: number): State {
  const object = state.shelf.objects.find((each) => each.id === id);
  if (!object) return state;
  const { log, answer, refined, openLayer } = object;
  return { ...state, log, answer, refined, openLayer, shelf: { ...state.shelf, currentId: id } };
}
