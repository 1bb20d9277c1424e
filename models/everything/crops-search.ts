/** Searches the whole image, then crops of it if asked to, and keeps the sharper of what both found. */
import { z } from 'zod';
import type { EverythingParameters } from '../../protocol/everything.js';
import type { Box, Point, Size } from '../../protocol/geometry.js';
import type { Embedding, RunOptions, SegmentationModel } from '../adapter.js';
import type { Finding } from './finding.js';
import { cropBoxes, pointGrid, pointsPerSideOf } from './grid.js';
import { pickBest } from './nms.js';
import { PixelCounter } from './pixel-counter.js';
import type { ResumedSearch, Search, StartSearch } from './search.js';

/** Where embeddings of an image and of crops of it come from. */
export interface EmbeddingSource {
  readonly image: Size;
  /** @param box The whole image or a crop of it, image space. */
  embed(box: Box, options: RunOptions): Promise<Embedding>;
}

export interface CropsSearchOptions {
  readonly model: SegmentationModel;
  readonly source: EmbeddingSource;
  readonly parameters: EverythingParameters;
  /** How each crop is searched. */
  readonly start: StartSearch;
  readonly resumed?: ResumedSearch | undefined;
}

const cursorSchema = z.object({
  crop: z.int().nonnegative(),
  prompts: z.int().nonnegative(),
  inner: z.unknown().optional(),
});

interface Task {
  readonly box: Box;
  readonly pointsPerSide: number;
}

export class CropsSearch implements Search {
  readonly #options: CropsSearchOptions;
  readonly #tasks: readonly Task[];
  readonly #total: number;
  /** Masks of crops that are done. */
  readonly #settled: Finding[] = [];
  /** Prompts in crops that are done. */
  #settledPrompts = 0;
  #settledMilestones = 0;
  #crop = 0;
  #current: Search | undefined;
  /** What the next crop to be started goes on from. */
  #resumed: ResumedSearch | undefined;

  constructor(options: CropsSearchOptions) {
    this.#options = options;
    const { source, parameters } = options;
    this.#tasks = cropBoxes(source.image, parameters.cropLayers, parameters.cropOverlap).map(
      ({ box, layer }) => ({
        box,
        pointsPerSide: pointsPerSideOf(layer, parameters.pointsPerSide, parameters.cropPointScale),
      }),
    );
    this.#total = this.#tasks.reduce((sum, { pointsPerSide }) => sum + pointsPerSide ** 2, 0);
    if (options.resumed) this.#goOnFrom(options.resumed);
  }

  get fraction(): number {
    const points = this.#tasks.slice(0, this.#crop + 1).map(({ pointsPerSide }) => pointsPerSide ** 2);
    const [current = 0] = points.splice(this.#crop, 1);
    const done = points.reduce((sum, count) => sum + count, 0);
    return (done + (this.#current?.fraction ?? 0) * current) / this.#total;
  }

  get prompts(): number {
    return this.#settledPrompts + (this.#current?.prompts ?? 0);
  }

  get milestones(): number {
    return this.#settledMilestones + (this.#current?.milestones ?? 0);
  }

  get isDone(): boolean {
    return this.#crop >= this.#tasks.length;
  }

  get standing(): readonly Finding[] {
    const waiting = this.#current?.standing ?? this.#resumed?.standing ?? [];
    if (this.#tasks.length === 1) return [...this.#settled, ...waiting];
    // Of overlapping masks from different crops, the one from the smaller crop is sharper.
    const sharpness = ({ cropBox: [x0, y0, x1, y1] }: Finding) => 1 / ((x1 - x0) * (y1 - y0));
    return pickBest([...this.#settled, ...waiting], sharpness, this.#options.parameters.cropNmsThreshold);
  }

  async step(options: RunOptions): Promise<void> {
    if (!this.#current) return this.#begin(options);
    await this.#current.step(options);
    if (this.#current.isDone) this.#settle(this.#current);
  }

  cursor(): unknown {
    const cursor: z.infer<typeof cursorSchema> = {
      crop: this.#crop,
      prompts: this.#settledPrompts,
      inner: this.#current?.cursor() ?? this.#resumed?.cursor,
    };
    return cursor;
  }

  async #begin(options: RunOptions): Promise<void> {
    const { model, source, parameters, start } = this.#options;
    const { box: cropBox, pointsPerSide } = this.#tasks[this.#crop]!;
    const embedding = await source.embed(cropBox, options);
    const { width, height } = embedding.image;
    const points = pointGrid(pointsPerSide).map(([u, v]): Point => [u * width, v * height]);
    const { image } = source;
    const counter = new PixelCounter(embedding.image);
    const crop = { model, embedding, image, cropBox, points, pointsPerSide, parameters, counter };
    this.#current = start(crop, this.#resumed);
    this.#resumed = undefined;
  }

  #settle(search: Search): void {
    this.#settled.push(...search.standing);
    this.#settledPrompts += search.prompts;
    this.#settledMilestones += search.milestones + 1;
    this.#current = undefined;
    this.#crop++;
  }

  #goOnFrom({ cursor, standing }: ResumedSearch): void {
    const { crop, prompts, inner } = cursorSchema.parse(cursor);
    this.#crop = Math.min(crop, this.#tasks.length);
    this.#settledPrompts = prompts;
    const box = this.#tasks[this.#crop]?.box;
    const isCurrent = (finding: Finding) => finding.cropBox.every((edge, side) => edge === box?.[side]);
    this.#settled.push(...standing.filter((finding) => !isCurrent(finding)));
    if (inner !== undefined) this.#resumed = { cursor: inner, standing: standing.filter(isCurrent) };
  }
}
