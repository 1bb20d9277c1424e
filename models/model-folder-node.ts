/**
 * Models that a person brings: a folder with a description, model.json, beside the files that it names. What lies outside
 * of the folder is not opened, whatever the description says and whatever was put into the folder.
 */
import { constants } from 'node:fs';
import type { Stats } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { CodedError } from '../protocol/errors.js';
import { CATALOG, modelDescriptionSchema } from './catalog.js';
import type { ModelDescription, ModelFile } from './catalog.js';
import { inspectOnnx } from './inspect-onnx.js';
import { sha256 } from './sha256-node.js';

const DESCRIPTION = 'model.json';
const SHAPE_HINT = 'docs/own-models.md shows what belongs into it.';
const MAX_DESCRIPTION_BYTES = 64 * 1024;
/** More than this no ONNX file can hold. */
const MAX_FILE_BYTES = 2 ** 31 - 1;
/** Names that lead nowhere else. */
const PLAIN_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/**
 * @throws CodedError MODEL_FOLDER when there is no description, it is not of the shape, or names files elsewhere.
 */
export async function readModelFolder(folder: string): Promise<ModelDescription> {
  const bytes = await readContained(folder, DESCRIPTION, MAX_DESCRIPTION_BYTES);
  const description = parseDescription(bytes);
  if (CATALOG.some(({ id }) => id === description.id)) {
    const message = `${DESCRIPTION} calls the model ${description.id}, as one is called that comes with Cutline.`;
    throw folderError(message, 'Give it an id of its own.');
  }
  for (const { path, bytes: length } of Object.values(description.files)) {
    if (!PLAIN_NAME.test(path)) {
      throw folderError(
        `${DESCRIPTION} names the file ${JSON.stringify(path)}, which is not a plain name.`,
        `Put the file beside ${DESCRIPTION} and name it without a path.`,
      );
    }
    if (length > MAX_FILE_BYTES)
      throw folderError(`${path} is too large.`, `A model’s file may have 2 GB at most.`);
  }
  return description;
}

/**
 * @returns A file's bytes: the ones that the description tells of, and nothing but a plain graph.
 * @throws CodedError MODEL_FOLDER or MODEL_REFUSED.
 */
export async function readFolderFile(folder: string, file: ModelFile): Promise<Uint8Array> {
  const bytes = await readContained(folder, file.path, file.bytes);
  if (bytes.length !== file.bytes || sha256(bytes) !== file.sha256) throw changed(file.path);
  inspectOnnx(bytes, file.path);
  return bytes;
}

function parseDescription(bytes: Uint8Array): ModelDescription {
  try {
    return modelDescriptionSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    const issue = cause instanceof z.ZodError ? cause.issues[0] : undefined;
    const where = issue ? ` (${issue.path.join('.')}: ${issue.message})` : '';
    throw folderError(`${DESCRIPTION} is not a model’s description${where}.`, SHAPE_HINT, cause);
  }
}

async function readContained(folder: string, name: string, mostBytes: number): Promise<Uint8Array> {
  const path = join(folder, name);
  const found = await lstat(path).catch((cause: unknown) => {
    const isMissing = ['ENOENT', 'ENOTDIR'].includes(String((cause as NodeJS.ErrnoException).code));
    throw isMissing
      ? folderError(`There is no file ${basename(folder)}/${name}.`, SHAPE_HINT, cause)
      : unreadable(name, cause);
  });
  if (!isOwn(found)) throw elsewhere(name);
  // What was put in its place meanwhile is not followed, and a pipe does not keep us waiting.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const handle = await open(path, flags).catch((cause: unknown) => {
    throw unreadable(name, cause);
  });
  try {
    const opened = await handle.stat();
    if (!isOwn(opened) || opened.ino !== found.ino || opened.dev !== found.dev) throw elsewhere(name);
    if (opened.size > mostBytes) {
      throw name === DESCRIPTION ? folderError(`${DESCRIPTION} is too long.`, SHAPE_HINT) : changed(name);
    }
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** A symbolic link leads elsewhere, and so does a file that has a second name. */
function isOwn(stats: Stats): boolean {
  return stats.isFile() && stats.nlink === 1;
}

function elsewhere(name: string): CodedError {
  const message = `${name} is a link, or no file at all; a model’s files have to be in its own folder.`;
  return folderError(message, 'Put a copy of the file itself there.');
}

function changed(name: string): CodedError {
  return folderError(
    `${name} is not the file that ${DESCRIPTION} tells of.`,
    `Get it anew, or correct its size and sha256 in ${DESCRIPTION}.`,
  );
}

function unreadable(name: string, cause: unknown): CodedError {
  return folderError(`${name} cannot be read.`, 'Make it a file that you may read.', cause);
}

function folderError(message: string, hint: string, cause?: unknown): CodedError {
  return new CodedError('MODEL_FOLDER', message, hint, { cause });
}
