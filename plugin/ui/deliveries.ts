/** Hands outlines to the host: inserted, saved or copied, once they answer what is marked. */
import type { ResultOf } from '../../protocol/method-parts.js';
import type { ExportFormat, exportObject } from '../../protocol/methods.js';
import { asFailure } from './failure.js';
import type { ExportOptions, Host } from './host.js';
import { awaitsAnswer, chosenCandidate, isAnswered, shownQuestion } from './question.js';
import { imageOf } from './situation.js';
import { modelOf } from './state.js';
import type { Failure, SourceImage } from './situation.js';
import type { Question } from './question.js';
import type { Delivery, DeliveryKind } from './state.js';
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
    const { state } = this.options.store;
    if (state.delivery.kind !== 'waiting' || awaitsAnswer(state)) return;
    // Refined if it could be.
    if (isAnswered(state) && chosenCandidate(state)) void this.handOver(state.delivery.as);
    else this.show({ kind: 'idle' });
  }

  private async handOver(kind: DeliveryKind): Promise<void> {
    const { host, store, exportAs } = this.options;
    const { state } = store;
    const image = imageOf(state)!;
    const candidate = chosenCandidate(state)!;
    const question = shownQuestion(state)!;
    const busy: Delivery = { kind: 'busy' };
    this.show(busy);
    try {
      const message = await host.deliver(kind, {
        image,
        candidate,
        question,
        model: modelOf(state),
        layer: state.openLayer,
        originalAfter: state.originalAfter,
        exportAs: (format, options) => exportAs(format, image, question, options),
      });
      this.finish(busy, { kind: 'done', message });
    } catch (error) {
      const failure = asFailure(error);
      const offer = insteadOf(kind, failure);
      this.finish(busy, { kind: 'failed', failure, ...(offer && { offer }) });
    }
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
