/** Opens the workbench in the person's browser, paired already. */
import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import open from 'open';
import type { Logger } from 'pino';

/** Long enough for a browser that has to start first. */
const FILE_LIFETIME_MS = 60_000;

/**
 * The launch ticket must not show in a process list, so the browser is given a file that only this person can read, and
 * the file leads on to the address with the ticket in its fragment, which no server and no log sees. The file lies in
 * the home folder itself, since browsers that are packaged as snaps see no hidden folders and no /tmp.
 *
 * @param ticket Good for one use.
 * @param signal Aborted when the sidecar stops; the file goes then at the latest.
 */
export async function openWorkbench(
  origin: string,
  ticket: string,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  if (!hasDisplay()) return;
  const path = join(homedir(), `cutline-workbench-${randomUUID()}.html`);
  const address = JSON.stringify(`${origin}/#launch=${ticket}`);
  const page = `<!doctype html><meta charset="utf-8"><title>Cutline</title><script>location.replace(${address})</script>`;
  try {
    await writeFile(path, page, { mode: 0o600 });
    await open(pathToFileURL(path).href);
    await delay(FILE_LIFETIME_MS, undefined, { signal, ref: false }).catch(() => undefined);
  } catch (err) {
    logger.warn({ err }, 'the browser could not be opened');
  } finally {
    await rm(path, { force: true });
  }
}

/** On Linux a machine without a display has no browser to open; elsewhere there always is one. */
function hasDisplay(): boolean {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);
}
