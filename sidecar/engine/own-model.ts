/** A model that a person brings, as settings name it and threads hand it on. */
import type { ModelDescription } from '../../models/catalog.js';
import { readFolderFile, readModelFolder } from '../../models/model-folder-node.js';
import type { ModelSource } from '../../models/store-node.js';

export interface OwnModel {
  readonly folder: string;
  /** As it was when it was chosen: files that differ from it are not loaded. */
  readonly description: ModelDescription;
  /** Address of the built model-trial-worker. */
  readonly trialScript: string;
}

/**
 * @param folder As the setting has it; nothing for the product's own model.
 * @throws CodedError MODEL_FOLDER
 */
export async function chooseOwnModel(
  folder: string | undefined,
  trialScript: URL,
): Promise<OwnModel | undefined> {
  if (folder === undefined) return undefined;
  return { folder, description: await readModelFolder(folder), trialScript: trialScript.href };
}

export function folderModel({ folder, description }: Omit<OwnModel, 'trialScript'>): ModelSource {
  return { description, read: (file) => readFolderFile(folder, file) };
}
