/** Images in folders. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CodedError } from '../../protocol/errors.js';

export const IMAGE_NAMES = /\.(png|jpe?g|webp|gif|avif|tiff?)$/i;

/**
 * @returns Paths of the images in a folder, by name.
 * @throws CodedError FILE_READ; USAGE when there are none.
 */
export async function findImages(folder: string): Promise<string[]> {
  const names = (await listFolder(folder)).filter((name) => IMAGE_NAMES.test(name)).sort();
  if (names.length > 0) return names.map((name) => join(folder, name));
  throw new CodedError('USAGE', `There is no image in ${folder}.`, 'Give a folder of photographs.');
}

/** @throws CodedError FILE_READ */
export async function readImage(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new CodedError('FILE_READ', `${path} cannot be read.`, 'Is it a file?', { cause });
  }
}

/** @throws CodedError FILE_READ */
export async function listFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    throw new CodedError('FILE_READ', `${folder} cannot be listed.`, 'Is it a folder?', { cause });
  }
}
