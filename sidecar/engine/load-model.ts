/** The model that was chosen, in this thread, on the device that was asked for. */
import { deviceHistory } from '../../models/device-history-node.js';
import { findModel } from '../../models/catalog.js';
import { firstSentence, loadOnDevice } from '../../models/device-node.js';
import type { DeviceHistory, LoadedModel, ProbedModel } from '../../models/device-node.js';
import { createSteadfastModel } from '../../models/steadfast-model.js';
import { RUNTIME_VERSION } from '../../models/session-node.js';
import { loadStoredModel, packagedModel } from '../../models/store-node.js';
import type { ModelSource } from '../../models/store-node.js';
import type { ComputeOptions, FallbackListener } from './compute.js';
import { tryOwnModel } from './model-trial.js';
import { folderModel } from './own-model.js';

export interface LoadOptions extends ComputeOptions {
  readonly signal?: AbortSignal;
  readonly onDidFallBack?: FallbackListener;
  /** What earlier starts found out about devices; by default what `cacheDir` says. */
  readonly history?: DeviceHistory;
}

/** A loaded model, with what it is to answer to the probe and what was mended or could not be kept on the way. */
export interface LoadedChoice extends LoadedModel {
  readonly probed: ProbedModel;
  readonly notes: readonly string[];
}

/**
 * Should its device fail later on, the model goes on on the CPU, and the device is passed over for as long as one that
 * failed at the start.
 *
 * @throws CodedError MODEL_MISSING, MODEL_CHECKSUM, MODEL_GRAPH, DEVICE_UNAVAILABLE or CANCELLED; of a model that
 *   somebody brought also MODEL_FOLDER and MODEL_REFUSED.
 */
export async function loadModel(options: LoadOptions): Promise<LoadedChoice> {
  const { cacheDir, device, signal, onDidFallBack } = options;
  const notes: string[] = [];
  const { source, probed } = await chosenModel(options);
  const store = () => loadStoredModel(source, { cacheDir, onNote: (note) => notes.push(note) });
  const history = options.history ?? deviceHistory(cacheDir, RUNTIME_VERSION);
  const run = signal && { signal };
  const { model, fallbacks } = await loadOnDevice(probed, await store(), device, history, run);
  const steadfast = createSteadfastModel(model, {
    device: 'cpu',
    async onDidFail(failed, message) {
      const reason = firstSentence(message);
      await history.refuse(failed, reason);
      onDidFallBack?.({ device: failed, reason });
    },
    load: async () => (await loadOnDevice(probed, await store(), 'cpu', history, run)).model,
  });
  return { model: steadfast, probed, fallbacks, notes };
}

/** Nothing of a model that somebody brought is looked at here before a process of its own has survived it. */
async function chosenModel({ ownModel, cacheDir, signal }: LoadOptions): Promise<{
  readonly source: ModelSource;
  readonly probed: ProbedModel;
}> {
  if (!ownModel) {
    const entry = findModel();
    return { source: packagedModel(entry), probed: entry };
  }
  const probe = await tryOwnModel(ownModel, { cacheDir, signal });
  return { source: folderModel(ownModel), probed: { id: ownModel.description.id, probe } };
}
