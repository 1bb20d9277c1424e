/** Which model a command computes with. */
import { chooseOwnModel } from '../engine/own-model.js';
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
export function ownModelOf({ model }: Pick<Settings, 'model'>): Promise<OwnModel | undefined> {
  // Built beside the command line.
  return chooseOwnModel(model, new URL('./model-trial-worker.js', import.meta.url));
}
