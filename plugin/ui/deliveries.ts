/** Hands outlines to the host: inserted, saved or copied, once they answer what is marked. */
import type { ResultOf } from '../../protocol/method-parts.js';
import type { ExportFormat, exportObject } from '../../protocol/methods.js';
import { asFailure } from './failure.js';
import type { ExportOptions, Host, OutlineResult } from './host.js';
import { withObject } from './objects/regrouping.js';
import { objectIds } from './objects/shelf.js';
import { awaitsAnswer, chosenCandidate, isAnswered, shownQuestion } from './question.js';
import { imageOf, modelOf } from './situation.js';
import type { Failure, SourceImage } from './situation.js';
import type { Question } from './question.js';
import type { Delivery, DeliveryKind } from './delivery.js';
import type { State } from './state.js';
import type { Store } from './store.js';

export interface DeliveriesOptions {
  readonly store: Store;
  readonly host: Host;
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

/** What concerns one object, however many are marked: its layer, or the image that it is taken out of. */
export function isForOne(kind: DeliveryKind): boolean {
  return kind === 'update' || kind === 'separate';
}

export class Deliveries {
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
    if (state.delivery.kind !== 'waiting' || awaitsAnswer(state)) return;
    const { as: kind } = state.delivery;
    const wanted = this.wantedObjects(kind);
    // An object that was put aside before its answer came is asked about once more: refined, if it can be.
    const open = wanted.find((each) => awaitsAnswer(each));
    if (open) return store.dispatch({ type: 'objectAwaited', id: open.shelf.currentId });
    const found = wanted.filter((each) => isAnswered(each) && chosenCandidate(each));
    if (found.length > 0) void this.handOver(kind, found);
    else this.show({ kind: 'idle' });
  }

  /** The state as it is with each object to deliver, in the order in which they were begun. */
  private wantedObjects(kind: DeliveryKind): readonly State[] {
    const { state } = this.options.store;
    if (isForOne(kind)) return [state];
    return objectIds(state.shelf)
      .map((id) => withObject(state, id))
      .filter(({ log }) => log.prompts.length > 0);
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
    for (const result of results) message = await host.deliver(kind, result);
    return message;
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
  private finish(busy: Delivery, outcome: Delivery): void {
    const { delivery } = this.options.store.state;
    if (delivery === busy || delivery.kind === 'idle') this.show(outcome);
  }

  private show(delivery: Delivery): void {
    this.options.store.dispatch({ type: 'deliveryChanged', delivery });
  }
}
