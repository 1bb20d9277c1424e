/** CUTLINE_HOME: caches, models, paired clients. */
import { access, constants, mkdir } from 'node:fs/promises';

/**
 * Makes the folder where there is none, for its owner alone. To be called before anything is kept in it: what makes the
 * folders below would make this one too, and open it to everybody.
 *
 * @throws An error of the file system when nothing can be kept there.
 */
export async function ensureHome(home: string): Promise<void> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  // On a disk that is read-only, a folder that is there already passes for made.
  await access(home, constants.W_OK);
}
