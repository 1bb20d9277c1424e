import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Folder of real photographs and references, beside the project or where CUTLINE_DATA says; it may be absent. */
export const DATA_FOLDER = resolve(
  process.env['CUTLINE_DATA'] ?? join(import.meta.dirname, '../../../shared/data'),
);

/** Whether the data is there; says aloud when it is not, since tests that need it are then skipped. */
export function hasData(part: string): boolean {
  const present = existsSync(join(DATA_FOLDER, part));
  if (!present) console.warn(`SKIPPED: no ${part} in ${DATA_FOLDER}; set CUTLINE_DATA to run these tests.`);
  return present;
}
