/** A model that goes on elsewhere when its device fails in the middle of its work. */
import type { SegmentationModel } from './adapter.js';
import { InferenceFailure } from './session.js';

export interface Refuge {
  /** Loads the model where it runs whatever happens; called once at most. */
  load(): Promise<SegmentationModel>;
  /** The device from which there is no going elsewhere. */
  readonly device: string;
  /** Hears that a device has failed, before the other one is loaded. */
  onDidFail(device: string, reason: string): Promise<void> | void;
}

/** @returns A model on the first one's device, until an inference fails there: that one is repeated in the refuge. */
export function createSteadfastModel(first: SegmentationModel, refuge: Refuge): SegmentationModel {
  return new SteadfastModel(first, refuge);
}

class SteadfastModel implements SegmentationModel {
  #model: SegmentationModel;
  #moved: Promise<SegmentationModel> | undefined;
  readonly #refuge: Refuge;

  constructor(first: SegmentationModel, refuge: Refuge) {
    this.#model = first;
    this.#refuge = refuge;
  }

  get id(): string {
    return this.#model.id;
  }

  get device(): string {
    return this.#model.device;
  }

  encode: SegmentationModel['encode'] = (...call) => this.#run((model) => model.encode(...call));
  decode: SegmentationModel['decode'] = (...call) => this.#run((model) => model.decode(...call));
  decodeAbove: SegmentationModel['decodeAbove'] = (...call) =>
    this.#run((model) => model.decodeAbove(...call));
  survey: SegmentationModel['survey'] = (...call) => this.#run((model) => model.survey(...call));
  surveySamples: SegmentationModel['surveySamples'] = (image) => this.#model.surveySamples(image);

  async dispose(): Promise<void> {
    await this.#moved?.catch(() => undefined);
    await this.#model.dispose();
  }

  async #run<T>(work: (model: SegmentationModel) => Promise<T>): Promise<T> {
    const model = await (this.#moved ?? this.#model);
    try {
      return await work(model);
    } catch (error) {
      if (!(error instanceof InferenceFailure) || model.device === this.#refuge.device) throw error;
      this.#moved ??= this.#move(model, error.message);
      return work(await this.#moved);
    }
  }

  async #move(failed: SegmentationModel, reason: string): Promise<SegmentationModel> {
    try {
      await this.#refuge.onDidFail(failed.device, reason);
      // Its memory first, which the other one may need. A device that has gone may refuse even that.
      await failed.dispose().catch(() => undefined);
      this.#model = await this.#refuge.load();
      return this.#model;
    } catch (error) {
      // The next inference fails as this one did, and tries again.
      this.#moved = undefined;
      throw error;
    }
  }
}
