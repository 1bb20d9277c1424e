/** What the commands read and write. */
import { readFile, realpath, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Disposable } from 'vscode-jsonrpc';
import { replaceFile } from '../../models/write-file-node.js';
import { CodedError } from '../../protocol/errors.js';
import { codeOf, tolerate } from '../file-errors.js';

/** @throws CodedError FILE_MISSING when the file cannot be read. */
export async function readInput(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new CodedError('FILE_MISSING', `${path} cannot be read.`, 'Check the path.', { cause });
  }
}

/**
 * Finds out beforehand whether there is a folder to write into.
 *
 * @throws CodedError FILE_WRITE
 */
export async function checkFolder(path: string): Promise<void> {
  const folder = dirname(path);
  const found = await tolerate(stat(folder), ['ENOENT', 'ENOTDIR']);
  if (found?.isDirectory()) return;
  throw new CodedError('FILE_WRITE', `There is no folder ${folder} to write ${path} into.`, 'Make it first.');
}

/**
 * Writes a whole file or nothing: a crash in the middle leaves what was there before. What is no file, a pipe or
 * /dev/null, is written to and stays what it is.
 *
 * @throws CodedError FILE_WRITE
 */
export async function writeOutput(path: string, bytes: Uint8Array): Promise<void> {
  try {
    const found = await tolerate(stat(path), ['ENOENT']);
    if (found && !found.isFile()) return await writeFile(path, bytes);
    // Through a link to the file it stands for.
    await replaceFile(found ? await realpath(path) : path, bytes);
  } catch (cause) {
    const message = `${path} cannot be written (${codeOf(cause)}).`;
    throw new CodedError('FILE_WRITE', message, 'Choose another place.', { cause });
  }
}

/**
 * Prints to stdout and waits until it has gone, so that exiting does not cut a pipe short.
 *
 * @throws CodedError FILE_WRITE; a reader that has heard enough is no fault.
 */
export async function print(content: string | Uint8Array): Promise<void> {
  const error = await new Promise<NodeJS.ErrnoException | null | undefined>((resolve) => {
    // The stream tells its listeners too, and would end the process if there were none.
    process.stdout.once('error', resolve);
    process.stdout.write(content, resolve);
  });
  if (!error || error.code === 'EPIPE') return;
  const message = `Standard output cannot be written (${error.code}).`;
  throw new CodedError('FILE_WRITE', message, 'Make room, or choose another place with --out.', {
    cause: error,
  });
}

/**
 * Goes on when what reads the output has ended, a closed terminal or `| head`, or the disk under it is full: a stream
 * without a listener would end the process. Whoever prints a result hears of the fault from `print`.
 */
export function outliveOutput(): Disposable {
  const streams = [process.stdout, process.stderr];
  const ignore = () => undefined;
  for (const stream of streams) stream.on('error', ignore);
  return { dispose: () => streams.forEach((stream) => void stream.off('error', ignore)) };
}

/**
 * A line on the terminal that says how far things are; nothing where stderr is not a terminal.
 *
 * @param details After the bar: what was found, what is left.
 */
export function showProgress(label: string, fraction: number, details = ''): void {
  if (!process.stderr.isTTY) return;
  const width = 24;
  const filled = Math.round(fraction * width);
  const bar = '█'.repeat(filled) + '░'.repeat(width - filled);
  process.stderr.write(
    fraction >= 1
      ? '\r\x1b[2K'
      : `\r\x1b[2K${label} ${bar} ${Math.round(fraction * 100)} %${details && ` · ${details}`}`,
  );
}
