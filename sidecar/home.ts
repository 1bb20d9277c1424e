/** CUTLINE_HOME: caches, models, paired clients. */
import { mkdir } from 'node:fs/promises';

/**
 * Makes the folder where there is none, for its owner alone. To be called before anything is kept in it: what makes the
 * folders below would make this one too, and open it to everybody.
 */
export async function ensureHome(home: string): Promise<void> {
  await mkdir(home, { recursive: true, mode: 0o700 });
}
