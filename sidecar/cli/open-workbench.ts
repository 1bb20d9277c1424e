/** Opens the workbench in the person's browser, paired already. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import open from 'open';
import type { Logger } from 'pino';

/**
 * The launch ticket must not show in a process list, so the browser is given a file that only this person can
 * read, and the file leads on to the address with the ticket in its fragment, which no server and no log sees.
 *
 * @param ticket Good for one use.
 */
export async function openWorkbench(
  origin: string,
  ticket: string,
  home: string,
  logger: Logger,
): Promise<void> {
  if (!hasDisplay()) return;
  const path = join(home, 'open-workbench.html');
  const address = `${origin}/#launch=${ticket}`;
  const page = `<!doctype html><meta charset="utf-8"><title>Cutline</title><script>location.replace(${JSON.stringify(address)})</script>`;
  try {
    await writeFile(path, page, { mode: 0o600 });
    await open(pathToFileURL(path).href);
  } catch (err) {
    logger.warn({ err }, 'the browser could not be opened');
  }
}

/** On Linux a machine without a display has no browser to open; elsewhere there always is one. */
function hasDisplay(): boolean {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);
}
