/**
 * Everything that happens because the state changed: images are opened and prepared, questions asked, outlines
 * delivered. `sync` compares what is wanted with what is under way, so it may run after any change at all.
 */
import type { Disposable } from 'vscode-jsonrpc';
import { CodedError } from '../../protocol/errors.js';
import type { ExportFormat } from '../../protocol/methods.js';
import { exportBeside } from './ask-beside.js';
import { predictChosen, predictForScreen } from './ask-for-screen.js';
import { BatchController } from './batch/controller.js';
import type { BatchControllerOptions } from './batch/controller.js';
import type { Sidecar } from './connection.js';
import { Deliveries } from './deliveries.js';
import { EverythingController } from './everything/controller.js';
import { asFailure, asFailureOf, isCancelled } from './failure.js';
import { isForgotten } from './forgotten.js';
import type { ExportOptions, Host, Offer } from './host.js';
import { rememberHashes } from './identity.js';
import { checkFileSize } from './image-file.js';
import type { ImageLimits } from './image-file.js';
import { Regrouping } from './objects/regrouping.js';
import { releasePixels } from './pixels.js';
import type { Pixels } from './pixels.js';
import { requirePrepared } from './prepared.js';
import type { Prepared } from './prepared.js';
import { openSelectedLayer } from './open-layer.js';
import { isAnswered, isWhole, questionOf, refinementOf, sameMarks, sameQuestion } from './question.js';
import { isChanged, rememberedOf, restoring } from './remembered.js';
import { prepareImage, sendImage } from './send-image.js';
import { imageOf, limitsOf } from './situation.js';
import type { Link, SourceImage } from './situation.js';
import type { Question, Refined } from './question.js';
import type { DeliveryKind } from './delivery.js';
import type { Action, State } from './state.js';
import type { Store } from './store.js';
import { strings } from './strings.js';
import { TimeLeft } from './time-left.js';

/** How often in a row the work may be cancelled by others before the person hears of it. */
const MAX_INTERRUPTIONS = 3;

/** Refined outlines that are kept: as many as anyone goes back to. */
const KEPT_REFINEMENTS = 16;

export interface ControllerOptions extends Pick<BatchControllerOptions, 'now' | 'wait'> {
  readonly store: Store;
  readonly host: Host;
  /** @throws CodedError when this is no image that can be shown, or too large a one. */
  decodePixels(bytes: Uint8Array, limits: ImageLimits, options: { signal: AbortSignal }): Promise<Pixels>;
  /** SHA-256 in hex; undefined where the browser cannot compute it. */
  hashBytes(bytes: Uint8Array): Promise<string | undefined>;
  /** Names this window among all that may ask the sidecar. */
  readonly view: string;
  /** Lets some time pass before refining begins: whoever clicks on meanwhile does not wait for it. */
  readonly beforeRefining: (signal: AbortSignal) => Promise<void>;
}

export class Controller implements Disposable {
  private sidecar: Sidecar | undefined;
  private prepared: Prepared | undefined;
  /** The image that is being prepared, and with which sidecar. */
  private preparing: Pick<Prepared, 'image' | 'sidecar'> | undefined;
  private asked: Question | undefined;
  /** Id of the object that it was about. */
  private askedFor = 0;
  private opening = new AbortController();
  private preparation = new AbortController();
  private prediction: AbortController | undefined;
  /** The outline that is being refined, or that could not be. */
  private refining: Question | undefined;
  private refinement: AbortController | undefined;
  /** Aborted when somebody waits for what is to be refined. */
  private hurry = new AbortController();
  /** What was refined of this image, newest last: undone to or picked again, it is there at once. */
  private refinements: readonly Refined[] = [];
  /** While a gesture goes on, questions wait for answers, so that the outline keeps up instead of starving. */
  private live = false;
  /** The image that the sidecar has forgotten since it last answered; twice is a failure. */
  private forgotten: SourceImage | undefined;
  /** How often others have cancelled the work since the sidecar last answered. */
  private interruptions = 0;
  private readonly hashOnce: (image: SourceImage) => Promise<string | undefined>;
  private readonly deliveries: Deliveries;
  /** Finds everything there is in the image. */
  readonly everything: EverythingController;
  /** Merges and splits what is marked. */
  readonly regrouping: Regrouping;
  /** Works through several images. */
  readonly batch: BatchController;
  private readonly subscription: Disposable;

  constructor(private readonly options: ControllerOptions) {
    const { store, host } = options;
    this.hashOnce = rememberHashes(options.hashBytes);
    this.deliveries = new Deliveries({
      store,
      host,
      exportAs: this.exportAs.bind(this),
      prepared: () => this.prepared,
    });
    this.regrouping = new Regrouping({ store, prepared: () => this.prepared });
    this.everything = new EverythingController({ store, host, prepared: () => this.prepared });
    this.batch = new BatchController({ ...options, release: (offer) => void this.offer(offer) });
    this.subscription = store.subscribe((state, previous) => this.afterChange(state, previous));
  }

  dispose(): void {
    this.subscription.dispose();
    this.opening.abort();
    this.preparation.abort();
    this.prediction?.abort();
    this.refinement?.abort();
    this.regrouping.stop();
    this.everything.dispose();
    this.batch.dispose();
  }

  dispatch(action: Action): void {
    this.options.store.dispatch(action);
  }

  /** Goes on with the choices of the last time. */
  async restoreSettings(): Promise<void> {
    const settings = await this.options.host.settings.load();
    for (const action of restoring(settings)) this.dispatch(action);
    this.everything.restoreChoices(settings);
    this.batch.restoreChoices(settings);
  }

  /** Hears from the connection. */
  linkChanged(link: Link, sidecar?: Sidecar): void {
    if (sidecar !== this.sidecar) {
      this.forgetWork();
      this.regrouping.stop();
      this.forgotten = undefined;
    }
    this.sidecar = sidecar;
    this.batch.linkChanged(sidecar);
    this.dispatch({ type: 'linkChanged', link });
  }

  /** Hears from the host. */
  async offer(given: Offer): Promise<void> {
    const offer = this.options.host.document ? await this.batch.take(given) : given;
    if (!offer) return;
    this.opening.abort();
    this.opening = new AbortController();
    const { layer, layers } = offer.kind === 'image' ? offer : {};
    this.dispatch({ type: 'layerSelected', layer, layers });
    if (offer.kind !== 'image') return this.dispatch({ type: 'sourceChanged', source: offer });
    if (offer.key === imageOf(this.state)?.key) this.dispatch({ type: 'sourceReturned' });
    else await this.open(offer, this.opening.signal);
    if (offer.opensLayer) await openSelectedLayer(this.options.store, this.options.host);
  }

  /** Tries again what failed. */
  retry(): void {
    this.interruptions = 0;
    this.redo();
  }

  /** Says that a drag begins or ends. */
  setLive(live: boolean): void {
    this.live = live;
    this.sync();
  }

  /** Inserts, saves or copies the outline on the screen, or the one that is being looked for. */
  deliver(kind: DeliveryKind): void {
    this.deliveries.deliver(kind);
    this.hurry.abort();
    this.hurry = new AbortController();
  }

  private get state(): State {
    return this.options.store.state;
  }

  private afterChange(state: State, previous: State): void {
    const before = imageOf(previous);
    if (before && before !== imageOf(state)) {
      this.regrouping.stop();
      releasePixels(before.pixels);
    }
    const remembered = rememberedOf(state);
    if (isChanged(remembered, rememberedOf(previous))) this.options.host.settings.save(remembered);
    this.sync();
    this.deliveries.sync();
    this.everything.afterChange(state, previous);
    this.batch.afterChange(state, previous);
  }

  private async open(offer: Extract<Offer, { kind: 'image' }>, signal: AbortSignal): Promise<void> {
    const { key, name } = offer;
    // A file brought to the page takes the place of the open image only once it has proved to be one.
    const keeps = this.options.host.openFile !== undefined && imageOf(this.state) !== undefined;
    if (keeps) this.dispatch({ type: 'failureDismissed' });
    else this.dispatch({ type: 'sourceChanged', source: { kind: 'opening', name } });
    try {
      const limits = limitsOf(this.state);
      if (offer.size !== undefined) checkFileSize(offer.size, limits);
      const bytes = await offer.read(signal);
      const pixels = await this.options.decodePixels(bytes, limits, { signal });
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

  /** Begins anew with the image. */
  private redo(): void {
    this.forgetWork();
    this.sync();
  }

  /** Goes on from what is done already. */
  private askAgain(): void {
    this.preparing = undefined;
    this.asked = undefined;
    this.stopRefining();
    this.sync();
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
    const timeLeft = new TimeLeft();
    try {
      this.dispatch({ type: 'preparing', fraction: 0 });
      const id = await this.sendImage(image, sidecar, signal);
      const { device } = await prepareImage(id, sidecar, signal, (fraction) => {
        const remainingMs = timeLeft.update(fraction, performance.now());
        this.dispatch({ type: 'preparing', fraction, remainingMs });
      });
      if (signal.aborted) return;
      this.prepared = { image, sidecar, id };
      this.preparing = undefined;
      this.dispatch({ type: 'prepared', device });
    } catch (error) {
      this.fail(error, signal);
    }
  }

  /** @returns The image's id, after uploading it if the sidecar does not have it, whatever it may say. */
  private async sendImage(image: SourceImage, sidecar: Sidecar, signal: AbortSignal): Promise<string> {
    const sha256 = await this.hashOnce(image);
    return sendImage(image.bytes, image === this.forgotten ? undefined : sha256, sidecar, signal);
  }

  private syncQuestion(prepared: Prepared): void {
    const question = questionOf(this.state);
    const { answer, shelf } = this.state;
    const current = this.asked ?? (isWhole(answer) ? answer : undefined);
    if (sameQuestion(question, current)) return this.syncRefinement(prepared);
    const waitsForOutline = this.prediction !== undefined && !sameQuestion(this.asked, answer);
    if (this.live && waitsForOutline && question && this.askedFor === shelf.currentId) return;
    this.prediction?.abort();
    this.prediction = undefined;
    this.stopRefining();
    // What was found before, or has been undone to, is on the screen without being asked.
    const asks = question && !isAnswered(this.state) ? question : undefined;
    this.asked = asks;
    this.askedFor = this.state.shelf.currentId;
    if (asks) void this.ask(asks, prepared);
    else this.dispatch({ type: 'settled' });
  }

  private async ask(question: Question, prepared: Prepared): Promise<void> {
    const prediction = new AbortController();
    const { signal } = prediction;
    this.prediction = prediction;
    try {
      const asked = this.begin(question, signal);
      const answer = await predictForScreen(prepared, asked, (first) =>
        this.dispatch({ type: 'answered', answer: first }),
      );
      if (signal.aborted) return;
      this.wasAnswered();
      this.prediction = undefined;
      this.dispatch({ type: 'answered', answer });
    } catch (error) {
      if (!signal.aborted) this.prediction = undefined;
      this.fail(error, signal);
    }
  }

  /** What is on the screen is refined once it is there and nothing moves any more. */
  private syncRefinement(prepared: Prepared): void {
    const wanted = refinementOf(this.state);
    if (wanted && this.live) return;
    if (wanted && sameQuestion(wanted, this.refining ?? this.state.refined)) return;
    const isUnderWay = this.refining !== undefined;
    this.stopRefining();
    if (!wanted || sameQuestion(wanted, this.state.refined)) {
      if (isUnderWay) this.dispatch({ type: 'settled' });
      return;
    }
    const known = this.refinements.find((refined) => sameQuestion(wanted, refined));
    if (known) this.dispatch({ type: 'refined', refined: known });
    else void this.refine(wanted, prepared);
  }

  private stopRefining(): void {
    this.refinement?.abort();
    this.refinement = undefined;
    this.refining = undefined;
  }

  private async refine(question: Question, prepared: Prepared): Promise<void> {
    const refinement = new AbortController();
    const { signal } = refinement;
    this.refinement = refinement;
    this.refining = question;
    try {
      // The same marks need no second look, only another outline: that is quick.
      if (!this.refinements.some((refined) => sameMarks(refined, question))) {
        await this.options.beforeRefining(AbortSignal.any([signal, this.hurry.signal]));
      }
      if (signal.aborted) return;
      const candidate = await predictChosen(prepared, this.begin(question, signal));
      if (signal.aborted) return;
      this.wasAnswered();
      this.refinement = undefined;
      this.refining = undefined;
      const refined = { ...question, candidate };
      this.refinements = [...this.refinements, refined].slice(-KEPT_REFINEMENTS);
      this.dispatch({ type: 'refined', refined });
    } catch (error) {
      if (!signal.aborted) this.refinement = undefined;
      this.fail(error, signal);
    }
  }

  private begin(question: Question, signal: AbortSignal) {
    this.dispatch({ type: 'predicting' });
    return { question, view: this.options.view, signal };
  }

  private wasAnswered(): void {
    this.forgotten = undefined;
    this.interruptions = 0;
  }

  private async exportAs(
    format: ExportFormat,
    image: SourceImage,
    question: Question,
    options: ExportOptions = {},
  ) {
    const prepared = requirePrepared(this.prepared, image);
    return exportBeside(prepared, question, { format, ...options }, this.preparation.signal);
  }

  private fail(error: unknown, signal: AbortSignal): void {
    if (signal.aborted) return;
    // The next connection does the work again.
    if (error instanceof CodedError && error.code === 'DISCONNECTED') return;
    const image = imageOf(this.state);
    if (isForgotten(error) && this.forgotten !== image) {
      this.forgotten = image;
      return this.redo();
    }
    if (!isCancelled(error)) {
      return this.dispatch({ type: 'failed', failure: asFailureOf(error, this.state.log.prompts) });
    }
    this.interruptions += 1;
    if (this.interruptions <= MAX_INTERRUPTIONS) return this.askAgain();
    this.interruptions = 0;
    this.dispatch({ type: 'failed', failure: { code: 'CANCELLED', ...strings.interrupted } });
  }

  private forgetWork(): void {
    this.preparation.abort();
    this.preparation = new AbortController();
    this.prediction?.abort();
    this.prediction = undefined;
    this.stopRefining();
    this.refinements = [];
    this.prepared = undefined;
    this.preparing = undefined;
    this.asked = undefined;
  }
}
