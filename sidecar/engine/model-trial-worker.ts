/**
 * Entry point of the process that tries one model for model-trial.ts: verifies its files, builds its decoders, and has it
 * answer the probe. The work is done in a second thread, so that the first one can watch what it takes. It ends with
 * whoever started it.
 */
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { firstSentence, loadOnDevice } from '../../models/device-node.js';
import type { DeviceHistory } from '../../models/device-node.js';
import { probeModel } from '../../models/probe.js';
import type { ProbeAnswer } from '../../models/probe.js';
import { loadStoredModel } from '../../models/store-node.js';
import type { StoredModel } from '../../models/store-node.js';
import { CodedError } from '../../protocol/errors.js';
import { wireError } from '../../protocol/wire-error.js';
import { TRIAL_FD, TRIAL_READY } from './model-trial.js';
import type { TrialLimits, TrialOutcome, TrialTask } from './model-trial.js';
import { folderModel } from './own-model.js';

const WATCH_EVERY_MS = 5;

/** The processor is tried alone: other devices are judged when the model is loaded. */
const NO_HISTORY: DeviceHistory = {
  refusal: async () => undefined,
  begin: async () => undefined,
  refuse: async () => undefined,
  accept: async () => undefined,
};

if (isMainThread) await watchTrial();
else parentPort!.postMessage(await tryModel(workerData as TrialTask));

async function watchTrial(): Promise<void> {
  process.stdin.on('end', leave);
  const [line] = (await once(createInterface({ input: process.stdin }), 'line')) as [string];
  const task = JSON.parse(line) as TrialTask;
  writeSync(TRIAL_FD, TRIAL_READY);
  watchLimits(task.limits);
  const worker = new Worker(new URL(import.meta.url), { workerData: task });
  worker.on('message', (outcome: TrialOutcome) => answer(outcome));
  worker.on('error', (error) => answer(failure(error)));
}

async function tryModel({ model, cacheDir }: TrialTask): Promise<TrialOutcome> {
  try {
    const stored = await loadStoredModel(folderModel(model), { cacheDir });
    const probe = await answerProbe(model.description.id, stored);
    const isSane = [...Object.values(probe)].flat().every(Number.isFinite);
    return isSane ? { probe } : failure(refused('It computes values that are not numbers.'));
  } catch (error) {
    return failure(error);
  }
}

/** Whatever the runtime does not like is the model's fault; it says so in errors of many kinds. */
async function answerProbe(id: string, stored: StoredModel): Promise<ProbeAnswer> {
  try {
    const { model } = await loadOnDevice({ id, probe: NO_PROBE }, stored, 'cpu', NO_HISTORY);
    return await probeModel(model);
  } catch (error) {
    throw refused(`The runtime says: ${firstSentence(error).replace(/\.+$/, '')}.`);
  }
}

/** Not looked at: the recording is what is made here. */
const NO_PROBE: ProbeAnswer = { embeddingMean: 0, embeddingDeviation: 0, predictedIou: [], logits: [] };

function failure(error: unknown): TrialOutcome {
  const { message, data } = wireError(error);
  return { error: { message, data } };
}

function refused(why: string): CodedError {
  return new CodedError(
    'MODEL_REFUSED',
    `The model does not work as an encoder and decoder of the SAM family. ${why}`,
    'docs/own-models.md says what its inputs and outputs have to be.',
  );
}

function watchLimits({ timeMs, memoryBytes }: TrialLimits): void {
  const deadline = performance.now() + timeMs;
  setInterval(() => {
    const takesMemory = process.memoryUsage.rss() > memoryBytes;
    if (!takesMemory && performance.now() < deadline) return;
    const what = takesMemory ? `${Math.round(memoryBytes / 2 ** 20)} MB of memory` : `${timeMs / 1000} s`;
    answer(failure(refused(`Trying it takes more than ${what}.`)));
  }, WATCH_EVERY_MS);
}

/** The last thing this process does: an ordinary exit would wait for what the runtime is doing. */
function answer(outcome: TrialOutcome): void {
  writeSync(TRIAL_FD, JSON.stringify(outcome));
  leave();
}

function leave(): never {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('unreachable');
}
