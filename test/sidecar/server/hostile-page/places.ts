/** Where an attack can run: documents and workers of several kinds, as far as Chromium tells them apart by Origin. */
import type { Frame, Page } from 'playwright-core';
import { tryElements } from './elements.js';
import { REBOUND } from './strangers.js';
import type { Strangers } from './strangers.js';
import { tryRequests, trySockets } from './ways.js';
import type { Attempt, Target } from './ways.js';

const WAYS = { trySockets, tryRequests, tryElements };
type Way = keyof typeof WAYS;

/**
 * What the sidecar can know of a place: a foreign origin, none at all, or the sidecar's own under a name that is not
 * the sidecar's.
 */
type Standing = 'foreign' | 'null' | 'rebound';

export interface Place {
  readonly name: string;
  readonly standing: Standing;
  /** Workers have no elements. */
  readonly ways: readonly Way[];
  open(page: Page, site: Site): Promise<(way: Way, target: Target) => Promise<Attempt[]>>;
}

export interface Site {
  readonly strangers: Strangers;
  readonly sidecarPort: number;
}

const EVERYTHING: readonly Way[] = ['trySockets', 'tryRequests', 'tryElements'];
const IN_WORKERS: readonly Way[] = ['trySockets', 'tryRequests'];
const BLANK = '<!doctype html><body></body>';

export const PLACES: readonly Place[] = [
  { name: 'a page', standing: 'foreign', ways: EVERYTHING, open: async (page) => inFrame(page.mainFrame()) },
  framed('a frame of its own making', 'foreign', `srcdoc="${BLANK}"`),
  framed('a sandboxed frame', 'null', `sandbox="allow-scripts allow-forms" srcdoc="${BLANK}"`),
  framed('a data: document', 'null', `src="data:text/html,${BLANK}"`),
  {
    name: 'a blob: document',
    standing: 'foreign',
    ways: EVERYTHING,
    async open(page) {
      await page.evaluate((html) => {
        const frame = document.createElement('iframe');
        frame.src = URL.createObjectURL(new Blob([html], { type: 'text/html' }));
        document.body.append(frame);
        return new Promise((resolve) => (frame.onload = resolve));
      }, BLANK);
      return inFrame(page.frames()[1]!);
    },
  },
  inWorker('a dedicated worker', 'foreign', 'dedicated'),
  inWorker('a shared worker', 'foreign', 'shared'),
  inWorker('a service worker', 'foreign', 'service'),
  inWorker('a data: worker', 'null', 'data'),
  {
    name: 'a page under a rebound name',
    standing: 'rebound',
    ways: EVERYTHING,
    async open(page, { sidecarPort }) {
      // Stands for what the attacker's server sent while the name was still its own; only the address counts.
      await page.goto(`http://${REBOUND}:${sidecarPort}/`);
      return inFrame(page.mainFrame());
    },
  },
];

/** Runs every way from one place. */
export async function attackFrom(
  place: Place,
  { page, site, target }: { page: Page; site: Site; target: () => Promise<Target> },
): Promise<Attempt[]> {
  await page.goto(site.strangers.page);
  const run = await place.open(page, site);
  const attempts: Attempt[] = [];
  for (const way of place.ways) attempts.push(...(await run(way, await target())));
  return attempts;
}

function inFrame(frame: Frame) {
  return (way: Way, target: Target): Promise<Attempt[]> => frame.evaluate(WAYS[way], target);
}

function framed(name: string, standing: Standing, attributes: string): Place {
  return {
    ...{ name, standing, ways: EVERYTHING },
    async open(page) {
      await page.setContent(`<iframe ${attributes}></iframe>`);
      return inFrame(page.frames()[1]!);
    },
  };
}

function inWorker(
  name: string,
  standing: Standing,
  kind: 'dedicated' | 'shared' | 'service' | 'data',
): Place {
  return {
    ...{ name, standing, ways: IN_WORKERS },
    async open(page) {
      await page.evaluate(startWorker, kind);
      return (way, target) => page.evaluate(askWorker, { way, target });
    },
  };
}

type Asks = typeof globalThis & { attacker: { postMessage(message: unknown, ports: MessagePort[]): void } };

/** Runs in the page. */
async function startWorker(kind: 'dedicated' | 'shared' | 'service' | 'data'): Promise<void> {
  const start = {
    dedicated: async () => new Worker('/worker.js'),
    data: async () => {
      const script = await (await fetch('/worker.js')).text();
      return new Worker(`data:text/javascript,${encodeURIComponent(script)}`);
    },
    shared: async () => new SharedWorker('/worker.js').port,
    service: async () => {
      await navigator.serviceWorker.register('/worker.js');
      return (await navigator.serviceWorker.ready).active!;
    },
  };
  (globalThis as Asks).attacker = await start[kind]();
}

/** Runs in the page. */
function askWorker(question: { way: Way; target: Target }): Promise<Attempt[]> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data);
    (globalThis as Asks).attacker.postMessage(question, [port2]);
  });
}
