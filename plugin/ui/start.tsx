/** Puts everything together in a page; the two entry points differ only in their host. */
import '@create-figma-plugin/ui/css/base.css';
import './theme.css';
import './app.css';
import { render } from 'preact';
import { App } from './app.js';
import { createCommands } from './commands.js';
import { keepConnected } from './connection.js';
import { Controller } from './controller.js';
import { queryLoopbackPermission } from './discovery.js';
import type { Host } from './host.js';
import { decodePixels } from './pixels.js';
import { dialSidecar } from './socket-client.js';
import { INITIAL_STATE } from './state.js';
import { Store } from './store.js';

/** Shows the interface and starts looking for images and for the sidecar. */
export function startApp(host: Host, root: Element): void {
  const store = new Store(INITIAL_STATE);
  // Tells this window's questions from another one's; randomUUID is missing in insecure contexts.
  const view = Math.random().toString(36).slice(2);
  const controller = new Controller({ store, host, decodePixels, hashBytes, view });
  const connection = keepConnected(
    {
      host,
      clientVersion: __VERSION__,
      fetch: (url, init) => fetch(url, init),
      userAgent: navigator.userAgent,
      loopbackPermission: queryLoopbackPermission,
      dial: dialSidecar,
      wait,
    },
    (link, sidecar) => controller.linkChanged(link, sidecar),
  );
  const commands = createCommands(store, controller, host);
  void controller.restoreSettings();
  host.onOffer((offer) => void controller.offer(offer));
  render(<App store={store} host={host} commands={commands} connection={connection} />, root);
}

/** The image's id, so that a sidecar that knows it need not be sent it. Needs a secure context. */
async function hashBytes(bytes: Uint8Array): Promise<string | undefined> {
  const { subtle } = crypto as { subtle?: SubtleCrypto };
  if (!subtle) return undefined;
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes as BufferSource));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
