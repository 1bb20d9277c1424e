import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

const PLACES = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const executablePath = PLACES.find((path) => path !== undefined && existsSync(path));

/** Whether a browser was found; says aloud when not, since what needs one is then skipped. */
export function hasChromium(what: string): boolean {
  if (!executablePath)
    console.warn(`SKIPPED: ${what}, since no Chromium was found; set CHROMIUM_PATH to run them.`);
  return executablePath !== undefined;
}

export function launchChromium(...flags: string[]): Promise<Browser> {
  // Tests may run as root, where Chromium's own sandbox will not start.
  return chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox', ...flags] });
}
