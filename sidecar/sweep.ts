/** Takes away what a process leaves that was killed in the middle of writing. */
import { readdir, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ownModels } from './engine/own-model.js';

/** Nothing of ours is half-done for this long. */
const OLD_MS = 60 * 60 * 1000;

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
/** A draft of `replaceFile`. */
const DRAFT = new RegExp(`\\.${UUID}\\.tmp$`);

/** Folders below the home, and what in them is litter once it is old. */
const PLACES: readonly { readonly folder: string; readonly litter: RegExp }[] = [
  { folder: '.', litter: DRAFT },
  { folder: '.', litter: new RegExp(`^clients\\.lock\\.${UUID}$`) },
  { folder: 'models', litter: DRAFT },
  { folder: 'models/devices', litter: DRAFT },
  // cacache writes here before it moves content into place, and counts none of it.
  { folder: 'embeddings/tmp', litter: /^/ },
];
/** Left where browsers can read it; see open-workbench.ts. */
const LAUNCH_PAGE = new RegExp(`^cutline-workbench-${UUID}\\.html$`);

/**
 * Never fails: what cannot be removed stays for the next start.
 *
 * @param home CUTLINE_HOME.
 * @param pages Where launch pages are.
 */
export async function sweepLitter(home: string, pages = homedir()): Promise<void> {
  for (const { folder, litter } of PLACES) await sweepFolder(join(home, folder), litter);
  const own = ownModels(join(home, 'models'));
  for (const model of await readdir(own).catch(() => [])) {
    await sweepFolder(join(own, model), DRAFT);
    await sweepFolder(join(own, model, 'devices'), DRAFT);
  }
  await sweepFolder(pages, LAUNCH_PAGE);
}

async function sweepFolder(folder: string, litter: RegExp): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((one) => litter.test(one))) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (!found || Date.now() - found.mtimeMs <= OLD_MS) continue;
    await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}
