/** What is done with one image of a batch, from its pixels to its layers. */
import type { ImageSource, LayerRef, LayerStyle } from '../../bridge.js';
import type { BatchTask, SelectedImage } from '../../selection.js';
import { throwIfCancelled } from '../../../protocol/errors.js';
import type { Sidecar } from '../connection.js';
import type { DocumentHost } from '../document-host.js';
import { objectsWithLayer } from '../everything/existing-layers.js';
import { findAll } from '../everything/find-all.js';
import { withinChosen } from '../everything/within-chosen.js';
import { outlineLayer, treeLayers } from '../layers.js';
import { scaledTolerancePx, suitingTolerancePx } from '../question.js';
import { prepareImage, sendImage } from '../send-image.js';
import { ask, askFor, findLargest, nothingFound } from './ask.js';
import type { AskedImage, Found, OutlineChoices } from './ask.js';
import { boxFromShares } from './box-shares.js';
import type { BoxShares } from './box-shares.js';
import type { BatchItem, Stage } from './state.js';

/** What is to be done, the same for every image. */
export interface Job extends OutlineChoices {
  readonly task: BatchTask;
  readonly style: LayerStyle;
  readonly box: BoxShares;
  readonly sharedEdges: boolean;
  /** What the sidecar answers with of itself; remembered on the layers. */
  readonly defaultModel: string;
  /** Present where layers are to be found again with another model. */
  readonly model?: string | undefined;
}

export interface Step {
  readonly signal: AbortSignal;
  /** Hears how far the item is; the fraction is of the stage, in [0, 1]. */
  onStage(stage: Stage, fraction: number): void;
}

interface WorkerOptions {
  readonly document: DocumentHost;
  readonly sidecar: Sidecar;
  /** SHA-256 in hex; undefined where the browser cannot compute it. */
  hashBytes(bytes: Uint8Array): Promise<string | undefined>;
}

/** An image that has been read and prepared. */
interface OpenImage {
  readonly of: SelectedImage;
  readonly source: ImageSource;
  readonly asked: AskedImage;
}

/** Works with one sidecar; layers of one image that follow each other are found on one reading of it. */
export class ItemWorker {
  private open: OpenImage | undefined;

  constructor(private readonly options: WorkerOptions) {}

  /** @throws CodedError whatever the document or the sidecar says; nothing was inserted then. */
  async work(item: BatchItem, job: Job, step: Step): Promise<readonly LayerRef[]> {
    const image = await this.openImage(item.image, job, step);
    throwIfCancelled(step.signal);
    step.onStage('looking', 0);
    if (item.layer) return this.findAgain(image, item.layer, job, step);
    return job.task === 'everything' ? this.insertAll(image, job, step) : this.insertOne(image, job, step);
  }

  private async openImage(wanted: SelectedImage, { model }: Job, step: Step): Promise<OpenImage> {
    if (this.open?.of.nodeId === wanted.nodeId && this.open.of.revision === wanted.revision) return this.open;
    this.open = undefined;
    const { document, sidecar, hashBytes } = this.options;
    const { signal } = step;
    step.onStage('reading', 0);
    const { source, bytes } = await document.readImage(wanted, { signal });
    throwIfCancelled(signal);
    step.onStage('preparing', 0);
    const id = await sendImage(bytes, await hashBytes(bytes), sidecar, signal);
    const { image } = await prepareImage(
      id,
      sidecar,
      signal,
      (fraction) => step.onStage('preparing', fraction),
      model,
    );
    const { width, height } = image;
    this.open = { of: wanted, source, asked: { image: { bytes }, sidecar, id, width, height } };
    return this.open;
  }

  private async insertOne({ asked, source }: OpenImage, job: Job, step: Step): Promise<readonly LayerRef[]> {
    const { signal } = step;
    const found: Found =
      job.task === 'box'
        ? await askFor(asked, [{ type: 'box', box: boxFromShares(job.box, asked) }], job, signal)
        : await findLargest(asked, job, signal, (fraction) => step.onStage('looking', fraction));
    throwIfCancelled(signal);
    step.onStage('inserting', 0);
    const outline = outlineLayer(found.candidate, found.question, job.defaultModel);
    return this.options.document.insertOutline(source, job.style, outline, { signal });
  }

  /** What has a layer already gets no second one. */
  private async insertAll({ asked, source }: OpenImage, job: Job, step: Step): Promise<readonly LayerRef[]> {
    const { signal } = step;
    const { document } = this.options;
    const tolerancePx = scaledTolerancePx(job.toleranceFactor, suitingTolerancePx(asked, false));
    const options = { tolerancePx, sharedEdges: job.sharedEdges };
    const { masks } = await findAll(asked, { options }, signal, ({ fraction }) =>
      step.onStage('looking', fraction),
    );
    if (masks.length === 0) throw nothingFound();
    const layered = objectsWithLayer(masks, await document.listLayers(source, { signal }), asked);
    const missing = withinChosen(masks, ({ id }) => !layered.has(id));
    throwIfCancelled(signal);
    if (missing.length === 0) return [];
    step.onStage('inserting', 0);
    const onProgress = (done: number, total: number) => step.onStage('inserting', done / total);
    const layers = treeLayers(missing, job.defaultModel);
    return document.insertTree(source, job.style, layers, { signal, onProgress });
  }

  private async findAgain(
    { asked, source }: OpenImage,
    { nodeId }: LayerRef,
    { model, defaultModel }: Job,
    step: Step,
  ): Promise<readonly LayerRef[]> {
    const { signal } = step;
    const { document } = this.options;
    const { prompts, tolerancePx, refine } = await document.openLayer(source, nodeId, { signal });
    const question = { prompts, tolerancePx, ...(refine && { refine }) };
    const { candidate } = await ask(asked, question, signal, model);
    throwIfCancelled(signal);
    step.onStage('inserting', 0);
    const outline = outlineLayer(candidate, question, model ?? defaultModel);
    return document.updateOutline(source, nodeId, outline, { signal });
  }
}
