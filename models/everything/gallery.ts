/** The masks of a run as people get them: outlined, named, arranged, each shown once, and taken back when displaced. */
import type { Arrangement, EverythingParameters, FoundMask } from '../../protocol/everything.js';
import type { Box, Size } from '../../protocol/geometry.js';
import type { SampleGrid } from '../logit-field.js';
import { traceField } from '../trace/outline.js';
import { rleFromRings } from '../mask/rle.js';
import type { Finding } from './finding.js';
import { footprintGrid, footprintOf } from './footprint.js';
import type { Footprint } from './footprint.js';
import { nameMask } from './name.js';
import { pickBest } from './nms.js';
import { shareEdges } from './shared-edges.js';
import { arrangeMasks } from './tree.js';

export interface GalleryOptions {
  readonly image: Size;
  readonly tolerancePx: number;
  /** Islands and holes of fewer pixels are dropped and filled. */
  readonly minRegionPx: number;
  /** The image at the samples of the footprints' grid, Uint8 RGB. */
  readonly colours?: Uint8Array | undefined;
}

/** What is new since the last look. */
export interface GalleryChange {
  readonly masks: FoundMask[];
  readonly dropped: number[];
  readonly arrangement: Arrangement;
}

interface Exhibit {
  readonly id: number;
  readonly finding: Finding;
  readonly footprint: Footprint;
  /** Undefined until it is traced; null when nothing of it is large enough to keep. */
  mask: Omit<FoundMask, 'parent'> | null | undefined;
  /** Whether tracing dropped islands or filled holes. */
  isCleaned: boolean;
}

/** So many outlines are shown together at least, unless there are no more. */
const SHOWN_TOGETHER = 6;

export class Gallery {
  readonly #options: GalleryOptions;
  readonly #grid: SampleGrid;
  readonly #exhibits = new Map<Finding, Exhibit>();
  #standing: Exhibit[] = [];
  #untraced: Exhibit[] = [];
  /** What is on show, by id, as it was last shown. */
  readonly #shown = new Map<number, Exhibit['mask']>();
  #nextId = 1;

  constructor(options: GalleryOptions) {
    this.#options = options;
    this.#grid = footprintGrid(options.image);
  }

  /** Takes in a mask of an earlier run under its own id, outline and all; whoever resumes has it on show. */
  restore(mask: FoundMask, finding: Finding): Finding {
    const footprint = footprintOf(this.#grid, finding.shape);
    // What was cleaned before the break is taken for clean.
    const exhibit: Exhibit = { id: mask.id, finding, footprint, mask, isCleaned: false };
    this.#exhibits.set(finding, exhibit);
    this.#standing.push(exhibit);
    this.#shown.set(mask.id, mask);
    this.#nextId = Math.max(this.#nextId, mask.id + 1);
    return finding;
  }

  /** @param standing All masks that stand now. */
  show(standing: readonly Finding[]): void {
    this.#standing = standing.map((finding) => this.#exhibitOf(finding));
    this.#untraced = this.#standing
      .filter(({ mask }) => mask === undefined)
      .sort((a, b) => b.finding.area - a.finding.area);
  }

  get hasUntraced(): boolean {
    return this.#untraced.length > 0;
  }

  /** Outlines one more mask, the largest first. */
  traceNext(): void {
    const exhibit = this.#untraced.shift()!;
    this.#trace(exhibit);
  }

  /** Everything traced that stands, in painting order. */
  get masks(): FoundMask[] {
    const standing = new Map(this.#visible().map((exhibit) => [exhibit.id, exhibit]));
    return this.#arrange().map(({ id, parent }) => ({ ...standing.get(id)!.mask!, parent }));
  }

  /** @returns What changed since the last time; nothing while more is about to come. */
  takeChange(): GalleryChange | undefined {
    const visible = this.#visible();
    const added = visible.filter(({ id, mask }) => this.#shown.get(id) !== mask);
    if (this.hasUntraced && added.length < SHOWN_TOGETHER) return undefined;
    const standing = new Set(visible.map(({ id }) => id));
    const dropped = [...this.#shown.keys()].filter((id) => !standing.has(id));
    if (added.length === 0 && dropped.length === 0) return undefined;
    for (const id of dropped) this.#shown.delete(id);
    for (const { id, mask } of added) this.#shown.set(id, mask);
    const arrangement = this.#arrange();
    const parents = new Map(arrangement.map(({ id, parent }) => [id, parent]));
    return {
      masks: added.map(({ id, mask }) => ({ ...mask!, parent: parents.get(id)! })),
      dropped,
      arrangement,
    };
  }

  /** The last touches, with pauses: what was cleaned gives way to what needed none, and neighbours get to share their edges. */
  *finish(parameters: EverythingParameters, sharedEdges: boolean): Generator<undefined, void> {
    if (this.#options.minRegionPx > 0) this.#preferUnchanged(parameters);
    if (sharedEdges) yield* this.#shareEdges();
  }

  /** @source segment-anything, SamAutomaticMaskGenerator.postprocess_small_regions. */
  #preferUnchanged({ boxNmsThreshold, cropNmsThreshold }: EverythingParameters): void {
    const cleaned = this.#visible().map((exhibit) => ({ exhibit, box: exhibit.mask!.box as Box }));
    const unchanged = ({ exhibit }: (typeof cleaned)[number]) => (exhibit.isCleaned ? 0 : 1);
    const kept = pickBest(cleaned, unchanged, Math.max(boxNmsThreshold, cropNmsThreshold));
    this.#standing = kept.map(({ exhibit }) => exhibit);
  }

  *#shareEdges(): Generator<undefined, void> {
    const { image, tolerancePx, minRegionPx } = this.#options;
    const regions = yield* shareEdges(this.masks, image, { tolerancePx, minRegionPx });
    const byId = new Map(regions.map((region) => [region.id, region]));
    for (const exhibit of this.#visible()) {
      const region = byId.get(exhibit.id);
      if (!region) exhibit.mask = null;
      else {
        const { rle, area, box, outline } = region;
        exhibit.mask = { ...exhibit.mask!, rle, area, box, outline };
      }
    }
  }

  #visible(): Exhibit[] {
    return this.#standing.filter(({ mask }) => mask);
  }

  #arrange(): Arrangement {
    return arrangeMasks(
      this.#visible().map(({ id, footprint, mask }) => ({
        id,
        footprint,
        area: mask!.area,
        box: mask!.box,
      })),
    );
  }

  #exhibitOf(finding: Finding): Exhibit {
    const known = this.#exhibits.get(finding);
    if (known) return known;
    const footprint = footprintOf(this.#grid, finding.shape);
    const exhibit: Exhibit = { id: this.#nextId++, finding, footprint, mask: undefined, isCleaned: false };
    this.#exhibits.set(finding, exhibit);
    return exhibit;
  }

  #trace(exhibit: Exhibit): void {
    const { id, finding, footprint } = exhibit;
    const { image, tolerancePx, minRegionPx, colours } = this.#options;
    const { shape, predictedIou, stabilityScore, point, cropBox } = finding;
    if (!('logits' in shape)) throw new Error('A resumed mask came without its outline.');
    const { outline, rings, dropped } = traceField(shape, { tolerancePx, minRegionPx });
    const { rle, area, box } = rleFromRings(rings, image);
    exhibit.isCleaned = dropped > 0;
    exhibit.mask = null;
    if (area === 0) return;
    const name = nameMask(id, area / (image.width * image.height), footprint, colours);
    exhibit.mask = { id, name, area, box, predictedIou, stabilityScore, point, cropBox, rle, outline };
  }
}
