/** A model that a person brings, as settings name it and threads hand it on. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelDescription } from '../../models/catalog.js';
import { DECODER_VERSION } from '../../models/decoder/build.js';
import { readFolderFile, readModelFolder } from '../../models/model-folder-node.js';
import { PREPROCESSING_VERSION } from '../../models/preprocess.js';
import { PROBE_VERSION } from '../../models/probe.js';
import { sha256 } from '../../models/sha256-node.js';
import type { ModelSource } from '../../models/store-node.js';

export interface ModelFolder {
  readonly folder: string;
  /** As it was when it was chosen: files that differ from it are not loaded. */
  readonly description: ModelDescription;
}

export interface OwnModel extends ModelFolder {
  /** Address of the built model-trial-worker. */
  readonly trialScript: string;
}

/** Models of one's own whose caches are kept; each takes some 15 MB. */
const KEPT_MODELS = 4;

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

export function folderModel({ folder, description }: ModelFolder): ModelSource {
  return { description, read: (file) => readFolderFile(folder, file) };
}

/**
 * Where a model's built decoders are kept, and what is known of the devices that it was tried on. One that somebody
 * brought has a folder of its own, so that nothing of it is held against the product's model.
 */
export function modelCacheDir(home: string, ownModel: ModelFolder | undefined): string {
  const models = join(home, 'models');
  return ownModel ? join(ownModels(models), keyOf(ownModel.description)) : models;
}

/** Removes what is kept of models that were not tried lately. */
export async function forgetOldModels(cacheDir: string): Promise<void> {
  const folder = join(cacheDir, '..');
  const found = await Promise.all(
    (await readdir(folder)).map(async (name) => ({ name, ms: (await stat(join(folder, name))).mtimeMs })),
  );
  const old = found.sort((a, b) => b.ms - a.ms).slice(KEPT_MODELS);
  for (const { name } of old) await rm(join(folder, name), { recursive: true, force: true });
}

export function ownModels(models: string): string {
  return join(models, 'own');
}

/** All that built decoders and the outcome of a trial depend on, besides the runtime. */
function keyOf({ files }: ModelDescription): string {
  const versions = [DECODER_VERSION, PREPROCESSING_VERSION, PROBE_VERSION];
  return sha256([files.encoder.sha256, files.decoder.sha256, ...versions].join(' ')).slice(0, 32);
}
