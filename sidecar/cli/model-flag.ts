/** Which model a command computes with. */
import { existsSync } from 'node:fs';
import { trialRecord } from '../engine/model-trial.js';
import { chooseOwnModel, modelCacheDir } from '../engine/own-model.js';
import type { OwnModel } from '../engine/own-model.js';
import type { Settings } from '../settings.js';

/** The flag of every command that has a model. */
export const MODEL_FLAG = [
  '--model <folder>',
  'a model of your own (default: CUTLINE_MODEL, else the one that comes with Cutline)',
] as const;

/**
 * @returns The model that a person brings; nothing for the product's own.
 * @throws CodedError MODEL_FOLDER
 */
export async function ownModelOf({ home, model, log }: Settings): Promise<OwnModel | undefined> {
  // Built beside the command line.
  const own = await chooseOwnModel(model, new URL('./model-trial-worker.js', import.meta.url));
  if (own && log !== 'silent' && !existsSync(trialRecord(modelCacheDir(home, own))))
    console.error(
      `Trying ${own.description.name} in a process of its own, this once; it takes some seconds.`,
    );
  return own;
}
