/**
 * Preloaded into a sidecar that is to be killed while it keeps an embedding, which nobody outside could time: with a
 * file `die-in-writing` in CUTLINE_HOME it kills itself a few milliseconds after it has begun to write one.
 */
import { existsSync } from 'node:fs';
import files from 'node:fs/promises';
import { join } from 'node:path';

const WITHIN_MS = 4;
const ORDER = join(process.env.CUTLINE_HOME, 'die-in-writing');

const { writeFile } = files;
files.writeFile = (path, ...rest) => {
  const written = writeFile(path, ...rest);
  if (/embeddings.tmp./.test(String(path)) && existsSync(ORDER)) {
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), Math.random() * WITHIN_MS);
  }
  return written;
};
