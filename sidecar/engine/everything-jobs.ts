/** Searches for everything that are under way in this thread. */
import { randomUUID } from 'node:crypto';
import type { Embedding, RgbImage, SegmentationModel } from '../../models/adapter.js';
import { cropImage } from '../../models/crop.js';
import { footprintGrid } from '../../models/everything/footprint.js';
import { EverythingRun } from '../../models/everything/run.js';
import type { EverythingUpdate } from '../../models/everything/run.js';
import { CodedError } from '../../protocol/errors.js';
import type { Box } from '../../protocol/geometry.js';
import type { ImageReader } from '../image-reader.js';
import type { Cancellable, EverythingJob, EverythingSummary } from './compute.js';

/** How long a search may go on at a time: whoever clicks meanwhile waits for as much. */
const TURN_MS = 8;

export class EverythingJobs {
  readonly #runs = new Map<string, EverythingRun>();
  readonly #images: ImageReader;

  constructor(images: ImageReader) {
    this.#images = images;
  }

  /** @throws CodedError RESUME_INVALID, IMAGE_UNKNOWN, or what makes the image file unreadable. */
  async start(
    model: SegmentationModel,
    embedding: Embedding,
    { options, resume, bytes }: EverythingJob,
  ): Promise<string> {
    const { image } = embedding;
    let pixels: Promise<RgbImage> | undefined;
    const source = {
      image,
      embed: async (box: Box, call: Cancellable): Promise<Embedding> => {
        if (isWhole(box, embedding)) return embedding;
        pixels ??= this.#images.decode(needed(bytes));
        return model.encode(cropImage(await pixels, box), call.signal && { signal: call.signal });
      },
    };
    const colours = bytes && (await this.#images.shrink(bytes, footprintGrid(image)));
    const run = new EverythingRun({ model, source, options, resume, colours });
    // Rather than at the first crop, when the search has gone on for a while.
    if (run.parameters.cropLayers > 0) needed(bytes);
    // Unlike numbers, these are not given again by the thread that takes over when this one dies.
    const id = randomUUID();
    this.#runs.set(id, run);
    return id;
  }

  advance(id: string, { signal }: Cancellable): Promise<EverythingUpdate> {
    return this.#run(id).advance(TURN_MS, signal ? { signal } : {});
  }

  summarise(id: string): EverythingSummary {
    const { mode, parameters, prompts, masks, timings } = this.#run(id);
    return { mode, parameters, prompts, masks, timings };
  }

  end(id: string): void {
    this.#runs.delete(id);
  }

  #run(id: string): EverythingRun {
    const run = this.#runs.get(id);
    if (run) return run;
    // The thread that knew it died, and this is its successor.
    throw new CodedError('INTERNAL', 'The search was cut off.', 'Go on with it, or start anew.');
  }
}

function isWhole([x0, y0, x1, y1]: Box, { image }: Embedding): boolean {
  return x0 === 0 && y0 === 0 && x1 === image.width && y1 === image.height;
}

/** @throws CodedError IMAGE_UNKNOWN */
function needed(bytes: Uint8Array | undefined): Uint8Array {
  if (bytes) return bytes;
  throw new CodedError('IMAGE_UNKNOWN', 'Crops need the image’s pixels.', 'Upload the image again.');
}
