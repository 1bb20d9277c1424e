/**
 * Automatic mask generation as Segment Anything defines it, in one crop: every click of a grid, three masks each,
 * filtered by score, stability, crop edges and overlap.
 *
 * @source Segment Anything (arXiv 2304.02643), supplement C, and segment-anything's SamAutomaticMaskGenerator
 * (Apache-2.0); the code is ours. Masks are never upsampled: see pixel-counter.ts.
 */
import { z } from 'zod';
import type { RunOptions } from '../adapter.js';
import { clickSets } from './click-sets.js';
import { findingsOf } from './finding.js';
import type { Finding } from './finding.js';
import { pickBest } from './nms.js';
import { placeOf } from './search.js';
import type { ResumedSearch, Search, SearchedCrop } from './search.js';

const cursorSchema = z.int().nonnegative();

/** Answers from one milestone to the next. */
const MILESTONE = 32;

export class ExactSearch implements Search {
  /** All masks, displaced ones too: what displaced them may itself be displaced. */
  readonly #findings: Finding[];
  #next: number;

  /**
   * @param resumed Displaced masks are not among what stands, so one that would have come back after what displaced it
   * was itself displaced does not.
   */
  constructor(
    private readonly crop: SearchedCrop,
    resumed: ResumedSearch | undefined,
  ) {
    this.#findings = [...(resumed?.standing ?? [])];
    this.#next = resumed ? cursorSchema.parse(resumed.cursor) : 0;
  }

  get fraction(): number {
    return this.#next / this.crop.points.length;
  }

  get prompts(): number {
    return this.#next;
  }

  get milestones(): number {
    return Math.floor(this.#next / MILESTONE);
  }

  get isDone(): boolean {
    return this.#next >= this.crop.points.length;
  }

  get standing(): readonly Finding[] {
    return pickBest(this.#findings, ({ predictedIou }) => predictedIou, this.crop.parameters.boxNmsThreshold);
  }

  async step(options: RunOptions): Promise<void> {
    const { model, embedding, points, parameters } = this.crop;
    const batch = points.slice(this.#next, this.#next + parameters.pointsPerBatch);
    const sets = clickSets(batch, embedding.image);
    const answers = await model.decodeAbove(parameters.predictedIouThreshold, embedding, sets, options);
    answers.forEach((answer, i) => {
      if (answer) this.#findings.push(...findingsOf(answer, placeOf(this.crop, this.#next + i), this.crop));
    });
    this.#next += batch.length;
  }

  cursor(): unknown {
    return this.#next satisfies z.infer<typeof cursorSchema>;
  }
}
