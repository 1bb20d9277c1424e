/** One run of segment everything: searches, outlines what it finds, arranges it, and says what is new. */
import type {
  EverythingMode,
  EverythingOptions,
  EverythingParameters,
  EverythingProgress,
  FoundMask,
  Resume,
} from '../../protocol/everything.js';
import { throwIfCancelled } from '../../protocol/errors.js';
import type { RunOptions, SegmentationModel } from '../adapter.js';
import { smallestRegionPx } from '../candidates.js';
import { defaultTolerancePx } from '../coordinates.js';
import { CropsSearch } from './crops-search.js';
import type { EmbeddingSource } from './crops-search.js';
import { ExactSearch } from './exact.js';
import { FastSearch } from './fast.js';
import { Gallery } from './gallery.js';
import { modeOf, parametersOf } from './parameters.js';
import { misunderstood, packCursor, resumedFinding, searchName, understood, unpackResume } from './resume.js';
import type { Search } from './search.js';

export interface EverythingRunOptions {
  readonly model: SegmentationModel;
  readonly source: EmbeddingSource;
  readonly options: EverythingOptions;
  readonly resume?: Resume | undefined;
  /** The image at the samples of its footprints' grid, Uint8 RGB: for names. */
  readonly colours?: Uint8Array | undefined;
}

/** Share of the work to be done before the rest of it is estimated. */
const LEAST_GAINED = 0.02;

/** What one advance brought. */
export interface EverythingUpdate {
  readonly progress: EverythingProgress;
  readonly isDone: boolean;
}

export class EverythingRun {
  readonly parameters: EverythingParameters;
  readonly mode: EverythingMode;
  readonly #search: Search;
  readonly #name: string;
  readonly #gallery: Gallery;
  readonly #sharedEdges: boolean;
  #lookMs = 0;
  #traceMs = 0;
  /** Milestone of the search at which its masks were last shown. */
  #shownAt = 0;
  /** Share done when it was first asked: none, unless the run was resumed. */
  #startedAt: number | undefined;
  #finishing: Generator<undefined, void> | undefined;
  #isFinished = false;
  /** Where the search was when its masks were last shown; undefined once that has been told. */
  #cursor: unknown;

  /** @throws CodedError RESUME_INVALID */
  constructor({ model, source, options, resume, colours }: EverythingRunOptions) {
    const { image } = source;
    this.parameters = parametersOf(options);
    this.mode = modeOf(options);
    this.#sharedEdges = options.sharedEdges ?? false;
    const tolerancePx = options.tolerancePx ?? defaultTolerancePx(image);
    this.#gallery = new Gallery({
      image,
      tolerancePx,
      minRegionPx: Math.max(this.parameters.minRegionPx, this.mode === 'fast' ? smallestRegionPx(image) : 0),
      colours,
    });
    const parameters = this.parameters;
    const start = this.mode === 'fast' ? startFast : startExact;
    this.#name = searchName(this.mode, image, parameters);
    const resumed = resume && {
      cursor: unpackResume(resume, this.#name, image),
      standing: resume.masks.map((mask) => this.#gallery.restore(mask, resumedFinding(mask))),
    };
    this.#search = understood(() => new CropsSearch({ model, source, parameters, start, resumed }));
  }

  /** Full answers of the model so far. */
  get prompts(): number {
    return this.#search.prompts;
  }

  get timings(): { readonly lookMs: number; readonly traceMs: number } {
    return { lookMs: this.#lookMs, traceMs: this.#traceMs };
  }

  /** All masks that stand, in painting order. */
  get masks(): readonly FoundMask[] {
    return this.#gallery.masks;
  }

  /**
   * Works for about as long as it may, at least one step.
   *
   * @throws CodedError CANCELLED; what was found before stands. RESUME_INVALID when the cursor is not of this search.
   */
  async advance(budgetMs: number, options: RunOptions): Promise<EverythingUpdate> {
    const started = performance.now();
    do await this.#advanceOnce(options);
    while (!this.#isFinished && performance.now() - started < budgetMs);
    return { progress: this.#progress(), isDone: this.#isFinished };
  }

  async #advanceOnce(options: RunOptions): Promise<void> {
    throwIfCancelled(options.signal);
    const started = performance.now();
    if (this.#gallery.hasUntraced) {
      this.#gallery.traceNext();
      this.#traceMs += performance.now() - started;
    } else if (this.#search.isDone) {
      this.#finishing ??= this.#gallery.finish(this.parameters, this.#sharedEdges);
      this.#isFinished = this.#finishing.next().done === true;
      this.#traceMs += performance.now() - started;
    } else {
      await this.#search.step(options).catch(misunderstood);
      this.#lookMs += performance.now() - started;
      this.#showIfDue();
    }
  }

  #showIfDue(): void {
    const { milestones, isDone } = this.#search;
    if (!isDone && milestones === this.#shownAt) return;
    this.#shownAt = milestones;
    this.#gallery.show(this.#search.standing);
    this.#cursor = this.#search.cursor();
  }

  #progress(): EverythingProgress {
    const { fraction } = this.#search;
    const workMs = this.#lookMs + this.#traceMs;
    this.#startedAt ??= fraction;
    const gained = fraction - this.#startedAt;
    const change = this.#gallery.takeChange();
    return {
      stage: this.#search.isDone ? 'finishing' : 'looking',
      fraction: this.#isFinished ? 1 : fraction,
      ...(gained > LEAST_GAINED && { remainingMs: (workMs / gained) * (1 - fraction) }),
      ...change,
      ...this.#takeCursor(),
    };
  }

  /** Only once all that stood there has been outlined: who goes on from it would miss the rest. */
  #takeCursor(): { readonly cursor?: string } {
    if (this.#cursor === undefined || this.#gallery.hasUntraced) return {};
    const cursor = packCursor(this.#name, this.#cursor);
    this.#cursor = undefined;
    return { cursor };
  }
}

const startFast = (...args: ConstructorParameters<typeof FastSearch>): Search => new FastSearch(...args);
const startExact = (...args: ConstructorParameters<typeof ExactSearch>): Search => new ExactSearch(...args);
