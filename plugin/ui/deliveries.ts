/** Hands outlines to the host: inserted, saved or copied, once they answer what is marked. */
import type { ResultOf } from '../../protocol/method-parts.js';
import type { ExportFormat, exportObject } from '../../protocol/methods.js';
import { asFailure } from './failure.js';
import type { ExportOptions, Host, OutlineResult } from './host.js';
import { requirePrepared } from './prepared.js';
import type { Prepared } from './prepared.js';
import { objectsToDeliver } from './objects/outlined.js';
import {
  awaitsAnswer,
  chosenCandidate,
  isAnswered,
  questionOf,
  refinementOf,
  shownQuestion,
} from './question.js';
import { imageOf, modelOf } from './situation.js';
import type { Failure, SourceImage } from './situation.js';
import type { Question } from './question.js';
import { askBeside } from './ask-beside.js';
import type { Delivery, DeliveryKind } from './delivery.js';
import type { State } from './state.js';
import type { Store } from './store.js';
import { strings } from './strings.js';

export interface DeliveriesOptions {
  readonly store: Store;
  readonly host: Host;
  /** What can be asked about now, if anything. */
  prepared(): Prepared | undefined;
  /** Has the sidecar render what answers the question. */
  exportAs(
    format: ExportFormat,
    image: SourceImage,
    question: Question,
    options?: ExportOptions,
  ): Promise<ResultOf<typeof exportObject>>;
}

/** A picture that Figma refuses, for its size above all, can be had as a cut-out, which has none. */
function insteadOf(kind: DeliveryKind, { code }: Failure): DeliveryKind | undefined {
  const isPicture = kind === 'insertImage' || kind === 'insertFurryImage';
  return isPicture && (code === 'IMAGE_TOO_LARGE' || code === 'IMAGE_UNREADABLE')
    ? 'insertCutout'
    : undefined;
}

export class Deliveries {
  /** The delivery for which objects that lie aside are asked about. */
  private settling: Delivery | undefined;
  private asking = new AbortController();

  constructor(private readonly options: DeliveriesOptions) {}

  /**
   * Delivers the outline on the screen, or the one that is being looked for as soon as it is there. Marking
   * something else meanwhile calls that off: nothing is delivered that was not seen or asked for.
   */
  deliver(kind: DeliveryKind): void {
    const { delivery } = this.options.store.state;
    if (delivery.kind !== 'waiting' && delivery.kind !== 'busy') this.show({ kind: 'waiting', as: kind });
  }

  /** Goes on with what waits, if its time has come. May run after any change at all. */
  sync(): void {
    const { store } = this.options;
    const { state } = store;
    if (this.settling !== state.delivery) this.asking.abort();
    if (state.delivery.kind !== 'waiting' || awaitsAnswer(state)) return;
    const { delivery } = state;
    const wanted = objectsToDeliver(state, delivery.as);
    if (wanted.some((each) => awaitsAnswer(each))) {
      if (this.settling !== delivery) void this.settleAside(delivery);
      return;
    }
    const found = wanted.filter((each) => chosenCandidate(each));
    // What could not be answered is not left out without a word; why it could not is on the screen.
    if (found.length > 0 && wanted.every((each) => isAnswered(each))) void this.handOver(delivery.as, found);
    else this.show({ kind: 'idle' });
  }

  /** Asks about objects that were put aside before their answer came, and refines them, without turning to them. */
  private async settleAside(waiting: Extract<Delivery, { kind: 'waiting' }>): Promise<void> {
    const { store, prepared } = this.options;
    this.settling = waiting;
    this.asking = new AbortController();
    const { signal } = this.asking;
    try {
      while (store.state.delivery === waiting) {
        const open = objectsToDeliver(store.state, waiting.as).find((each) => awaitsAnswer(each));
        // The one that is worked on is asked about as ever.
        if (!open || open.shelf.currentId === store.state.shelf.currentId) break;
        const question = refinementOf(open) ?? questionOf(open)!;
        const answer = await askBeside(requirePrepared(prepared(), imageOf(open)!), question, signal);
        const { refine, suggested, candidates } = answer;
        const found = refine ? { refined: { ...answer, candidate: candidates[suggested - 1]! } } : { answer };
        store.dispatch({ type: 'asideAnswered', id: open.shelf.currentId, found });
      }
    } catch (error) {
      if (store.state.delivery === waiting) this.show({ kind: 'failed', failure: asFailure(error) });
    } finally {
      // Another delivery may have begun to ask meanwhile.
      if (this.settling === waiting) this.settling = undefined;
    }
    this.sync();
  }

  private async handOver(kind: DeliveryKind, objects: readonly State[]): Promise<void> {
    const busy: Delivery = { kind: 'busy' };
    this.show(busy);
    try {
      const results = objects.map((object) => this.resultOf(object));
      this.finish(busy, { kind: 'done', message: await this.deliverAll(kind, results) });
    } catch (error) {
      const failure = asFailure(error);
      const offer = insteadOf(kind, failure);
      this.finish(busy, { kind: 'failed', failure, ...(offer && { offer }) });
    }
  }

  /** At once where the host can, else one after another. */
  private async deliverAll(kind: DeliveryKind, results: readonly OutlineResult[]): Promise<string> {
    const { host } = this.options;
    if (results.length > 1 && host.together?.kinds.includes(kind))
      return host.together.deliver(kind, results);
    let message = '';
    for (const [i, result] of results.entries()) {
      message = await host.deliver(kind, results.length > 1 ? { ...result, number: i + 1 } : result);
    }
    return results.length > 1 ? strings.delivered.several(message, results.length) : message;
  }

  private resultOf(state: State): OutlineResult {
    const image = imageOf(state)!;
    const question = shownQuestion(state)!;
    return {
      image,
      candidate: chosenCandidate(state)!,
      question,
      model: modelOf(state),
      layer: state.openLayer,
      originalAfter: state.originalAfter,
      exportAs: (format, options) => this.options.exportAs(format, image, question, options),
    };
  }

  /** The outcome of a delivery does not take the place of a newer one. */
  private finish(own: Delivery, outcome: Delivery): void {
    const { delivery } = this.options.store.state;
    if (delivery === own || delivery.kind === 'idle') this.show(outcome);
  }

  private show(delivery: Delivery): void {
    this.options.store.dispatch({ type: 'deliveryChanged', delivery });
  }
}
