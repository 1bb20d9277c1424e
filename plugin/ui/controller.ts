/**
 * Everything that happens because the state changed: images are opened and prepared, questions asked, outlines
 * delivered. `sync` compares what is wanted with what is under way, so it may run after any change at all.
 */
import type { Disposable } from 'vscode-jsonrpc';
import { CodedError } from '../../protocol/errors.js';
import { exportObject, maskPredict, prepareProgressSchema } from '../../protocol/methods.js';
import { imageOpen, imagePrepare } from '../../protocol/methods.js';
import type { Sidecar } from './connection.js';
import { asFailure, isCancelled } from './failure.js';
import type { DeliveryKind, Host, Offer } from './host.js';
import { releasePixels } from './pixels.js';
import type { Pixels } from './pixels.js';
import { chosenCandidate, imageOf, questionOf, sameQuestion, toleranceOf } from './state.js';
import type { Action, Answer, Link, Question, SourceImage, State } from './state.js';
import type { Store } from './store.js';

export interface ControllerOptions {
  readonly store: Store;
  readonly host: Host;
  decodePixels(bytes: Uint8Array): Promise<Pixels>;
  /** SHA-256 in hex; undefined where the browser cannot compute it. */
  hashBytes(bytes: Uint8Array): Promise<string | undefined>;
  /** Names this window among all that may ask the sidecar. */
  readonly view: string;
}

/** An image that one sidecar has encoded. */
interface Prepared {
  readonly image: SourceImage;
  readonly sidecar: Sidecar;
  readonly id: string;
}

export class Controller implements Disposable {
  private sidecar: Sidecar | undefined;
  private prepared: Prepared | undefined;
  /** The image that is being prepared, and with which sidecar. */
  private preparing: Pick<Prepared, 'image' | 'sidecar'> | undefined;
  private asked: Question | undefined;
  private opening = new AbortController();
  private preparation = new AbortController();
  private prediction: AbortController | undefined;
  /** While a gesture goes on, questions wait for answers, so that the outline keeps up instead of starving. */
  private live = false;
  /** The sidecar has forgotten this image once since it last answered; twice is a failure. */
  private resent = false;
  private readonly subscription: Disposable;

  constructor(private readonly options: ControllerOptions) {
    this.subscription = options.store.subscribe((state, previous) => this.afterChange(state, previous));
  }

  dispose(): void {
    this.subscription.dispose();
    this.opening.abort();
    this.preparation.abort();
    this.prediction?.abort();
  }

  dispatch(action: Action): void {
    this.options.store.dispatch(action);
  }

  /** Goes on with the choices of the last time. */
  async restoreSettings(): Promise<void> {
    const { tolerancePx, delivery } = await this.options.host.settings.load();
    if (tolerancePx !== undefined) this.dispatch({ type: 'toleranceChanged', tolerancePx });
    if (delivery !== undefined) this.dispatch({ type: 'deliveryPreferred', preferred: delivery });
  }

  /** Hears from the connection. */
  linkChanged(link: Link, sidecar?: Sidecar): void {
    if (sidecar !== this.sidecar) this.forgetWork();
    this.sidecar = sidecar;
    this.dispatch({ type: 'linkChanged', link });
  }

  /** Hears from the host. */
  async offer(offer: Offer): Promise<void> {
    this.opening.abort();
    this.opening = new AbortController();
    if (offer.kind !== 'image') return this.dispatch({ type: 'sourceChanged', source: offer });
    if (offer.key === imageOf(this.state)?.key) return this.dispatch({ type: 'sourceReturned' });
    await this.open(offer, this.opening.signal);
  }

  /** Tries again what failed. */
  retry(): void {
    this.forgetWork();
    this.sync();
  }

  /** Says that a drag begins or ends. */
  setLive(live: boolean): void {
    this.live = live;
    this.sync();
  }

  /** Inserts, saves or copies the outline on the screen. */
  async deliver(kind: DeliveryKind): Promise<void> {
    const { state } = this;
    const image = imageOf(state);
    const candidate = chosenCandidate(state);
    if (!image || !candidate || state.delivery.kind === 'busy') return;
    this.dispatch({ type: 'deliveryChanged', delivery: { kind: 'busy' } });
    try {
      const message = await this.options.host.deliver(kind, {
        image,
        candidate,
        question: { prompts: state.log.prompts, tolerancePx: toleranceOf(state) },
        model: state.link.kind === 'online' ? state.link.server.modelId : '',
        exportAs: (format) => this.exportAs(format, state),
      });
      this.dispatch({ type: 'deliveryChanged', delivery: { kind: 'done', message } });
    } catch (error) {
      this.dispatch({ type: 'deliveryChanged', delivery: { kind: 'failed', failure: asFailure(error) } });
    }
  }

  private get state(): State {
    return this.options.store.state;
  }

  private afterChange(state: State, previous: State): void {
    const before = imageOf(previous);
    if (before && before !== imageOf(state)) releasePixels(before.pixels);
    const { tolerancePx, preferred } = state;
    if (tolerancePx !== previous.tolerancePx || preferred !== previous.preferred) {
      this.options.host.settings.save({ tolerancePx, delivery: preferred });
    }
    this.sync();
  }

  private async open(offer: Extract<Offer, { kind: 'image' }>, signal: AbortSignal): Promise<void> {
    const { key, name } = offer;
    // A file brought to the page takes the place of the open image only once it has proved to be one.
    const keeps = this.options.host.openFile !== undefined && imageOf(this.state) !== undefined;
    if (!keeps) this.dispatch({ type: 'sourceChanged', source: { kind: 'opening', name } });
    try {
      const bytes = await offer.read(signal);
      const pixels = await this.options.decodePixels(bytes);
      if (signal.aborted) return releasePixels(pixels);
      const image = { key, name, bytes, pixels, width: pixels.width, height: pixels.height };
      this.dispatch({ type: 'sourceChanged', source: { kind: 'image', image } });
    } catch (error) {
      if (signal.aborted || isCancelled(error)) return;
      const failure = asFailure(error);
      if (keeps) this.dispatch({ type: 'deliveryChanged', delivery: { kind: 'failed', failure } });
      else this.dispatch({ type: 'sourceChanged', source: { kind: 'unreadable', name, failure } });
    }
  }

  private sync(): void {
    const image = imageOf(this.state);
    const { sidecar } = this;
    if (!image || !sidecar) return;
    if (this.prepared?.image === image && this.prepared.sidecar === sidecar)
      return this.syncQuestion(this.prepared);
    if (this.preparing?.image === image && this.preparing.sidecar === sidecar) return;
    void this.prepare(image, sidecar);
  }

  private async prepare(image: SourceImage, sidecar: Sidecar): Promise<void> {
    this.forgetWork();
    this.preparing = { image, sidecar };
    const { signal } = this.preparation;
    try {
      this.dispatch({ type: 'preparing', fraction: 0 });
      const id = await this.sendImage(image, sidecar, signal);
      const { device } = await sidecar.call(
        imagePrepare,
        { image: id },
        { signal, onProgress: (value) => this.showProgress(value, signal) },
      );
      if (signal.aborted) return;
      this.prepared = { image, sidecar, id };
      this.preparing = undefined;
      this.dispatch({ type: 'prepared', device });
    } catch (error) {
      this.fail(error, signal);
    }
  }

  /** @returns The image's id, after uploading it if the sidecar does not have it. */
  private async sendImage(image: SourceImage, sidecar: Sidecar, signal: AbortSignal): Promise<string> {
    const sha256 = await this.options.hashBytes(image.bytes);
    if (sha256 !== undefined) {
      const { known } = await sidecar.call(imageOpen, { sha256 }, { signal });
      if (known) return sha256;
    }
    return (await sidecar.upload(image.bytes, signal)).id;
  }

  private showProgress(value: unknown, signal: AbortSignal): void {
    const progress = prepareProgressSchema.safeParse(value);
    if (progress.success && !signal.aborted) {
      this.dispatch({ type: 'preparing', fraction: progress.data.fraction });
    }
  }

  private syncQuestion(prepared: Prepared): void {
    const question = questionOf(this.state);
    const current = this.asked ?? this.state.answer;
    if (sameQuestion(question, current)) return;
    if (this.live && this.prediction) return;
    this.prediction?.abort();
    this.prediction = undefined;
    this.asked = question;
    if (question) void this.ask(question, prepared);
    else this.dispatch({ type: 'settled' });
  }

  private async ask(question: Question, { id, sidecar }: Prepared): Promise<void> {
    const prediction = new AbortController();
    const { signal } = prediction;
    this.prediction = prediction;
    this.dispatch({ type: 'predicting' });
    try {
      const { candidates, chosen, state } = await sidecar.call(
        maskPredict,
        { image: id, view: this.options.view, ...wireQuestion(question), ...this.continuation(question) },
        { signal },
      );
      if (signal.aborted) return;
      this.prediction = undefined;
      this.resent = false;
      this.dispatch({ type: 'answered', answer: { ...question, candidates, suggested: chosen, state } });
    } catch (error) {
      if (!signal.aborted) this.prediction = undefined;
      this.fail(error, signal);
    }
  }

  /** The last answer's state, when this question only adds to its prompts. */
  private continuation({ prompts }: Question): { previous?: string } {
    const answer: Answer | undefined = this.state.answer;
    const adds = answer?.prompts.every((prompt, i) => prompt === prompts[i]);
    return answer && adds ? { previous: answer.state } : {};
  }

  private async exportAs(format: 'svg' | 'geojson' | 'coco' | 'png' | 'cutout', state: State) {
    const { prepared } = this;
    if (!prepared || prepared.image !== imageOf(state)) throw notPrepared();
    const question = wireQuestion({ prompts: state.log.prompts, tolerancePx: toleranceOf(state) });
    return prepared.sidecar.call(exportObject, { image: prepared.id, format, ...question });
  }

  private fail(error: unknown, signal: AbortSignal): void {
    if (signal.aborted || isCancelled(error)) return;
    const code = error instanceof CodedError ? error.code : undefined;
    // The next connection does the work again.
    if (code === 'DISCONNECTED') return;
    if (code === 'IMAGE_UNKNOWN' && !this.resent) {
      this.resent = true;
      return this.retry();
    }
    this.dispatch({ type: 'failed', failure: asFailure(error) });
  }

  private forgetWork(): void {
    this.preparation.abort();
    this.preparation = new AbortController();
    this.prediction?.abort();
    this.prediction = undefined;
    this.prepared = undefined;
    this.preparing = undefined;
    this.asked = undefined;
  }
}

function wireQuestion({ prompts, tolerancePx }: Question) {
  return { prompts: [...prompts], tolerancePx };
}

function notPrepared(): CodedError {
  return new CodedError('IMAGE_UNKNOWN', 'The image isn’t ready yet.', 'Try again in a moment.');
}
