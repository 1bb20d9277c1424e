/**
 * Image files read in the process that asks: the command line's, where a file is the user's own and a crash ends one
 * command, and the processes that do nothing else (engine/decode-worker.ts).
 */
import { throwIfCancelled } from '../protocol/errors.js';
import { decodeImage, decodeRgba, inspectImage, shrinkImage } from './image.js';
import { createImageReader } from './image-reader.js';
import type { Read } from './image-reader.js';

const NOTHING = new Uint8Array(0);

export const readHere: Read = async (task, bytes, { signal } = {}) => {
  throwIfCancelled(signal);
  switch (task.what) {
    case 'size':
      return { ...(await inspectImage(bytes)), data: NOTHING };
    case 'rgb':
      return decodeImage(bytes);
    case 'rgba':
      return decodeRgba(bytes);
    case 'grid':
      return { width: task.columns, height: task.rows, data: await shrinkImage(bytes, task) };
  }
};

export const localImages = createImageReader(readHere);
